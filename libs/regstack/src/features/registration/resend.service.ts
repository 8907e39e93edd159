import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { Clock } from '../../kernel/clock';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import { type LiveAttempt, PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { type UserRecord, UserRepository } from '../../ports/user.repository';
import { type LinkSubject, MailedLinks } from '../../services/mailed-links';
import { MailLimits } from '../../services/mail-limits.service';
import { RegistrationMails } from './registration.mails';

/** Another verification mail. */
@Injectable()
export class ResendService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly limits: MailLimits,
    private readonly users: UserRepository,
    private readonly attempts: PendingRegistrationRepository,
    private readonly links: MailedLinks,
    private readonly mails: RegistrationMails,
  ) {}

  /**
   * Mails a new link to an address that waits for its proof, in place of the older one. Whatever the address, the same is read,
   * made and written; where nothing waits, the link is a decoy (R14).
   *
   * @throws AccountError `email.invalid`
   */
  async resend(typedEmail: string): Promise<void> {
    const email = canonicalEmail(typedEmail);
    if (!(await this.limits.reserve('verification', email))) return;
    const [user, attempts] = await Promise.all([
      this.users.findForLogin(email),
      this.attempts.findLive(email, 2, this.clock.now()),
    ]);
    const { mail, ...subject } = this.proofFor(email, user, attempts);
    const link = this.links.mint(subject);
    await this.links.issue(link, await this.mails.verification(email, link, mail));
  }

  /** What a link to this address may prove. */
  private proofFor(email: EmailAddress, user: UserRecord | null, [attempt, another]: readonly LiveAttempt[]) {
    const expiresAt = this.links.expiry(this.config.verificationTokenTtlSeconds);
    if (user) {
      const waits = user.isActive && !user.isVerified;
      const subjectId = waits ? user.id : { decoyFor: email };
      const { authEpoch } = user;
      return { mail: 'account-verify', kind: 'verification', subjectId, authEpoch, expiresAt } as const;
    }
    // Of several, one may be somebody else's: the link proves the mailbox only, and whoever reads it chooses the password (P11).
    if (another)
      return { mail: 'registration-mailbox', kind: 'mailbox', subjectId: email, email, expiresAt } as const;
    // The attempt may end before its newest link would.
    const end = attempt && attempt.expiresAt < expiresAt ? attempt.expiresAt : expiresAt;
    const of = {
      kind: 'registration',
      subjectId: attempt?.id ?? { decoyFor: email },
      expiresAt: end,
    } as const satisfies LinkSubject;
    return { mail: 'registration-verify', ...of } as const;
  }
}
