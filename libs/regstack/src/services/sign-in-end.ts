import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { AccountError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import type { SignInProof } from '../kernel/sign-in-proof';
import type { UserRecord } from '../ports/user.repository';
import { housekeeping } from './housekeeping';
import { KnownDevices } from './known-devices';
import { LockoutService } from './lockout.service';
import { type SignedIn, type SignInCircumstances, SignInService } from './sign-in.service';
import type { SignInClient } from './sign-in-transports';
import type { Transport } from './token.service';
import { TrustedDevicesService } from './trusted-devices.service';

/** The end of a sign-in that had to wait. */
export interface FinishedSignIn {
  readonly signedIn: SignedIn;
  readonly transport: Transport;
}

/** What a sign-in that waited has come to. */
export interface ProvedSignIn {
  /** As read together with what was proved. */
  readonly user: UserRecord;
  readonly proofs: readonly SignInProof[];
  readonly transport: Transport;
  /** Not to be asked for a second factor here again, for a while. */
  readonly trustsDevice: boolean;
}

/** Completes sign-ins that had to wait for a second factor, or for the enrolment of one. */
@Injectable()
export class SignInEnd {
  constructor(
    private readonly clock: Clock,
    private readonly devices: KnownDevices,
    private readonly signIn: SignInService,
    private readonly trusted: TrustedDevicesService,
    private readonly lockout: LockoutService,
  ) {}

  /**
   * Opens the session. Whatever stands against it by now, there is one answer.
   * @throws AccountError `mfa.challenge_expired`
   */
  async complete(proved: ProvedSignIn, { deviceToken, origin }: SignInClient): Promise<FinishedSignIn> {
    const { user, proofs, transport, trustsDevice } = proved;
    const device = this.devices.recognise(deviceToken, user);
    // What is trusted is a device from now on: a copy of the cookie from before is not.
    const knownDevice = (trustsDevice ? undefined : device?.id) ?? newId(this.clock.now());
    const signedIn = await this.open(user, proofs, { knownDevice, transport, origin });
    const by = { actor: user.id, origin };
    const trust = trustsDevice ? [this.trusted.trust(user, knownDevice, by)] : [];
    await housekeeping('a sign-in', this.lockout.release(user.email, device), ...trust);
    return { signedIn, transport };
  }

  private async open(
    user: UserRecord,
    proofs: readonly SignInProof[],
    circumstances: SignInCircumstances,
  ): Promise<SignedIn> {
    try {
      const result = await this.signIn.complete(user, proofs, circumstances);
      if (result.status === 'signed_in') return result;
    } catch (error) {
      if (!(error instanceof AccountError) || error.code === 'service.unavailable') throw error;
    }
    throw new AccountError('mfa.challenge_expired');
  }
}
