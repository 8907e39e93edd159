import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { RequestLimits } from '../services/request-limits.service';

/** Where our throttlers count: in the database, so that all processes share what they count. */
@Injectable()
export class BudgetThrottlerStorage implements ThrottlerStorage {
  constructor(private readonly limits: RequestLimits) {}

  /**
   * Counts one request. Nothing blocks beyond the window: a refusal ends when the window does.
   * @param key of `BudgetKeys`
   * @param ttl length of the window, ms
   * @returns times in whole seconds
   */
  async increment(key: string, ttl: number, limit: number): ReturnType<ThrottlerStorage['increment']> {
    const { isRefused, remaining, secondsLeft } = await this.limits.count(key, limit, ttl / 1000);
    return {
      totalHits: limit - remaining,
      timeToExpire: secondsLeft,
      isBlocked: isRefused,
      timeToBlockExpire: isRefused ? secondsLeft : 0,
    };
  }
}
