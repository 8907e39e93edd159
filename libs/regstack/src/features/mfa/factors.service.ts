import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { MfaFactor } from '../../kernel/sign-in-proof';
import type { CredentialRecord } from '../../ports/user.repository';
import { FactorChanges } from '../../services/factor-changes';
import { MfaService } from '../../services/mfa.service';
import { RecoveryCodes } from '../../services/recovery-codes';
import type { Authentication } from '../../services/session-authenticator';
import { StepUp, type StepUpProof } from '../../services/step-up';

/** What somebody signed in does with the second factors that they have. */
@Injectable()
export class FactorsService {
  constructor(
    private readonly mfa: MfaService,
    private readonly stepUp: StepUp,
    private readonly changes: FactorChanges,
    private readonly recovery: RecoveryCodes,
  ) {}

  /**
   * Removes a factor, by the proof of this one or another one; the session goes on, every other one ends (R46).
   * @throws AccountError as {@link StepUp.prove}, `mfa.not_enabled`, `mfa.required`; `session.required` when the credentials were changed
   *   at the same moment
   */
  async remove(caller: Authentication, factor: MfaFactor, proof: StepUpProof, origin: Origin): Promise<void> {
    const mayGo = (user: CredentialRecord): void => this.checkRemovable(user, factor);
    const user = await this.stepUp.prove(caller, proof, origin, mayGo);
    const change = { by: { actor: user.id, origin }, keptSessionId: caller.sessionId };
    if (!(await this.changes.remove(user, [factor], change))) throw new AccountError('session.required');
  }

  /**
   * A new set of recovery codes, in place of what is left of the old one. Nobody sees them again.
   * @throws AccountError as {@link StepUp.prove}, `mfa.not_enabled`; `session.required` as above
   */
  async newRecoveryCodes(
    caller: Authentication,
    proof: StepUpProof,
    origin: Origin,
  ): Promise<readonly string[]> {
    const user = await this.stepUp.prove(caller, proof, origin, ({ isMfaEnabled }) => {
      if (!isMfaEnabled) throw new AccountError('mfa.not_enabled');
    });
    const set = this.recovery.mint(user.id);
    const change = { by: { actor: user.id, origin }, keptSessionId: caller.sessionId };
    const changed = await this.changes.replaceRecoveryCodes(user, set, change);
    if (!changed) throw new AccountError('session.required');
    return set.codes;
  }

  private checkRemovable(user: CredentialRecord, factor: MfaFactor): void {
    const kept = this.mfa.keptOf(user);
    if (!kept.includes(factor)) throw new AccountError('mfa.not_enabled');
    const isLast = user.isMfaEnabled && kept.length === 1;
    if (isLast && this.mfa.isRequiredOf(user)) throw new AccountError('mfa.required');
  }
}
