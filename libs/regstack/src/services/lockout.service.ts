import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock, secondsUntil } from '../kernel/clock';
import type { EmailAddress } from '../kernel/email-address';
import { AccountError } from '../kernel/errors';
import { BudgetRepository } from '../ports/budget.repository';
import { KeyRing } from './key-ring';

/** One attempt that was counted before it was made. */
export interface LoginAttempt {
  /** No further attempt is left in this window. */
  readonly isLast: boolean;
  /** Takes the count back: the attempt never happened (an outage), or the password was right. */
  refund(): Promise<void>;
  /** Somebody signed in: the address is free again, once a burst that it was part of is over. */
  clear(): Promise<void>;
}

const UNCOUNTED: LoginAttempt = { isLast: false, refund: async () => {}, clear: async () => {} };

/**
 * Limits guesses at passwords: per address, known and unknown alike (R22), counted before the password is looked at, so that
 * parallel guesses cannot pass together (W08). Keys are HMACs of the address, never the address.
 */
@Injectable()
export class LockoutService {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly config: RegStackConfig,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one attempt to sign in to this address.
   * @throws AccountError `login.locked` with the true time until the window ends
   */
  async reserve(email: EmailAddress): Promise<LoginAttempt> {
    const {
      rateLimitDisabled,
      loginLockoutThreshold: limit,
      loginLockoutWindowSeconds: window,
    } = this.config;
    if (rateLimitDisabled) return UNCOUNTED;
    const key = `login:${this.hmac(email)}`;
    const now = this.clock.now();
    const reservation = await this.budgets.reserve(key, limit, window, now);
    if (!reservation.granted) {
      throw new AccountError('login.locked', { retryAfterSeconds: secondsUntil(reservation.until, now) });
    }
    return {
      isLast: reservation.remaining === 0,
      refund: () => this.budgets.refund(key, reservation.openedAt),
      clear: () => this.budgets.release(key, this.clock.now()),
    };
  }

  private hmac(email: EmailAddress): string {
    return createHmac('sha256', this.keys.current('budget').key).update(email).digest('base64url');
  }
}
