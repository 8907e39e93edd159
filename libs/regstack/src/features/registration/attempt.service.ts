import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { addSeconds, Clock } from '../../kernel/clock';
import type { EmailAddress } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
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
   * mail tells the owner that there is an account already. With the mails of this address spent nothing is stored.
   */
  async begin(accepted: AcceptedRegistration): Promise<PendingVerification> {
    const { email } = accepted;
    const createdAt = this.clock.now();
    const expiresAt = addSeconds(createdAt, this.config.verificationTokenTtlSeconds);
    if (!(await this.limits.reserve('verification', email))) return { email, expiresAt };
    const attempt = { ...accepted, id: newId(createdAt), userId: newId(createdAt), createdAt, expiresAt };
    const link = this.links.mint({ kind: 'registration', subjectId: attempt.id, expiresAt });
    const taken = await this.users.isTaken(email, createdAt);
    const mail = taken ? await this.mails.addressTaken(email) : await this.mails.verification(email, link);
    await this.attempts.add(attempt, link.challenge, mail);
    this.mails.wake();
    return { email, expiresAt };
  }
}
