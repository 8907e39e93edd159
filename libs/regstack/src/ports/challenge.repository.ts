/** What a challenge proves. */
export type ChallengeKind = 'registration';

/** A single-use proof that was handed out. The token itself is never stored. */
export interface NewChallenge {
  readonly id: string;
  readonly kind: ChallengeKind;
  /** Id of what the proof is about: an attempt to register, a user. */
  readonly subjectId: string;
  /** SHA-256 of the token, base64url; unique. */
  readonly tokenHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A challenge as stored. */
export type Challenge = NewChallenge;

/** Keeps single-use proofs. A challenge is live until it is consumed, replaced or expired; afterwards it is as if unknown. */
export abstract class ChallengeRepository {
  /**
   * Stores a challenge in place of an earlier one of the same kind and subject: a newer link replaces an older one (R30). Of
   * parallel calls one is the last, and only its challenge lives.
   */
  abstract issue(challenge: NewChallenge): Promise<void>;

  /** The live challenge with this token hash, or null. Changes nothing. */
  abstract findLive(kind: ChallengeKind, tokenHash: string, now: Date): Promise<Challenge | null>;

  /** Uses the challenge up. True for exactly one of any number of parallel calls, and only while it is live. */
  abstract consume(id: string, now: Date): Promise<boolean>;
}
