import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { UserLoggedInEvent } from '../kernel/account-events';
import { addSeconds, Clock } from '../kernel/clock';
import { AccountError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import { type Origin, THE_APP } from '../kernel/origin';
import type { SignInProof } from '../kernel/sign-in-proof';
import { SessionRepository } from '../ports/session.repository';
import type { UserRecord } from '../ports/user.repository';
import { KnownDevices } from './known-devices';
import { type AtTheGate, type MfaEnrolmentRequired, MfaGate, type MfaRequired } from './mfa-gate';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';
import { TokenService, type Transport } from './token.service';

/** A completed sign-in. */
export interface SignedIn {
  readonly status: 'signed_in';
  /** Token of the new session, for the transport that was asked for. */
  readonly accessToken: string;
  /** Its lifetime, seconds. */
  readonly expiresIn: number;
  /** By this token the device is known from now on; it belongs into a cookie that scripts cannot read. */
  readonly deviceToken: string;
}

/** What became of a sign-in: it is complete, or it waits for a second factor. */
export type SignInResult = SignedIn | MfaRequired | MfaEnrolmentRequired;

/** How a sign-in came about, beside its proofs. */
export interface SignInCircumstances {
  /** Id of the device, where it was known before. */
  readonly knownDevice?: string | undefined;
  /** How the token of the session will travel. Default: `bearer`. */
  readonly transport?: Transport;
  /** Default: the host's own code. */
  readonly origin?: Origin;
}

/** The one gate: every way in ends in {@link SignInService.complete}, and nothing else makes a session. */
@Injectable()
export class SignInService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly sessions: SessionRepository,
    private readonly tokens: TokenService,
    private readonly devices: KnownDevices,
    private readonly gate: MfaGate,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Opens a session for a user who proved to be who they are; where that takes a second factor and none was proved, the sign-in waits for
   * it (or for its enrolment), and nobody is signed in.
   *
   * @param user as read together with what was proved: its epoch decides whether that is still true
   * @throws AccountError `account.disabled`, `account.unverified`, `mfa.unavailable`; `login.invalid_credentials` when the credentials were changed
   *   while they were being checked (W12)
   */
  async complete(
    user: UserRecord,
    proofs: readonly SignInProof[],
    { knownDevice, transport = 'bearer', origin = THE_APP }: SignInCircumstances = {},
  ): Promise<SignInResult> {
    this.checkStatus(user);
    const passed = await this.gate.pass(user, proofs, { knownDevice, transport, origin });
    if ('status' in passed) return passed;
    return this.open(user, passed, { knownDevice, transport, origin });
  }

  private async open(
    user: UserRecord,
    proofs: readonly SignInProof[],
    { knownDevice, transport, origin }: AtTheGate,
  ): Promise<SignedIn> {
    const createdAt = this.clock.now();
    const { jwtTtlSeconds: expiresIn } = this.config;
    const session = {
      id: newId(createdAt),
      userId: user.id,
      authEpoch: user.authEpoch,
      deviceId: knownDevice ?? newId(createdAt),
      ip: origin.ip,
      userAgent: origin.userAgent,
      createdAt,
      expiresAt: addSeconds(createdAt, expiresIn),
    };
    const signedIn = await this.sessions.open(session);
    if (!signedIn) throw new AccountError('login.invalid_credentials');
    const event = new UserLoggedInEvent(publicUser(signedIn), proofs);
    this.log.record(event, { actor: user.id, origin }, { reason: proofs.join('+') });
    const deviceToken = this.devices.remember(session.deviceId, user);
    const accessToken = this.tokens.sign(session, transport);
    return { status: 'signed_in', accessToken, expiresIn, deviceToken };
  }

  private checkStatus(user: UserRecord): void {
    if (!user.isActive) throw new AccountError('account.disabled');
    if (!user.isVerified && this.config.requireVerification) throw new AccountError('account.unverified');
  }
}
