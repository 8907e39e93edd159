import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import type { CredentialRecord } from '../ports/user.repository';
import { CurrentPassword } from './current-password';
import { FactorChecks } from './factor-checks';
import { MfaLimits } from './mfa-limits.service';
import type { Authentication } from './session-authenticator';

/** What somebody signed in brings to prove that it is them. */
export interface StepUpProof {
  readonly currentPassword: string;
  /** Of a second factor, or a recovery code; for an account that has one. */
  readonly code?: string | null | undefined;
}

/** Proof, by somebody signed in, of the password and of a second factor where the account has one (R46). */
@Injectable()
export class StepUp {
  constructor(
    private readonly password: CurrentPassword,
    private readonly limits: MfaLimits,
    private readonly checks: FactorChecks,
  ) {}

  /**
   * The user with the epoch of what was proved.
   * @param rule looked at before the code, so that none is used up for what is refused anyway
   * @throws AccountError as {@link CurrentPassword.prove}; `mfa.proof_required` without a code, `mfa.code_wrong`, `mfa.locked`,
   *   `mfa.challenge_expired`, `mfa.unavailable`
   */
  async prove(
    caller: Authentication,
    { currentPassword, code }: StepUpProof,
    origin: Origin,
    rule: (user: CredentialRecord) => void = () => {},
  ): Promise<CredentialRecord> {
    const user = await this.password.prove(caller, currentPassword, origin);
    rule(user);
    if (!user.isMfaEnabled) return user;
    if (code === undefined || code === null) throw new AccountError('mfa.proof_required');
    const by = { actor: user.id, origin };
    const given = { code, subjectId: user.id };
    await this.limits.guess({ userId: user.id, purpose: 'proof', by }, () =>
      this.checks.check(user, given, by),
    );
    return user;
  }
}
