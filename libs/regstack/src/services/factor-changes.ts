import { Injectable } from '@nestjs/common';
import { UserMfaDisabledEvent, UserMfaEnabledEvent } from '../kernel/account-events';
import type { By } from '../kernel/origin';
import type { PhoneNumber } from '../kernel/phone-number';
import type { MfaFactor } from '../kernel/sign-in-proof';
import type { CredentialChanges, CredentialRecord, TotpFactor, UserRecord } from '../ports/user.repository';
import { CredentialsService } from './credentials.service';
import { factorInWords } from './factor-words';
import { publicUser } from './public-user';
import type { RecoverySet } from './recovery-codes';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';

/** A factor that was proved. */
export type ProvedFactor =
  | { readonly factor: 'sms'; readonly phoneNumber: PhoneNumber }
  | {
      readonly factor: 'totp';
      readonly totp: TotpFactor;
      readonly recoveryCodes: readonly string[];
      readonly recoveryKeyId: string;
    };

/** Who changes the factors, and by which session, which goes on. */
export interface FactorChange {
  readonly by: By;
  readonly keptSessionId?: string | undefined;
}

/** No second factor, and none asked for. */
export const NO_FACTORS = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false } as const;

/**
 * Changes of second factors in the order of P1: one compare-and-set on the user, with its notice; every session but the one that made it
 * ends. Each answers the user after it, or null when somebody else was first.
 */
@Injectable()
export class FactorChanges {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly notices: SecurityNotices,
    private readonly log: SecurityLog,
  ) {}

  /** Enrols a factor, in place of one of its kind. The first one starts from nothing: what an operator has switched off stays off. */
  async enable(
    user: CredentialRecord,
    { factor, ...values }: ProvedFactor,
    { by, keptSessionId }: FactorChange,
  ): Promise<UserRecord | null> {
    const changes = { ...(user.isMfaEnabled ? {} : NO_FACTORS), ...values, isMfaEnabled: true };
    const words = factorInWords(factor, 'phoneNumber' in values ? values.phoneNumber : null);
    const notice = await this.notices.factorAdded(user, words, by);
    const changed = await this.credentials.changeFactors(user, changes, notice, keptSessionId);
    if (changed)
      this.log.record(new UserMfaEnabledEvent(publicUser(changed), factor), by, { reason: factor });
    return changed;
  }

  /** Removes factors; with the last one the recovery codes go too. */
  async remove(
    user: CredentialRecord,
    factors: readonly MfaFactor[],
    { by, keptSessionId }: FactorChange,
  ): Promise<UserRecord | null> {
    const words =
      factors.map((one) => factorInWords(one, user.phoneNumber)).join(' and ') || 'a second factor';
    const notice = await this.notices.factorRemoved(user, words, by);
    const changes = withoutFactors(user, factors);
    const changed = await this.credentials.changeFactors(user, changes, notice, keptSessionId);
    if (changed) {
      const event = new UserMfaDisabledEvent(publicUser(changed), factors);
      this.log.record(event, by, { reason: factors.join('+') || null });
    }
    return changed;
  }

  /** Puts a new set of recovery codes in the place of what is left. */
  async replaceRecoveryCodes(
    user: CredentialRecord,
    { hashes: recoveryCodes, keyId: recoveryKeyId }: Omit<RecoverySet, 'codes'>,
    { by, keptSessionId }: FactorChange,
  ): Promise<UserRecord | null> {
    const notice = await this.notices.recoveryCodesReplaced(user, by);
    const changes = { recoveryCodes, recoveryKeyId };
    const changed = await this.credentials.changeFactors(user, changes, notice, keptSessionId);
    if (changed) this.log.note('mfa.recovery_codes_replaced', by, { target: user.id });
    return changed;
  }
}

function withoutFactors(user: CredentialRecord, factors: readonly MfaFactor[]): CredentialChanges {
  const keepsPhone = user.phoneNumber !== null && !factors.includes('sms');
  const keepsTotp = user.totp !== null && !factors.includes('totp');
  if (!keepsPhone && !keepsTotp) return NO_FACTORS;
  return { ...(!keepsPhone && { phoneNumber: null }), ...(!keepsTotp && { totp: null }) };
}
