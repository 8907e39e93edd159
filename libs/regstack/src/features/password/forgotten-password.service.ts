import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserPasswordResetRequestedEvent } from '../../kernel/account-events';
import { canonicalEmail } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { type UserRecord, UserRepository } from '../../ports/user.repository';
import { MailLimits } from '../../services/mail-limits.service';
import { publicUser } from '../../services/public-user';
import { ResetLinks } from '../../services/reset-links';
import { SecurityLog } from '../../services/security-log';

/** The link for somebody who has forgotten the password. */
@Injectable()
export class ForgottenPasswordService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly limits: MailLimits,
    private readonly users: UserRepository,
    private readonly resetLinks: ResetLinks,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Mails a link. Whatever the address, the same is read, made and written (W14, R14); asking changes nothing in the account (R32).
   * @throws AccountError `feature.disabled`, `email.invalid`
   */
  async request(typedEmail: string, origin: Origin): Promise<void> {
    if (!this.config.enablePasswordReset) throw new AccountError('feature.disabled');
    const email = canonicalEmail(typedEmail);
    if (!(await this.limits.reserve('password-reset', email))) return;
    const user = await this.users.findForLogin(email);
    const owner = user?.isActive ? user : null;
    await this.resetLinks.mail('password-reset', email, owner);
    this.tell(owner, origin);
  }

  /** The host hears of accounts only; the log has a line for every request, whoever's it is. */
  private tell(owner: UserRecord | null, origin: Origin): void {
    const by = { actor: null, origin };
    if (owner) this.log.record(new UserPasswordResetRequestedEvent(publicUser(owner)), by);
    else this.log.note('user.password_reset_requested', by, { result: 'refused', reason: 'no_account' });
  }
}
