import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserPasswordResetCompletedEvent, UserVerifiedEvent } from '../../kernel/account-events';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { CredentialsService } from '../../services/credentials.service';
import { housekeeping } from '../../services/housekeeping';
import { LockoutService } from '../../services/lockout.service';
import { MailedLinks } from '../../services/mailed-links';
import { PasswordService } from '../../services/password.service';
import { refuseLink } from '../../services/refused-links';
import { SecurityLog } from '../../services/security-log';
import { SecurityNotices } from '../../services/security-notices';

/** A new password for whoever reads the account's mail. */
@Injectable()
export class PasswordResetService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: MailedLinks,
    private readonly passwords: PasswordService,
    private readonly notices: SecurityNotices,
    private readonly credentials: CredentialsService,
    private readonly lockout: LockoutService,
    private readonly log: SecurityLog,
  ) {}

  /** True while the link can be used. Changes nothing. */
  async isLive(token: string): Promise<boolean> {
    return (await this.links.findOwned('password-reset', token)) !== null;
  }

  /**
   * Sets the password: one change of credentials, which is the single use of the link (P1). It is a proof of the mailbox too (P10).
   * Signs nobody in and skips no second factor (R31). A link that is dead never reaches the hash.
   *
   * @throws AccountError `feature.disabled`, `token.invalid`; `password.*`, which leaves the link as it is
   */
  async reset(token: string, newPassword: string, origin: Origin): Promise<void> {
    if (!this.config.enablePasswordReset) throw new AccountError('feature.disabled');
    const found = await this.links.findOwned('password-reset', token);
    if (!found) return refuseLink(this.log, 'password_reset', origin);
    const { user } = found;
    const passwordHash = await this.passwords.hashNew(newPassword, user, 'new_password');
    const by = { actor: user.id, origin };
    const notice = await this.notices.passwordChanged(user, by);
    const changed = await this.credentials.change(user, { passwordHash, isVerified: true }, [notice]);
    if (!changed) return refuseLink(this.log, 'password_reset', origin);
    await housekeeping('a reset of the password', this.lockout.forgive(user.email));
    this.log.record(new UserPasswordResetCompletedEvent(changed), by);
    if (!user.isVerified) this.log.record(new UserVerifiedEvent(changed), by);
  }
}
