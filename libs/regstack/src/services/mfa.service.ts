import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { type By, BY_THE_APP } from '../kernel/origin';
import type { RegStackUser } from '../kernel/regstack-user';
import type { MfaFactor, MfaMethod } from '../kernel/sign-in-proof';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { FactorChanges } from './factor-changes';
import { looksLikeId } from '../kernel/ids';
import { publicUser } from './public-user';

/** What a sign-in of a user has to wait for. */
export type MfaDemand = 'nothing' | 'proof' | 'enrolment';

/** The second factors of a user, as they may be shown to them. */
export interface FactorState {
  /** Enrolled and asked for. */
  readonly factors: readonly MfaFactor[];
  readonly recoveryCodesLeft: number;
  /** There has to be one. */
  readonly isRequired: boolean;
}

/** Which second factors users have and must have. Whoever calls this from the code of the host decides who may. */
@Injectable()
export class MfaService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly users: UserRepository,
    private readonly changes: FactorChanges,
  ) {}

  /** What a user needs beside the password. A factor that is enrolled is asked for whatever the settings say (R47). */
  demandOn(user: RegStackUser): MfaDemand {
    if (user.isMfaEnabled) return 'proof';
    return this.isRequiredOf(user) ? 'enrolment' : 'nothing';
  }

  /** True for a user who has to have a second factor. */
  isRequiredOf({ isSuperuser }: Pick<RegStackUser, 'isSuperuser'>): boolean {
    const { mfaPolicy } = this.config;
    return mfaPolicy === 'required' || (mfaPolicy === 'required_for_superusers' && isSuperuser);
  }

  /** The factors that can be enrolled here. */
  get enrollable(): readonly MfaFactor[] {
    const { mfaPolicy, enableTotp, enableSms2fa } = this.config;
    if (mfaPolicy === 'off') return [];
    return [...(enableTotp ? (['totp'] as const) : []), ...(enableSms2fa ? (['sms'] as const) : [])];
  }

  /** The factors that a user is asked for. Enabled and none: a broken state, by which nobody gets in. */
  factorsOf(user: CredentialRecord): readonly MfaFactor[] {
    return user.isMfaEnabled ? this.keptOf(user) : [];
  }

  /** The same, whether they are asked for or not. */
  keptOf({ totp, phoneNumber }: CredentialRecord): readonly MfaFactor[] {
    return [...(totp ? (['totp'] as const) : []), ...(phoneNumber === null ? [] : (['sms'] as const))];
  }

  /** By what a user can prove a second factor, the one to ask for first before the others. */
  methodsOf(user: CredentialRecord): readonly MfaMethod[] {
    const factors = this.factorsOf(user);
    return factors.length > 0 && user.recoveryCodesLeft > 0 ? [...factors, 'recovery_code'] : factors;
  }

  /** The same by the id of a user; none for an unknown one. */
  async methodsFor(userId: string): Promise<readonly MfaMethod[]> {
    const user = await this.find(userId);
    return user ? this.methodsOf(user) : [];
  }

  /** What a user has; nothing for an unknown one. */
  async stateOf(userId: string): Promise<FactorState> {
    const user = await this.find(userId);
    if (!user) return { factors: [], recoveryCodesLeft: 0, isRequired: false };
    const { recoveryCodesLeft } = user;
    return { factors: this.factorsOf(user), recoveryCodesLeft, isRequired: this.isRequiredOf(user) };
  }

  /**
   * Takes every second factor from a user who has lost them, ends every session, and tells the user by mail. The app has to know by
   * itself that it is them. Null when the user is unknown, disabled, has none, or was changed at the same moment.
   */
  async reset(userId: string, by: By = BY_THE_APP): Promise<RegStackUser | null> {
    const user = await this.find(userId);
    const kept = user ? this.keptOf(user) : [];
    if (!user || (!user.isMfaEnabled && kept.length === 0)) return null;
    const changed = await this.changes.remove(user, kept, { by });
    return changed && publicUser(changed);
  }

  private async find(userId: string): Promise<CredentialRecord | null> {
    return looksLikeId(userId) ? this.users.findCredentials(userId) : null;
  }
}
