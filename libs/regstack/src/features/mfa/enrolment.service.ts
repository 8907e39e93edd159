import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { RegStackUser } from '../../kernel/regstack-user';
import { type CredentialRecord, UserRepository } from '../../ports/user.repository';
import { CurrentPassword } from '../../services/current-password';
import { FactorChanges, type ProvedFactor } from '../../services/factor-changes';
import { getOwner } from '../../services/find-user';
import { publicUser } from '../../services/public-user';
import type { Authentication } from '../../services/session-authenticator';
import { type FinishedSignIn, SignInEnd } from '../../services/sign-in-end';
import { type SignInClient, SignInTransports } from '../../services/sign-in-transports';
import { StepUp } from '../../services/step-up';
import { type WaitingSignIn, WaitingSignIns } from '../../services/waiting-sign-ins';

/** Who enrols a factor: somebody signed in, or somebody whose sign-in waits for it. */
export interface Enroller {
  readonly caller: Authentication | null;
  /** Of the sign-in that waits; it goes before the caller. */
  readonly pendingToken?: string | undefined;
  readonly client: SignInClient;
}

/** What somebody signed in proves before a factor is enrolled; whose sign-in waits has just proved the password. */
export interface EnrolmentProof {
  readonly currentPassword?: string | undefined;
  readonly code?: string | null | undefined;
}

/** Who confirms an enrolment. */
export interface Identified {
  readonly user: CredentialRecord;
  readonly waiting: WaitingSignIn | null;
  /** The session of somebody signed in, which outlives the change. */
  readonly keptSessionId: string | undefined;
}

/** A factor that was enrolled. */
export interface Enrolled {
  readonly user: RegStackUser;
  /** The sign-in that waited for it. */
  readonly finished: FinishedSignIn | null;
}

/** What the enrolments of all factors have in common: who may, and what comes of it. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly users: UserRepository,
    private readonly waiting: WaitingSignIns,
    private readonly transports: SignInTransports,
    private readonly password: CurrentPassword,
    private readonly stepUp: StepUp,
    private readonly changes: FactorChanges,
    private readonly end: SignInEnd,
  ) {}

  /**
   * Whose enrolment it is, or would be. Changes nothing.
   * @throws AccountError `mfa.challenge_expired`; `session.required` when the session is over by now
   */
  async look({ caller, pendingToken }: Enroller): Promise<CredentialRecord> {
    return caller && pendingToken === undefined
      ? getOwner(this.users, caller)
      : (await this.getWaiting(pendingToken)).user;
  }

  /**
   * The user for whom an enrolment may begin.
   * @throws AccountError `mfa.challenge_expired`; for somebody signed in as {@link StepUp.prove}, `request.invalid` without a password
   */
  async authorise(enroller: Enroller, { currentPassword, code }: EnrolmentProof): Promise<CredentialRecord> {
    const { caller, client } = enroller;
    if (!caller || enroller.pendingToken !== undefined) return (await this.findWaiting(enroller)).user;
    if (currentPassword !== undefined)
      return this.stepUp.prove(caller, { currentPassword, code }, client.origin);
    const fields = [{ field: 'current_password', message: 'must be text' }];
    throw new AccountError('request.invalid', { fields });
  }

  /**
   * Who is about to confirm an enrolment.
   * @param currentPassword of somebody signed in; proved where it is given
   * @throws AccountError `mfa.challenge_expired`, `request.cross_site`; `session.required` when the session is over by now; as
   *   {@link CurrentPassword.prove}
   */
  async identify(enroller: Enroller, currentPassword: string | undefined): Promise<Identified> {
    const { caller, client } = enroller;
    if (!caller || enroller.pendingToken !== undefined) {
      const waiting = await this.findWaiting(enroller);
      return { user: waiting.user, waiting, keptSessionId: undefined };
    }
    const user = await (currentPassword === undefined
      ? getOwner(this.users, caller)
      : this.password.prove(caller, currentPassword, client.origin));
    return { user, waiting: null, keptSessionId: caller.sessionId };
  }

  /**
   * Enrols a factor that was proved; the compare-and-set on the user is the single use of all that led to it (P1). A sign-in that waited
   * is completed; a crash before that leaves the factor enrolled, and the user signs in with it.
   *
   * @throws AccountError `mfa.challenge_expired` when somebody else was first
   */
  async complete(
    { user, waiting, keptSessionId }: Identified,
    factor: ProvedFactor,
    client: SignInClient,
  ): Promise<Enrolled> {
    const by = { actor: user.id, origin: client.origin };
    const changed = await this.changes.enable(user, factor, { by, keptSessionId });
    if (!changed) throw new AccountError('mfa.challenge_expired');
    if (!waiting) return { user: publicUser(changed), finished: null };
    const proofs = [...waiting.proofs, factor.factor];
    const proved = { user: changed, proofs, transport: waiting.transport, trustsDevice: false };
    return { user: publicUser(changed), finished: await this.end.complete(proved, client) };
  }

  private async findWaiting({ pendingToken, client }: Enroller): Promise<WaitingSignIn> {
    const waiting = await this.getWaiting(pendingToken);
    this.transports.check(client, waiting.transport);
    return waiting;
  }

  private async getWaiting(pendingToken: string | undefined): Promise<WaitingSignIn> {
    const waiting = pendingToken === undefined ? null : await this.waiting.find('enrolment', pendingToken);
    if (!waiting) throw new AccountError('mfa.challenge_expired');
    return waiting;
  }
}
