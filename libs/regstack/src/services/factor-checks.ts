import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { By } from '../kernel/origin';
import type { MfaFactor, MfaMethod } from '../kernel/sign-in-proof';
import type { CredentialRecord } from '../ports/user.repository';
import { housekeeping } from './housekeeping';
import { MfaService } from './mfa.service';
import { OutboxService } from './outbox.service';
import { RecoveryCodes } from './recovery-codes';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';
import { SmsCodes } from './sms-codes';
import { Totp } from './totp';

/** A code that somebody gives as proof of a second factor. */
export interface GivenCode {
  readonly code: string;
  /** Which factor it is of; undefined: of whichever it is right for. */
  readonly method?: MfaMethod | undefined;
  /** Whom or what a code by SMS was sent for, see `CodeSubject`. */
  readonly subjectId: string;
}

/** Compares codes of second factors and uses them up. Whoever calls this has counted the guess. */
@Injectable()
export class FactorChecks {
  constructor(
    private readonly mfa: MfaService,
    private readonly totp: Totp,
    private readonly codes: SmsCodes,
    private readonly recovery: RecoveryCodes,
    private readonly notices: SecurityNotices,
    private readonly outbox: OutboxService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * What the code proves, to exactly one of any number of parallel calls; null for a wrong one, and for one that was used.
   * @throws AccountError `mfa.unavailable` for a user without a usable factor; `mfa.method_unavailable`; `mfa.challenge_expired` to
   *   whoever was second with a right code by SMS
   */
  async check(user: CredentialRecord, given: GivenCode, by: By): Promise<MfaMethod | null> {
    const factors = this.mfa.factorsOf(user);
    if (factors.length === 0) throw new AccountError('mfa.unavailable');
    const { code, method } = given;
    if (this.recovery.looksLike(code))
      return (await this.useRecoveryCode(user, code, by)) ? 'recovery_code' : null;
    if (method === 'recovery_code') return null;
    if (method && !factors.includes(method)) throw new AccountError('mfa.method_unavailable');
    for (const factor of method ? [method] : factors) {
      if (await this.isRight(factor, user, given)) return factor;
    }
    return null;
  }

  private async isRight(
    factor: MfaFactor,
    user: CredentialRecord,
    { code, subjectId }: GivenCode,
  ): Promise<boolean> {
    if (factor === 'totp') return this.totp.use(user, code);
    return (await this.codes.use({ subjectId, authEpoch: user.authEpoch }, code)) === user.phoneNumber;
  }

  /** Its user is told: it may be somebody else who has found them. */
  private async useRecoveryCode(user: CredentialRecord, code: string, by: By): Promise<boolean> {
    const left = await this.recovery.use(user, code);
    if (left === null) return false;
    this.log.note('mfa.recovery_code_used', by, { target: user.id });
    await housekeeping('the use of a recovery code', this.tellUse(user, left, by));
    return true;
  }

  private async tellUse(user: CredentialRecord, left: number, by: By): Promise<void> {
    await this.outbox.send(await this.notices.recoveryCodeUsed(user, left, by));
  }
}
