import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserRegisteredEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { canonicalEmail } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import { newId } from '../../kernel/ids';
import type { RegStackUser } from '../../kernel/regstack-user';
import { EventPublisher } from '../../ports/event.publisher';
import { EmailTakenError, UserRepository } from '../../ports/user.repository';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { type AcceptedRegistration, AttemptService, type PendingVerification } from './attempt.service';

/** What somebody typed to register. */
export interface Registration {
  readonly email: string;
  readonly password: string;
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
    private readonly attempts: AttemptService,
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
    return this.config.requireVerification ? this.attempts.begin(accepted) : this.create(accepted);
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
