import { Injectable } from '@nestjs/common';
import { UserDeletedEvent } from '../kernel/account-events';
import type { By } from '../kernel/origin';
import type { RegStackUser } from '../kernel/regstack-user';
import { AccountRepository } from '../ports/account.repository';
import type { UserRecord } from '../ports/user.repository';
import { HookRunner } from './hook-runner';
import { refuseLastAdmin } from './last-admin';
import { OutboxService } from './outbox.service';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';

/** Deletion of accounts (P6, R40), by their owners and by admins alike. */
@Injectable()
export class AccountRemovalService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly hooks: HookRunner,
    private readonly notices: SecurityNotices,
    private readonly outbox: OutboxService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Deletes a user with every row about them; last mails tell the address, and the one that could have taken the account back.
   *
   * @param expectedEpoch of the password that was proved; null: whatever has changed
   * @returns the user as it was; null when there is none of that epoch
   * @throws AccountError `hook.refused`, `account.last_admin`
   */
  async remove(user: UserRecord, expectedEpoch: number | null, by: By): Promise<RegStackUser | null> {
    const { id } = user;
    const { actor, origin } = by;
    await this.hooks.beforeDelete({ user: publicUser(user), by: actor, ip: origin.ip }, origin);
    const last = await this.notices.accountDeleted(id, by);
    if (!last) return null;
    const removed = await this.accounts.remove(id, { expectedEpoch, ...last });
    if (removed === null) return null;
    if (removed === 'last_admin') return refuseLastAdmin(this.log, id, by);
    this.outbox.wake();
    this.log.record(new UserDeletedEvent(publicUser(removed)), by);
    return publicUser(removed);
  }
}
