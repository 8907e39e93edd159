import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { callingCodeOf, type PhoneNumber } from '../kernel/phone-number';
import { BudgetRepository } from '../ports/budget.repository';
import { BudgetKeys } from './budget-keys';
import { type Bucket, countInEach } from './buckets';

const [HOUR, DAY] = [3600, 86_400];

/** How many text messages are sent: each costs, and fraud with numbers that earn from them is a trade (W17, R41). */
@Injectable()
export class SmsLimits {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly config: RegStackConfig,
    private readonly keys: BudgetKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one message: for the number, apart for accounts that have proved it and for all others, so that nobody uses up the texts of
   * a number that is not theirs; for the account, whatever the number; and for all numbers of its country that are to be proved. Null when
   * it may be sent, or `rate_limit_disabled` lifts the limits; otherwise until when not.
   */
  async reserve(number: PhoneNumber, userId: string, isProved: boolean): Promise<Date | null> {
    if (this.config.rateLimitDisabled) return null;
    const buckets = [
      ...this.bucketsOf(isProved ? 'own-number' : 'number', number),
      ...this.bucketsOf('account', userId),
      ...(isProved ? [] : [this.countryOf(number)]),
    ];
    const count = await countInEach(this.budgets, buckets, this.clock.now());
    return count.granted ? null : count.until;
  }

  private bucketsOf(whose: 'number' | 'own-number' | 'account', id: string): readonly Bucket[] {
    const { smsMaxPerHour, smsMaxPerDay } = this.config;
    return [
      { key: this.keys.of(`sms-${whose}-hour`, id), limit: smsMaxPerHour, seconds: HOUR },
      { key: this.keys.of(`sms-${whose}-day`, id), limit: smsMaxPerDay, seconds: DAY },
    ];
  }

  private countryOf(number: PhoneNumber): Bucket {
    const key = this.keys.of('sms-country-day', callingCodeOf(number));
    return { key, limit: this.config.smsMaxPerCountryPerDay, seconds: DAY };
  }
}
