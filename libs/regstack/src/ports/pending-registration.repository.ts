import type { EmailAddress } from '../kernel/email-address';
import type { UserAttributes } from '../kernel/regstack-user';
import type { NewChallenge } from './challenge.repository';
import type { Keyset } from './keyset';
import type { OutboxMessage } from './outbox.repository';
import type { NewUser, UserRecord } from './user.repository';

/** One attempt to register: what somebody typed, waiting for proof that they read the address's mail. */
export interface PendingRegistration {
  readonly id: string;
  /** The id that the user will have. */
  readonly userId: string;
  readonly email: EmailAddress;
  readonly passwordHash: string;
  readonly fullName: string | null;
  readonly attributes: UserAttributes;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** What a newer link to an attempt needs to know of it. */
export type LiveAttempt = Pick<PendingRegistration, 'id' | 'expiresAt'>;

/** An attempt as an admin sees it. */
export type ListedAttempt = Pick<
  PendingRegistration,
  'id' | 'email' | 'fullName' | 'createdAt' | 'expiresAt'
>;

/** Keeps attempts to register. One row per attempt, so that a link activates only the password typed with it (W10, R37). */
export abstract class PendingRegistrationRepository {
  /**
   * Stores an attempt with its link and its mail, in the order mail, attempt, challenge (P2): a crash in between leaves a mail
   * that is never sent, or an attempt that nobody can use.
   */
  abstract add(attempt: PendingRegistration, link: NewChallenge, mail: OutboxMessage): Promise<void>;

  /**
   * Turns the attempt into a verified user under the id that it carries, then drops every attempt on that address and their
   * links (P3). Storing the user is the single use: answers null when the address or the id is in use by then, when the attempt
   * is unknown, or when it expired before `now`. Exactly one of parallel calls gets the user.
   */
  abstract activate(id: string, now: Date): Promise<UserRecord | null>;

  /**
   * Stores the user of an address whose mailbox was proved apart from any attempt (P11), then drops every attempt on the address
   * as {@link activate} does. The user's id is that of the proof, so a proof makes one user. Null when the address or the id is in use.
   */
  abstract settle(user: NewUser): Promise<UserRecord | null>;

  /** The attempts on this address that live at `now`, oldest first, at most `limit`. */
  abstract findLive(email: EmailAddress, limit: number, now: Date): Promise<readonly LiveAttempt[]>;

  /** Attempts that live at `now`, on addresses that nobody holds, by descending id. */
  abstract list(page: Keyset, now: Date): Promise<readonly ListedAttempt[]>;

  /** Drops every attempt on the address and every link that leads to one. */
  abstract dropAllFor(email: EmailAddress): Promise<void>;
}
