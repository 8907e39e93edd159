import { Injectable } from '@nestjs/common';
import { UserPasswordChangedEvent } from '../kernel/account-events';
import type { By } from '../kernel/origin';
import type { RegStackUser } from '../kernel/regstack-user';
import { UserRepository } from '../ports/user.repository';
import { CredentialsService } from './credentials.service';
import { findUser } from './find-user';
import { PasswordService } from './password.service';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';

/** Passwords that somebody other than their owner sets: the code of the host. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordService,
    private readonly credentials: CredentialsService,
    private readonly notices: SecurityNotices,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Sets the password, ends every session and tells the user by mail. Null when the user is unknown, disabled, or was changed at the
   * same moment.
   * @throws AccountError `password.*` when the policy refuses it
   */
  async set(id: string, password: string, by: By): Promise<RegStackUser | null> {
    const user = await findUser(this.users, id);
    if (!user) return null;
    const passwordHash = await this.passwords.hashNew(password, user);
    const notice = await this.notices.passwordChanged(user, by);
    const changed = await this.credentials.change(user, { passwordHash }, [notice]);
    if (changed) this.log.record(new UserPasswordChangedEvent(changed), by);
    return changed;
  }
}
