import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent, UserVerifiedEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import type { RegStackUser } from '../../kernel/regstack-user';
import { hashToken, looksLikeToken } from '../../kernel/secret-token';
import { type Challenge, ChallengeRepository } from '../../ports/challenge.repository';
import { EventPublisher } from '../../ports/event.publisher';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { publicUser } from '../../services/public-user';

/** Proof of an address by the link that was mailed to it. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly clock: Clock,
    private readonly challenges: ChallengeRepository,
    private readonly attempts: PendingRegistrationRepository,
    private readonly events: EventPublisher,
  ) {}

  /** True while the link can be used. Changes nothing. */
  async isLive(token: string): Promise<boolean> {
    return (await this.find(token)) !== null;
  }

  /**
   * Uses the link: the attempt that it was mailed for becomes a user, with the password typed in that attempt.
   * Looking the link up decides nothing; storing the user under the id of the attempt does, exactly once (P3).
   *
   * @throws AccountError `token.invalid` for a link that is unknown, expired, used or beaten by another attempt: one answer
   */
  async verify(token: string): Promise<RegStackUser> {
    const challenge = await this.find(token);
    const record = challenge && (await this.attempts.activate(challenge.subjectId, this.clock.now()));
    if (!record) throw new AccountError('token.invalid');
    const user = publicUser(record);
    this.events.publish(new UserRegisteredEvent(user));
    this.events.publish(new UserVerifiedEvent(user));
    return user;
  }

  private async find(token: string): Promise<Challenge | null> {
    if (!looksLikeToken(token)) return null;
    return this.challenges.findLive('registration', hashToken(token), this.clock.now());
  }
}
