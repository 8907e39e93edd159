import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { OwnNumberTexts } from '../../services/own-number-texts';
import { WaitingSignIns } from '../../services/waiting-sign-ins';

/** Another code by SMS for a sign-in that waits, or the first one where an authenticator app was asked for. */
@Injectable()
export class CodeResendService {
  constructor(
    private readonly waiting: WaitingSignIns,
    private readonly texts: OwnNumberTexts,
  ) {}

  /**
   * Sends a new code in place of the one before; the guesses that were made for this sign-in still count.
   * @throws AccountError `mfa.challenge_expired`, as {@link OwnNumberTexts.send}
   */
  async resend(pendingToken: string, origin: Origin): Promise<void> {
    const waiting = await this.waiting.find('sign-in', pendingToken);
    if (!waiting) throw new AccountError('mfa.challenge_expired');
    await this.texts.send('sms-sign-in', waiting.id, waiting.user, { actor: null, origin });
  }
}
