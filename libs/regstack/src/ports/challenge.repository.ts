import type { EmailAddress } from '../kernel/email-address';
import type { OutboxMessage } from './outbox.repository';

/** What a challenge proves, and whose id its subject is. */
export type ChallengeKind =
  /** Reads the mail of an attempt to register; an attempt. */
  | 'registration'
  /** Reads the mail of an address that has several attempts (P11); the address. */
  | 'mailbox'
  /** Reads the mail of an account whose address was never proved (P10); a user. */
  | 'verification'
  /** Reads the mail of an account, and so may set its password; a user. */
  | 'password-reset'
  /** Reads the mail of the address that an account is to move to; a user. */
  | 'email-change';

/** A single-use proof that was handed out. The token itself is never stored. */
export interface NewChallenge {
  readonly id: string;
  readonly kind: ChallengeKind;
  /** Id of what the proof is about: an attempt to register, a user. */
  readonly subjectId: string;
  /** SHA-256 of the token, base64url; unique. */
  readonly tokenHash: string;
  /** Epoch of the user at the time; of another epoch the challenge is dead. Null where there is no user yet. */
  readonly authEpoch: number | null;
  /** The address that it proves, where that is not the one of its subject: of a mailbox, of a new address. */
  readonly email: EmailAddress | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A challenge as stored. */
export type Challenge = NewChallenge;

/** Keeps single-use proofs. A challenge is live until it is consumed, replaced or expired; afterwards it is as if unknown. */
export abstract class ChallengeRepository {
  /**
   * Stores a challenge in place of an earlier one of the same kind and subject: a newer link replaces an older one (R30). Of
   * parallel calls one is the last, and only its challenge lives; but one of an older epoch, which is dead as it comes, leaves one
   * of a newer epoch in its place and is dropped. The message that carries it is stored first (P2): a crash in
   * between leaves a message that is never sent.
   */
  abstract issue(challenge: NewChallenge, message: OutboxMessage): Promise<void>;

  /** The live challenge with this token hash, if it is of one of these kinds, or null. Changes nothing. */
  abstract findLive(kinds: readonly ChallengeKind[], tokenHash: string, now: Date): Promise<Challenge | null>;

  /** Uses the challenge up. True for exactly one of any number of parallel calls, and only while it is live. */
  abstract consume(id: string, now: Date): Promise<boolean>;

  /**
   * Removes every challenge about a user, of whatever kind, that is of an epoch before this one. Those are dead already; a link that
   * was mailed since stays.
   */
  abstract dropAllFor(userId: string, beforeEpoch: number): Promise<void>;
}
