import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { addSeconds, Clock } from '../../kernel/clock';
import type { EmailAddress } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
import type { UserAttributes } from '../../kernel/regstack-user';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { UserRepository } from '../../ports/user.repository';
import { MailedLinks } from '../../services/mailed-links';
import { MailLimits } from '../../services/mail-limits.service';
import { RegistrationMails } from './registration.mails';

/** What may be registered: address and password have passed. */
export interface AcceptedRegistration {
  readonly email: EmailAddress;
  readonly passwordHash: string;
  readonly fullName: string | null;
  readonly attributes: UserAttributes;
}

/** The answer while the address waits for its proof: the same for a free and for a taken address. */
export interface PendingVerification {
  readonly email: EmailAddress;
  readonly expiresAt: Date;
}

/** Attempts to register, each with the link that proves its address. */
@Injectable()
export class AttemptService {
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
   * Stores the attempt with its mail. For a taken address both are decoys: nobody ever sees the token of the attempt, and the
   * mail tells the owner that there is an account already.
   *
   * With the mails of this address spent it is stored without one: were it not, whoever spent them would have the only attempt, and a
   * link on request would activate a password that somebody else typed. Beside two it changes nothing any more (P11).
   */
  async begin(accepted: AcceptedRegistration): Promise<PendingVerification> {
    const { email } = accepted;
    const createdAt = this.clock.now();
    const expiresAt = addSeconds(createdAt, this.config.verificationTokenTtlSeconds);
    const isMailed = await this.limits.reserve('verification', email);
    if (!isMailed && (await this.attempts.findLive(email, 2, createdAt)).length > 1)
      return { email, expiresAt };
    const attempt = { ...accepted, id: newId(createdAt), userId: newId(createdAt), createdAt, expiresAt };
    const link = this.links.mint({ kind: 'registration', subjectId: attempt.id, expiresAt });
    const taken = await this.users.isTaken(email, createdAt);
    // A mail for a challenge that is nowhere is never sent.
    const { challengeId } = isMailed ? link : { challengeId: newId(createdAt) };
    const mail =
      taken && isMailed
        ? await this.mails.addressTaken(email)
        : await this.mails.verification(email, { ...link, challengeId });
    await this.attempts.add(attempt, link.challenge, mail);
    this.mails.wake();
    return { email, expiresAt };
  }
}
