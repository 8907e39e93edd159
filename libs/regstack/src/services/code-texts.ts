import { Injectable } from '@nestjs/common';
import { secondsUntil } from '../kernel/clock';
import { inWords } from '../kernel/duration';
import { AccountError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import type { By } from '../kernel/origin';
import { ChallengeRepository } from '../ports/challenge.repository';
import type { SmsKind } from '../ports/sms.templates';
import { BudgetKeys } from './budget-keys';
import type { CodeGuess } from './mfa-limits.service';
import { OutboxService } from './outbox.service';
import { SecurityLog } from './security-log';
import { SmsCodes, type CodeSubject } from './sms-codes';
import { SmsLimits } from './sms-limits.service';

/** What a code is for, in the words of the security log. */
export const CODE_PURPOSES: Readonly<Record<SmsKind, CodeGuess['purpose']>> = {
  'sms-sign-in': 'sign_in',
  'sms-phone-setup': 'phone_setup',
  'sms-proof': 'proof',
};

/** Text messages with a code. */
@Injectable()
export class CodeTexts {
  constructor(
    private readonly codes: SmsCodes,
    private readonly limits: SmsLimits,
    private readonly challenges: ChallengeRepository,
    private readonly outbox: OutboxService,
    private readonly keys: BudgetKeys,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Sends a new code in place of an earlier one for the same subject. Where there were too many messages, nothing is sent and the earlier
   * code stays good; but for the counts, the same is stored.
   *
   * @returns false where nothing is sent
   */
  async send(kind: SmsKind, subject: CodeSubject, by: By): Promise<boolean> {
    return (await this.queue(kind, subject, by)) === null;
  }

  /**
   * The same for whoever is to know.
   * @throws AccountError `sms.limited` where nothing is sent, with the true time until the window ends
   */
  async sendOrRefuse(kind: SmsKind, subject: CodeSubject, by: By): Promise<void> {
    const retryAfterSeconds = await this.queue(kind, subject, by);
    if (retryAfterSeconds !== null) throw new AccountError('sms.limited', { retryAfterSeconds });
  }

  /** @returns seconds for which none is sent, or null */
  private async queue(kind: SmsKind, subject: CodeSubject, by: By): Promise<number | null> {
    const { user, number } = subject;
    const until = await this.limits.reserve(number, user.id, user.phoneNumber === number);
    const createdAt = await this.store(kind, subject, until !== null);
    this.note(kind, user.id, until === null, by);
    return until && secondsUntil(until, createdAt);
  }

  /** Stores a code with its text. That of a decoy waits for a challenge that never comes; the decoy leaves an earlier code in its place. */
  private async store(kind: SmsKind, subject: CodeSubject, isDecoy: boolean): Promise<Date> {
    const subjectId = isDecoy ? this.keys.decoyOf(subject.subjectId) : subject.subjectId;
    const { code, challenge } = this.codes.mint({ ...subject, subjectId });
    const { id, createdAt, expiresAt } = challenge;
    const values = { code, validFor: inWords(secondsUntil(expiresAt, createdAt)) };
    const carried = isDecoy ? newId(createdAt) : id;
    const text = await this.outbox.composeText(kind, subject.number, values, carried);
    await this.challenges.issue(challenge, text);
    this.outbox.wake();
    return createdAt;
  }

  private note(kind: SmsKind, target: string, isSent: boolean, by: By): void {
    const reason = CODE_PURPOSES[kind];
    if (isSent) this.log.note('mfa.code_sent', by, { target, reason });
    else this.log.note('mfa.code_withheld', by, { target, reason, result: 'refused' });
  }
}
