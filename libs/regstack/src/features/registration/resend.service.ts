import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import type { Origin } from '../../kernel/origin';
import { type LiveAttempt, PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { UserRepository } from '../../ports/user.repository';
import { MailLimits } from '../../services/mail-limits.service';
import { SecurityLog } from '../../services/security-log';
import { VerificationLinks } from '../../services/verification-links';
import { RegistrationMails } from './registration.mails';

/** Another verification mail. */
@Injectable()
export class ResendService {
  constructor(
    private readonly clock: Clock,
    private readonly limits: MailLimits,
    private readonly users: UserRepository,
    private readonly attempts: PendingRegistrationRepository,
    private readonly accountLinks: VerificationLinks,
    private readonly mails: RegistrationMails,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Mails a new link to an address that waits for its proof, in place of the older one. Whatever the address, the same is read,
   * made and written; where nothing waits, the link is a decoy (R14).
   *
   * @throws AccountError `email.invalid`
   */
  async resend(typedEmail: string, origin: Origin): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (!(await this.limits.reserve('verification', email))) return;
    const [user, attempts] = await Promise.all([
      this.users.findForLogin(email),
      this.attempts.findLive(email, 2, this.clock.now()),
    ]);
    const waits = user?.isActive && !user.isVerified;
    if (user) await this.accountLinks.mail(email, waits ? user : null);
    else await this.mailForAttempts(email, attempts);
    this.log.note('verification.requested', { actor: null, origin }, { target: user?.id ?? null });
  }

  private async mailForAttempts(email: EmailAddress, [one, another]: readonly LiveAttempt[]): Promise<void> {
    // Of several, one may be somebody else's: the link proves the mailbox only, and whoever reads it chooses the password (P11).
    if (another)
      return this.mails.mailLink('registration-mailbox', email, { kind: 'mailbox', subjectId: email, email });
    await this.mails.mailLink('registration-verify', email, {
      kind: 'registration',
      subjectId: one?.id ?? { decoyFor: email },
      // The attempt may end before its newest link would.
      ...(one && { notAfter: one.expiresAt }),
    });
  }
}
