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
  | 'email-change'
  /** Knows the password, and is to prove a second factor; the sign-in itself, since several may be under way. */
  | 'sign-in'
  /** Knows the password, and has to enrol a second factor; the sign-in itself. */
  | 'enrolment'
  /** Reads the texts of a number; the challenge that the code belongs to, or a user who proves the number that they have. */
  | 'sms-code'
  /** Is enrolling a number; a user. */
  | 'phone-setup'
  /** Is enrolling an authenticator app; a user. */
  | 'totp-setup';

/** A single-use proof that was handed out. The token itself is never stored. */
export interface NewChallenge {
  readonly id: string;
  readonly kind: ChallengeKind;
  /** Id of what the proof is about: an attempt to register, a user. */
  readonly subjectId: string;
  /** Id of whose it is, where the subject is not the user: it goes with the user. */
  readonly userId: string | null;
  /** SHA-256 of the token, or a keyed hash of the code, base64url; unique. */
  readonly tokenHash: string;
  /** Epoch of the user at the time; of another epoch the challenge is dead. Null where there is no user yet. */
  readonly authEpoch: number | null;
  /** The address that it proves, where that is not the one of its subject: of a mailbox, of a new address. */
  readonly email: EmailAddress | null;
  /** E.164: the number that it proves, together with the code in one row (W21). */
  readonly phoneNumber: string | null;
  /** What its issuer has to know again, in a form of the issuer's own; secrets in it are encrypted. */
  readonly payload: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A challenge as stored. */
export interface Challenge extends NewChallenge {
  /** How many guesses at its secret were counted. */
  readonly guesses: number;
}

/** Keeps single-use proofs. A challenge is live until it is consumed, replaced or expired; afterwards it is as if unknown. */
export abstract class ChallengeRepository {
  /**
   * Stores a challenge in place of an earlier one of the same kind and subject: a newer link replaces an older one (R30). Of
   * parallel calls one is the last, and only its challenge lives; but one of an older epoch, which is dead as it comes, leaves one
   * of a newer epoch in its place and is dropped. The message that carries it is stored first (P2): a crash in
   * between leaves a message that is never sent.
   *
   * @param message null for a challenge whose token is in the answer
   */
  abstract issue(challenge: NewChallenge, message: OutboxMessage | null): Promise<void>;

  /** The live challenge with this token hash, if it is of one of these kinds, or null. Changes nothing. */
  abstract findLive(kinds: readonly ChallengeKind[], tokenHash: string, now: Date): Promise<Challenge | null>;

  /** The live challenge of this kind about a subject, or null. Changes nothing. */
  abstract findLiveAbout(kind: ChallengeKind, subjectId: string, now: Date): Promise<Challenge | null>;

  /**
   * Counts one guess at the secret of a challenge, before it is compared (P7). Of any number of parallel calls, `limit` are true over
   * the life of the challenge, and none once it is consumed, replaced or expired.
   */
  abstract countGuess(id: string, limit: number, now: Date): Promise<boolean>;

  /** Uses the challenge up. True for exactly one of any number of parallel calls, and only while it is live. */
  abstract consume(id: string, now: Date): Promise<boolean>;

  /**
   * Removes every challenge about a user, or theirs by {@link NewChallenge.userId}, of whatever kind, that is of an epoch before this
   * one. Those are dead already; a link that was mailed since stays.
   */
  abstract dropAllFor(userId: string, beforeEpoch: number): Promise<void>;
}
