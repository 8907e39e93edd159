import { Injectable } from '@nestjs/common';
import { UserLoginFailedEvent } from '../../kernel/account-events';
import { AccountError } from '../../kernel/errors';
import type { By } from '../../kernel/origin';
import type { MfaMethod } from '../../kernel/sign-in-proof';
import { FactorChecks } from '../../services/factor-checks';
import { housekeeping } from '../../services/housekeeping';
import { MfaLimits } from '../../services/mfa-limits.service';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';
import { type FinishedSignIn, SignInEnd } from '../../services/sign-in-end';
import { type SignInClient, SignInTransports } from '../../services/sign-in-transports';
import { SmsCodes } from '../../services/sms-codes';
import { type WaitingSignIn, WaitingSignIns } from '../../services/waiting-sign-ins';

/** What somebody brings for the second step of a sign-in. */
export interface SecondStep {
  readonly pendingToken: string;
  readonly code: string;
  /** Which factor the code is of; undefined: of whichever it is right for. */
  readonly method?: MfaMethod | undefined;
  /** Not to be asked for a second factor here again, for a while. */
  readonly trustsDevice: boolean;
}

/** The second step of a sign-in. */
@Injectable()
export class SecondStepService {
  constructor(
    private readonly waiting: WaitingSignIns,
    private readonly transports: SignInTransports,
    private readonly limits: MfaLimits,
    private readonly checks: FactorChecks,
    private readonly codes: SmsCodes,
    private readonly end: SignInEnd,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Signs in by the code of a second factor (P7): the guess is counted for the account, then for this sign-in; the code is compared and
   * used up; the wait is ended, which is the single use; the session is opened with the epoch of the password that was proved.
   *
   * @throws AccountError `mfa.challenge_expired`, one answer whatever the reason; `mfa.code_wrong`, `mfa.locked`,
   *   `mfa.method_unavailable`, `mfa.unavailable`, `request.cross_site`
   */
  async confirm(step: SecondStep, client: SignInClient): Promise<FinishedSignIn> {
    const waiting = await this.waiting.find('sign-in', step.pendingToken);
    if (!waiting) throw new AccountError('mfa.challenge_expired');
    this.transports.check(client, waiting.transport);
    const { user, proofs, transport } = waiting;
    const method = await this.prove(waiting, step, { actor: null, origin: client.origin });
    if (!(await this.waiting.end(waiting))) throw new AccountError('mfa.challenge_expired');
    // A code that is still on its way would come when nothing asks for it any more.
    if (method !== 'sms' && user.phoneNumber !== null)
      await housekeeping('a sign-in', this.codes.drop(waiting.id));
    const { trustsDevice } = step;
    return this.end.complete({ user, proofs: [...proofs, method], transport, trustsDevice }, client);
  }

  private async prove(waiting: WaitingSignIn, { code, method }: SecondStep, by: By): Promise<MfaMethod> {
    const { id: subjectId, user } = waiting;
    try {
      return await this.limits.guess({ userId: user.id, purpose: 'sign_in', by }, async () => {
        if (!(await this.waiting.countGuess(waiting))) throw new AccountError('mfa.challenge_expired');
        return this.checks.check(user, { code, method, subjectId }, by);
      });
    } catch (error) {
      this.tellRefusal(waiting, error, by);
      throw error;
    }
  }

  private tellRefusal({ user }: WaitingSignIn, error: unknown, by: By): void {
    if (!(error instanceof AccountError) || error.code !== 'mfa.code_wrong') return;
    const event = new UserLoginFailedEvent(publicUser(user));
    this.log.record(event, by, { result: 'refused', reason: error.code });
  }
}
