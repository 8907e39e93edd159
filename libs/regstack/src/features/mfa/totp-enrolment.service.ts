import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { AccountError } from '../../kernel/errors';
import type { UserRecord } from '../../ports/user.repository';
import { MfaLimits } from '../../services/mfa-limits.service';
import { RecoveryCodes } from '../../services/recovery-codes';
import { Totp } from '../../services/totp';
import { type Enrolled, type Enroller, EnrolmentService, type EnrolmentProof } from './enrolment.service';
import { type NewSetup, type SetupConfirmation, SetupsService } from './setups.service';

/** What an authenticator app has to know. */
export interface TotpSecret {
  /** Base32. */
  readonly secret: string;
  readonly uri: string;
  readonly qrSvg: string;
}

/** An authenticator app that is being enrolled. */
export interface TotpSetup extends TotpSecret, Pick<NewSetup, 'pendingToken' | 'expiresIn'> {}

/** Enrolment of an authenticator app. */
@Injectable()
export class TotpEnrolmentService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly enrolment: EnrolmentService,
    private readonly setups: SetupsService,
    private readonly totp: Totp,
    private readonly recovery: RecoveryCodes,
    private readonly limits: MfaLimits,
  ) {}

  /** @throws AccountError as {@link EnrolmentService.authorise} */
  async start(enroller: Enroller, proof: EnrolmentProof): Promise<TotpSetup> {
    const user = await this.enrolment.authorise(enroller, proof);
    const secret = await this.totp.newSecret();
    const sealed = this.totp.seal(secret, user.id);
    const setup = this.setups.mint('totp-setup', user, this.config.mfaPendingTokenTtlSeconds, sealed);
    await this.setups.store(setup);
    return { ...setup, ...(await this.shown(secret, user.email)) };
  }

  /**
   * The same again, for a page that is opened between start and confirmation. Changes nothing.
   * @throws AccountError `mfa.challenge_expired`, also for somebody else's; as {@link EnrolmentService.look}
   */
  async look(enroller: Enroller, pendingToken: string): Promise<TotpSecret> {
    const user = await this.enrolment.look(enroller);
    const { sealedSecret } = await this.pending(user, pendingToken);
    return this.shown(this.totp.open(sealedSecret, user.id), user.email);
  }

  /**
   * Enrols the app that gave the code, with a new set of recovery codes, which nobody sees again.
   * @throws AccountError `mfa.challenge_expired`, `mfa.code_wrong`, `mfa.locked`, as {@link EnrolmentService.identify}
   */
  async confirm(
    enroller: Enroller,
    setup: SetupConfirmation,
  ): Promise<Enrolled & { readonly recoveryCodes: readonly string[] }> {
    const { pendingToken, code, currentPassword } = setup;
    const identified = await this.enrolment.identify(enroller, currentPassword);
    const { user } = identified;
    const { setup: pending, sealedSecret } = await this.pending(user, pendingToken);
    const by = { actor: user.id, origin: enroller.client.origin };
    const guess = { userId: user.id, purpose: 'totp_setup', by } as const;
    // The step of this code is used up by being the first one that is stored.
    const lastStep = await this.limits.guess(guess, async () => {
      await this.setups.countGuess(pending);
      return this.totp.stepOf(sealedSecret, user.id, code);
    });
    const { codes: recoveryCodes, ...set } = this.recovery.mint(user.id);
    const factor = {
      factor: 'totp',
      // The secret may have changed since the start.
      totp: { sealedSecret: this.totp.reseal(sealedSecret, user.id), lastStep },
      recoveryCodes: set.hashes,
      recoveryKeyId: set.keyId,
    } as const;
    const enrolled = await this.enrolment.complete(identified, factor, enroller.client);
    return { ...enrolled, recoveryCodes };
  }

  /** Of a setup that is under way; with the secret of the installation that it was begun under, it ends. */
  private async pending(user: UserRecord, pendingToken: string) {
    const setup = await this.setups.get('totp-setup', pendingToken, user);
    const sealedSecret = setup.payload!;
    if (!this.totp.canOpen(sealedSecret)) throw new AccountError('mfa.challenge_expired');
    return { setup, sealedSecret };
  }

  private async shown(secret: string, email: string): Promise<TotpSecret> {
    const uri = await this.totp.uri(secret, email);
    return { secret, uri, qrSvg: await this.totp.qrSvg(uri) };
  }
}
