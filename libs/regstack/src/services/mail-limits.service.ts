import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { type EmailAddress, untagged } from '../kernel/email-address';
import { BudgetRepository } from '../ports/budget.repository';
import { BudgetKeys } from './budget-keys';

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
    const [now, mailbox] = [this.clock.now(), untagged(email)];
    const hourKey = this.keys.of('mail-hour', mail, mailbox);
    const inHour = await this.budgets.reserve(hourKey, mailMaxPerHour, 3600, now);
    if (!inHour.granted) return false;
    const inDay = await this.budgets.reserve(
      this.keys.of('mail-day', mail, mailbox),
      mailMaxPerDay,
      86_400,
      now,
    );
    // A mail that is not sent is none, or what was asked for at the end of a day would be missing in the next one.
    if (!inDay.granted) await this.budgets.refund(hourKey, inHour.openedAt);
    return inDay.granted;
  }
}
