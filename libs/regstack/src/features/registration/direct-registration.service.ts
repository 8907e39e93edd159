import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import { newId } from '../../kernel/ids';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import { EmailTakenError, UserRepository } from '../../ports/user.repository';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';
import type { AcceptedRegistration } from './attempt.service';

/** Registration where no proof of the address is asked for. */
@Injectable()
export class DirectRegistrationService {
  constructor(
    private readonly clock: Clock,
    private readonly users: UserRepository,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Makes the user at once.
   * @throws AccountError `registration.email_taken`
   */
  async create(accepted: AcceptedRegistration, origin: Origin): Promise<RegStackUser> {
    const createdAt = this.clock.now();
    const marks = { id: newId(createdAt), isVerified: false, isSuperuser: false, createdAt };
    try {
      const user = publicUser(await this.users.create({ ...accepted, ...marks }));
      this.log.record(new UserRegisteredEvent(user), { actor: user.id, origin });
      return user;
    } catch (error) {
      throw error instanceof EmailTakenError
        ? new AccountError('registration.email_taken', { cause: error })
        : error;
    }
  }
}
