import { Injectable } from '@nestjs/common';
import { UserPasswordChangedEvent } from '../../kernel/account-events';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { CredentialsService } from '../../services/credentials.service';
import { CurrentPassword } from '../../services/current-password';
import { PasswordService } from '../../services/password.service';
import { SecurityLog } from '../../services/security-log';
import { SecurityNotices } from '../../services/security-notices';
import type { Authentication } from '../../services/session-authenticator';

/** What somebody signed in does with the password that they have. */
@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly passwords: PasswordService,
    private readonly notices: SecurityNotices,
    private readonly credentials: CredentialsService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Changes the password; every session of the user ends, this one too.
   *
   * @throws AccountError `password.wrong_current`, `login.locked`, `password.same`, `password.*`; `session.required` when the
   *   credentials were changed at the same moment
   */
  async change(caller: Authentication, current: string, next: string, origin: Origin): Promise<void> {
    // The cheap rules first: who breaks them has not guessed at anything.
    this.passwords.checkNew(next, caller.user, 'new_password');
    const user = await this.currentPassword.prove(caller, current, origin);
    if (next.normalize('NFC') === current.normalize('NFC')) {
      const message = 'must be another password than the current one';
      throw new AccountError('password.same', { fields: [{ field: 'new_password', message }] });
    }
    const passwordHash = await this.passwords.hashNew(next, user, 'new_password');
    const by = { actor: user.id, origin };
    const notice = await this.notices.passwordChanged(user, by);
    const changed = await this.credentials.change(user, { passwordHash }, [notice]);
    if (!changed) throw new AccountError('session.required');
    this.log.record(new UserPasswordChangedEvent(changed), by);
  }
}
