import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { type EmailAddress, untagged } from '../kernel/email-address';
import { BudgetRepository } from '../ports/budget.repository';
import { BudgetKeys } from './budget-keys';
import { countInEach } from './buckets';

/** Mails that strangers can cause, by what they are for. Notices and undo links are not limited. */
export type LimitedMail = 'verification' | 'password-reset' | 'email-change';

/** How many mails of a kind go to a mailbox, whoever asks for them, whether it has an account or not (W17). */
@Injectable()
export class MailLimits {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly config: RegStackConfig,
    private readonly keys: BudgetKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * Counts one mail. False when there were enough: then nothing is minted or mailed, so that the link in the last mail stays
   * alive, and the caller is told nothing of it.
   */
  async reserve(mail: LimitedMail, email: EmailAddress): Promise<boolean> {
    const { rateLimitDisabled, mailMaxPerHour, mailMaxPerDay } = this.config;
    if (rateLimitDisabled) return true;
    const mailbox = untagged(email);
    const buckets = [
      { key: this.keys.of('mail-hour', mail, mailbox), limit: mailMaxPerHour, seconds: 3600 },
      { key: this.keys.of('mail-day', mail, mailbox), limit: mailMaxPerDay, seconds: 86_400 },
    ];
    return (await countInEach(this.budgets, buckets, this.clock.now())).granted;
  }
}
