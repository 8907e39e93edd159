import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import type { PhoneNumber } from '../kernel/phone-number';
import type { MfaFactor, MfaMethod, SignInProof } from '../kernel/sign-in-proof';
import { type UserRecord, UserRepository } from '../ports/user.repository';
import { CodeTexts } from './code-texts';
import { MfaLimits } from './mfa-limits.service';
import { MfaService } from './mfa.service';
import type { Transport } from './token.service';
import { TrustedDevicesService } from './trusted-devices.service';
import { type NewWait, WaitingSignIns } from './waiting-sign-ins';

/** The sign-in waits for a code of a second factor. */
export interface MfaRequired extends Omit<NewWait, 'id'> {
  readonly status: 'mfa_required';
  /** Where the code comes from, unless the client names another method. */
  readonly delivery: MfaFactor;
  readonly methods: readonly MfaMethod[];
}

/** The sign-in waits until its user has enrolled a second factor. */
export interface MfaEnrolmentRequired extends Omit<NewWait, 'id'> {
  readonly status: 'mfa_enrolment_required';
  /** What can be enrolled. */
  readonly methods: readonly MfaFactor[];
}

/** What the gate goes by, beside user and proofs. */
export interface AtTheGate {
  readonly knownDevice: string | undefined;
  readonly transport: Transport;
  readonly origin: Origin;
}

/** What counts as a second factor. A record: whoever adds a proof has to decide; one that is not here counts as none. */
const IS_SECOND: Readonly<Record<SignInProof, boolean>> = {
  password: false,
  totp: true,
  sms: true,
  recovery_code: true,
  trusted_device: true,
};

/** Asks for second factors, on every way in. */
@Injectable()
export class MfaGate {
  constructor(
    private readonly mfa: MfaService,
    private readonly limits: MfaLimits,
    private readonly users: UserRepository,
    private readonly devices: TrustedDevicesService,
    private readonly waiting: WaitingSignIns,
    private readonly texts: CodeTexts,
  ) {}

  /**
   * The proofs that suffice to sign in, or what the sign-in waits for now.
   * @throws AccountError `mfa.unavailable` for a user whose factor is enabled and not there: a broken state is no way in (R47)
   */
  async pass(
    user: UserRecord,
    proofs: readonly SignInProof[],
    at: AtTheGate,
  ): Promise<readonly SignInProof[] | MfaRequired | MfaEnrolmentRequired> {
    const demand = this.mfa.demandOn(user);
    if (demand === 'nothing' || proofs.some((one) => IS_SECOND[one])) return proofs;
    const begun = { proofs, transport: at.transport };
    if (demand === 'enrolment') {
      const { id: _, ...wait } = await this.waiting.begin('enrolment', user, begun);
      return { status: 'mfa_enrolment_required', ...wait, methods: this.mfa.enrollable };
    }
    const { methods, delivery } = await this.methodsOf(user);
    if (await this.devices.isTrusted(user, at.knownDevice)) return [...proofs, 'trusted_device'];
    const { id, ...wait } = await this.waiting.begin('sign-in', user, begun);
    if (delivery === 'sms') await this.sendCode(id, user, at.origin);
    return { status: 'mfa_required', ...wait, delivery, methods };
  }

  private async methodsOf(user: UserRecord): Promise<{ methods: readonly MfaMethod[]; delivery: MfaFactor }> {
    const found = await this.users.findCredentials(user.id);
    if (found?.authEpoch !== user.authEpoch) throw new AccountError('login.invalid_credentials');
    const [delivery] = this.mfa.factorsOf(found);
    if (delivery === undefined) throw new AccountError('mfa.unavailable');
    return { methods: this.mfa.methodsOf(found), delivery };
  }

  /** Whoever knows the password is told nothing of how many codes were sent, or whether any guess is left. */
  private async sendCode(subjectId: string, user: UserRecord, origin: Origin): Promise<void> {
    if (await this.limits.isSpent(user.id)) return;
    const number = user.phoneNumber as PhoneNumber;
    await this.texts.send('sms-sign-in', { subjectId, user, number }, { actor: null, origin });
  }
}
