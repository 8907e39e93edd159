import { Injectable } from '@nestjs/common';
import { addSeconds, Clock, secondsUntil } from '../kernel/clock';
import { BudgetRepository } from '../ports/budget.repository';

/** What became of a request that was counted. */
export interface CountedRequest {
  readonly isRefused: boolean;
  /** Requests that are left in this window; 0 after a refusal. */
  readonly remaining: number;
  /** Whole seconds until the window ends, never too few: the true `Retry-After`. */
  readonly secondsLeft: number;
}

/**
 * Limits requests, whatever becomes of them: nothing gives a count back or clears it, no success either (R21). Exact under parallel
 * requests in any number of processes, because counting and deciding are one write.
 */
@Injectable()
export class RequestLimits {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one request. A refused one takes no room.
   * @param key of `BudgetKeys`
   * @throws AccountError `service.unavailable`
   */
  async count(key: string, limit: number, windowSeconds: number): Promise<CountedRequest> {
    const reservation = await this.budgets.reserve(key, limit, windowSeconds, this.clock.now());
    const until = reservation.granted ? addSeconds(reservation.openedAt, windowSeconds) : reservation.until;
    // By now, and not by when it was asked for: meanwhile another request may have opened the window.
    const secondsLeft = secondsUntil(until, this.clock.now());
    return reservation.granted
      ? { isRefused: false, remaining: reservation.remaining, secondsLeft }
      : { isRefused: true, remaining: 0, secondsLeft };
  }
}
