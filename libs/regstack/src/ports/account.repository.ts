import type { UserAttributes } from '../kernel/regstack-user';
import type { Keyset } from './keyset';
import type { OutboxMessage } from './outbox.repository';
import type { UserRecord } from './user.repository';

/** What changes of an account that leave its credentials alone. What is not named stays as it is. */
export interface AccountChanges {
  readonly fullName?: string | null;
  /** Merged by name into those that are there, so that two changes of different ones both stand; null removes one. */
  readonly attributes?: UserAttributes;
  readonly roles?: readonly string[];
  /** False ends every session as well: the epoch rises. */
  readonly isActive?: boolean;
  readonly isSuperuser?: boolean;
  /** Ends every session, and every link that was mailed: the epoch rises. */
  readonly endSessions?: true;
}

/** What the owner is told of a change, by what it is about. */
export interface ChangeNotices {
  /** Stored only where the status was another one before. */
  readonly isActive?: OutboxMessage;
  /** Stored only where the rights were others before. */
  readonly isSuperuser?: OutboxMessage;
  /** Stored with the end of the sessions. */
  readonly endSessions?: OutboxMessage;
}

/** A change that was made: the user right before and right after it. */
export interface ChangedAccount {
  readonly before: UserRecord;
  readonly user: UserRecord;
}

/** The change would have left no active admin (P5), and nothing was changed. */
export type LastAdmin = 'last_admin';

/** What a deletion leaves behind. */
export interface Removal {
  /** Of this epoch only; null: of whatever epoch. */
  readonly expectedEpoch: number | null;
  /** The last mails about the account; queued with the deletion, all or none. */
  readonly notices: readonly OutboxMessage[];
  /** The moment of the deletion. An address whose undo is over by then is the user's no more, whether it was let go of or not. */
  readonly at: Date;
}

/** Which users a list is about. Null: whatever it is. */
export interface UserQuery {
  /**
   * Text that address or name have somewhere, in any case: of the address in lower case, of the name in any case of A to Z, since
   * that is what every database agrees on.
   */
  readonly search: string | null;
  readonly isActive: boolean | null;
  readonly isVerified: boolean | null;
  readonly isSuperuser: boolean | null;
}

/** How many users there are. */
export interface UserCounts {
  readonly total: number;
  readonly active: number;
  readonly verified: number;
  readonly superusers: number;
  /** Addresses that nobody holds and that wait for their proof. */
  readonly pendingRegistrations: number;
}

/**
 * Accounts as a whole: what their owners and admins do to them, apart from credentials. One of those who are active and superusers is
 * left under any parallel load of all of it, in any number of processes (P5).
 */
export abstract class AccountRepository {
  /**
   * Changes an account, disabled or not; null when there is none. All of it in one write, merging attributes in the store, so that
   * parallel changes of different fields all stand. With it the notices of what has really changed are queued, all or none: of parallel
   * changes to the same thing one is told.
   *
   * @returns `last_admin` when nobody would be left who is active and a superuser
   */
  abstract changeAccount(
    id: string,
    changes: AccountChanges,
    notices?: ChangeNotices,
  ): Promise<ChangedAccount | LastAdmin | null>;

  /**
   * Deletes a user with every row that names the id or one of the addresses held then (P6): sessions, challenges, attempts on the
   * addresses, trusted devices, messages to those addresses and to the phone number and messages that carry a challenge of the user,
   * other than `notices`, claims. The audit log knows no id. Answers the user as it
   * was; null when there is none of `expectedEpoch`; `last_admin` as {@link changeAccount}. Where that takes several writes, the
   * first one takes the user away for everybody else, and the sweeper does what a crash left undone.
   */
  abstract remove(id: string, removal: Removal): Promise<UserRecord | LastAdmin | null>;

  /** Users by descending id, which is newest first; costs the same on every page that is found by its key. */
  abstract list(query: UserQuery, page: Keyset & { readonly skip: number }): Promise<readonly UserRecord[]>;

  /** How many users a query is about. */
  abstract countOf(query: UserQuery): Promise<number>;

  /** How many there are of each kind, as they were at one moment where the database can tell; attempts that live at `now`. */
  abstract counts(now: Date): Promise<UserCounts>;
}
