import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { By } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import type { AccountChanges } from '../../ports/account.repository';
import { type UserRecord, UserRepository } from '../../ports/user.repository';
import { AccountChangeService } from '../../services/account-change.service';
import { AccountRemovalService } from '../../services/account-removal.service';
import { AttributeSchema } from '../../services/attribute.schema';
import { findUser } from '../../services/find-user';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';
import { SessionsService } from '../../services/sessions.service';
import { VerificationLinks } from '../../services/verification-links';

/** What an admin may change of an account. Nobody sets somebody else's password, or learns it (R71). */
export type UserChange = Omit<AccountChanges, 'endSessions'>;

/** What admins do to one account. Each throws AccountError `account.not_found` when there is none with this id. */
@Injectable()
export class AdminUsersService {
  constructor(
    private readonly users: UserRepository,
    private readonly schema: AttributeSchema,
    private readonly changes: AccountChangeService,
    private readonly removal: AccountRemovalService,
    private readonly sessions: SessionsService,
    private readonly links: VerificationLinks,
    private readonly log: SecurityLog,
  ) {}

  async get(id: string): Promise<RegStackUser> {
    return publicUser(await this.find(id));
  }

  /**
   * Changes an account: effective on its next request.
   * @throws AccountError `account.last_admin`, `request.invalid` for attributes
   */
  async change(id: string, change: UserChange, by: By): Promise<RegStackUser> {
    const user = await this.find(id);
    if (change.attributes) await this.schema.check(change.attributes, 'admin', user.attributes);
    return found(await this.changes.change(id, change, by));
  }

  /** @throws AccountError `account.last_admin`, `hook.refused` */
  async remove(id: string, by: By): Promise<void> {
    found(await this.removal.remove(await this.find(id), null, by));
  }

  /** Ends every session of the user, and every link that was mailed. */
  async revokeSessions(id: string, by: By): Promise<void> {
    const { id: userId } = await this.find(id);
    await this.sessions.endAll(userId, by);
  }

  /**
   * Mails another link that proves the address. The limits for what strangers can cause do not count it.
   * @throws AccountError `account.already_verified`
   */
  async resendVerification(id: string, by: By): Promise<void> {
    const user = await this.find(id);
    if (user.isVerified) throw new AccountError('account.already_verified');
    await this.links.mail(user.email, user.isActive ? user : null);
    this.log.note('verification.requested', by, { target: id });
  }

  private async find(id: string): Promise<UserRecord> {
    return found(await findUser(this.users, id));
  }
}

function found<T>(one: T | null): T {
  if (one === null) throw new AccountError('account.not_found');
  return one;
}
