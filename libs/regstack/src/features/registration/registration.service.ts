import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserRegisteredEvent } from '../../kernel/account-events';
import { addSeconds, Clock } from '../../kernel/clock';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import { newId } from '../../kernel/ids';
import type { RegStackUser } from '../../kernel/regstack-user';
import { EventPublisher } from '../../ports/event.publisher';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { EmailTakenError, UserRepository } from '../../ports/user.repository';
import { MailedLinks } from '../../services/mailed-links';
import { MailLimits } from '../../services/mail-limits.service';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { RegistrationMails } from './registration.mails';

/** What somebody typed to register. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly fullName: string | null;
}

/** The answer while the address waits for its proof: the same for a free and for a taken address. */
export interface PendingVerification {
  readonly email: EmailAddress;
  readonly expiresAt: Date;
}

interface AcceptedRegistration {
  readonly email: EmailAddress;
  readonly passwordHash: string;
  readonly fullName: string | null;
}

/** Registration of strangers: until the address is proved there is only an attempt, not a user. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly passwords: PasswordService,
    private readonly users: UserRepository,
    private readonly attempts: PendingRegistrationRepository,
    private readonly links: MailedLinks,
    private readonly limits: MailLimits,
    private readonly mails: RegistrationMails,
    private readonly events: EventPublisher,
  ) {}

  /**
   * Registers. With verification on, neither the answer nor its time tells whether the address has an account: a taken one costs
   * the same hash and the same writes (R23, W16).
   *
   * @returns what waits for its proof, or the new user where no proof is required
   * @throws AccountError `registration.closed`, `email.invalid`, `password.*`; `registration.email_taken` with verification off
   */
  async register({
    email: typed,
    password,
    fullName,
  }: Registration): Promise<PendingVerification | RegStackUser> {
    if (!this.config.allowRegistration) throw new AccountError('registration.closed');
    const email = canonicalEmail(typed);
    const passwordHash = await this.passwords.hashNew(password, { email, fullName });
    const accepted = { email, passwordHash, fullName };
    return this.config.requireVerification ? this.awaitProof(accepted) : this.create(accepted);
  }

  /**
   * Stores the attempt with its mail. For a taken address both are decoys: nobody ever sees the token of the attempt, and the
   * mail tells the owner that there is an account already. With the mails of this address spent nothing is stored.
   */
  private async awaitProof(accepted: AcceptedRegistration): Promise<PendingVerification> {
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

  private async create(accepted: AcceptedRegistration): Promise<RegStackUser> {
    const createdAt = this.clock.now();
    try {
      const record = await this.users.create({
        ...accepted,
        id: newId(createdAt),
        isVerified: false,
        createdAt,
      });
      const user = publicUser(record);
      this.events.publish(new UserRegisteredEvent(user));
      return user;
    } catch (error) {
      throw error instanceof EmailTakenError
        ? new AccountError('registration.email_taken', { cause: error })
        : error;
    }
  }
}
