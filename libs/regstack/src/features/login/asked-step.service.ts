import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { AccountError } from '../../kernel/errors';
import type { MfaMethod } from '../../kernel/sign-in-proof';
import { MfaService } from '../../services/mfa.service';
import { WaitingSignIns } from '../../services/waiting-sign-ins';

/** Digits of a number by which its owner knows it, and nobody else does. */
const ENDING = 2;

/** What somebody in the middle of a sign-in may know of what it waits for. */
export interface AskedStep {
  readonly methods: readonly MfaMethod[];
  /** Where the code comes from, unless another method is chosen. */
  readonly delivery: MfaMethod;
  /** The last digits of the number that codes are sent to. */
  readonly numberEnding: string | null;
  /** How long the device can be trusted; 0: not at all. */
  readonly trustDays: number;
}

/** Tells what a sign-in waits for. */
@Injectable()
export class AskedStepService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly mfa: MfaService,
    private readonly waiting: WaitingSignIns,
  ) {}

  /**
   * Changes nothing.
   * @throws AccountError `mfa.challenge_expired` for a sign-in that is over
   */
  async look(pendingToken: string): Promise<AskedStep> {
    const waiting = await this.waiting.find('sign-in', pendingToken);
    const methods = waiting ? this.mfa.methodsOf(waiting.user) : [];
    const [delivery] = methods;
    if (delivery === undefined) throw new AccountError('mfa.challenge_expired');
    const numberEnding = waiting!.user.phoneNumber?.slice(-ENDING) ?? null;
    return { methods, delivery, numberEnding, trustDays: this.config.mfaTrustedDeviceDays };
  }
}
