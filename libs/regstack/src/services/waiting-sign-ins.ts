import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds, Clock } from '../kernel/clock';
import { newId } from '../kernel/ids';
import { hashToken, looksLikeToken, mintToken } from '../kernel/secret-token';
import type { SignInProof } from '../kernel/sign-in-proof';
import { ChallengeRepository } from '../ports/challenge.repository';
import { type CredentialRecord, type UserRecord, UserRepository } from '../ports/user.repository';
import type { Transport } from './token.service';

/** What a sign-in waits for: the proof of a second factor, or the enrolment of one. */
export type Wait = 'sign-in' | 'enrolment';

/** What is known of a sign-in that waits. */
interface Begun {
  /** What was proved so far. */
  readonly proofs: readonly SignInProof[];
  /** How the token of its session will travel. */
  readonly transport: Transport;
}

/** A sign-in that waits, with its user as they are now. */
export interface WaitingSignIn extends Begun {
  readonly id: string;
  readonly user: CredentialRecord;
}

/** A sign-in that has just begun to wait. */
export interface NewWait {
  readonly id: string;
  /** By which it goes on. Opens nothing else. */
  readonly pendingToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Sign-ins between their steps. Several of one user may wait: nobody who knows the password ends the owner's. */
@Injectable()
export class WaitingSignIns {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly challenges: ChallengeRepository,
    private readonly users: UserRepository,
  ) {}

  /** @param user as read together with what was proved: of another epoch the sign-in is over */
  async begin(kind: Wait, { id: userId, authEpoch }: UserRecord, begun: Begun): Promise<NewWait> {
    const pendingToken = mintToken();
    const createdAt = this.clock.now();
    const id = newId(createdAt);
    const expiresIn = this.config.mfaPendingTokenTtlSeconds;
    const about = { id, kind, subjectId: id, userId, authEpoch, email: null, phoneNumber: null };
    const { proofs, transport } = begun;
    const payload = JSON.stringify({ proofs, transport });
    const expiresAt = addSeconds(createdAt, expiresIn);
    const tokenHash = hashToken(pendingToken);
    await this.challenges.issue({ ...about, tokenHash, payload, createdAt, expiresAt }, null);
    return { id, pendingToken, expiresIn };
  }

  /**
   * The sign-in that a token belongs to, or null, whatever the reason: unknown, used, expired, all of its guesses made, credentials changed,
   * user disabled.
   */
  async find(kind: Wait, pendingToken: string): Promise<WaitingSignIn | null> {
    if (!looksLikeToken(pendingToken)) return null;
    const found = await this.challenges.findLive([kind], hashToken(pendingToken), this.clock.now());
    // What no code completes any more is over: no further text goes out for it.
    if (!found || found.guesses >= this.config.smsCodeMaxAttempts) return null;
    const user = await this.users.findCredentials(found.userId!);
    if (!user?.isActive || user.authEpoch !== found.authEpoch) return null;
    return { id: found.id, user, ...(JSON.parse(found.payload!) as Begun) };
  }

  /** Counts a guess at a code for this sign-in; false when there were enough, over all codes that were sent for it. */
  countGuess({ id }: WaitingSignIn): Promise<boolean> {
    return this.challenges.countGuess(id, this.config.smsCodeMaxAttempts, this.clock.now());
  }

  /** Ends the wait: true for exactly one of parallel calls. */
  end({ id }: WaitingSignIn): Promise<boolean> {
    return this.challenges.consume(id, this.clock.now());
  }
}
