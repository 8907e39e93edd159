import { Injectable } from '@nestjs/common';
import { Clock, secondsUntil } from '../kernel/clock';
import { AccountError } from '../kernel/errors';
import type { By } from '../kernel/origin';
import { BudgetRepository } from '../ports/budget.repository';
import { BudgetKeys } from './budget-keys';
import { refundIfThrown } from './buckets';
import { housekeeping } from './housekeeping';
import { SecurityLog } from './security-log';

/** Wrong codes of an account in an hour, over every sign-in, enrolment and proof of it (R43). */
const [LIMIT, SECONDS] = [10, 3600];

/** A guess at a code of a second factor. */
export interface CodeGuess {
  readonly userId: string;
  /** What it is for. */
  readonly purpose: 'sign_in' | 'proof' | 'phone_setup' | 'totp_setup';
  readonly by: By;
}

/**
 * Limits wrong codes of second factors per account. Neither a right password nor a reset makes room, only time does; and
 * `rate_limit_disabled` does not lift it.
 */
@Injectable()
export class MfaLimits {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly keys: BudgetKeys,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Counts a guess, has it compared, and takes it back when it was right, or could not be made.
   *
   * @param compare what the code proves; null for a wrong one
   * @throws AccountError `mfa.locked` with the true time until the window ends, and nothing is compared; `mfa.code_wrong`; what `compare`
   *   throws
   */
  async guess<T>(guess: CodeGuess, compare: () => Promise<T | null>): Promise<T> {
    const refund = await this.reserve(guess);
    const proved = await refundIfThrown({ refund }, compare);
    if (proved === null) return this.refuse(guess);
    await housekeeping('a right code', refund());
    return proved;
  }

  /** @throws AccountError `mfa.locked` where no guess would be looked at, so that no code need be sent */
  async checkLeft(guess: CodeGuess): Promise<void> {
    if (!(await this.isSpent(guess.userId))) return;
    const refund = await this.reserve(guess);
    await refund();
  }

  /** True while no guess would be looked at. */
  isSpent(userId: string): Promise<boolean> {
    return this.budgets.isSpent(this.keyOf(userId), LIMIT, this.clock.now());
  }

  private async reserve({ userId, purpose, by }: CodeGuess): Promise<() => Promise<void>> {
    const key = this.keyOf(userId);
    const reservation = await this.budgets.reserve(key, LIMIT, SECONDS, this.clock.now());
    if (reservation.granted) return () => this.budgets.refund(key, reservation.openedAt);
    this.log.note('mfa.limited', by, { target: userId, result: 'refused', reason: purpose });
    const retryAfterSeconds = secondsUntil(reservation.until, this.clock.now());
    throw new AccountError('mfa.locked', { retryAfterSeconds });
  }

  private refuse({ userId, purpose, by }: CodeGuess): never {
    this.log.note('mfa.refused', by, { target: userId, result: 'refused', reason: purpose });
    throw new AccountError('mfa.code_wrong', { fields: [{ field: 'code', message: 'is not the code' }] });
  }

  private keyOf(userId: string): string {
    return this.keys.of('mfa', userId);
  }
}
