import type { EmailAddress } from '../kernel/email-address';
import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';
import type { OutboxMessage } from './outbox.repository';

/** A user as stored, without the password hash. */
export interface UserRecord extends RegStackUser {
  readonly email: EmailAddress;
  /** Raised by every change of credentials; sessions and challenges of another epoch are dead. */
  readonly authEpoch: number;
}

/** A user with what signing in needs, read together in one statement. */
export interface LoginRecord extends UserRecord {
  /** PHC string; null for a user without a password. */
  readonly passwordHash: string | null;
}

/** What a change of address left open: its former owner may take it back (P9). */
export interface EmailUndo {
  /** The address that it restores. Nobody else can have it while this is open. */
  readonly email: EmailAddress;
  /** SHA-256 of the token, base64url. */
  readonly tokenHash: string;
  readonly expiresAt: Date;
}

/** A user with all that a change of credentials goes by, read together in one statement. */
export interface CredentialRecord extends LoginRecord {
  /** Null where there was never one, or it was used; one that has expired may be there, or not any more. */
  readonly emailUndo: EmailUndo | null;
}

/** A user to be stored. Everything else starts at its default: active, epoch 0, no role, no factor. */
export interface NewUser {
  readonly id: string;
  readonly email: EmailAddress;
  readonly passwordHash: string | null;
  readonly fullName: string | null;
  readonly isVerified: boolean;
  readonly isSuperuser: boolean;
  /** Without null: what is not set is not there. */
  readonly attributes: UserAttributes;
  readonly createdAt: Date;
}

/** What a change of credentials may set. */
export interface CredentialChanges {
  readonly passwordHash?: string;
  /** The mailbox was proved. Where that is the first proof (P10), what was planted before it goes: second factors and phone. */
  readonly isVerified?: true;
}

/** A move to another address (P9), which the user proved to read. */
export interface EmailChange {
  readonly email: EmailAddress;
  /** What can be taken back afterwards; it outlives the epoch. */
  readonly undo: EmailUndo;
}

/**
 * Keeps users. Addresses are unique in their canonical form: a user holds the current one and, until its undo expires, the one
 * before (P9).
 */
export abstract class UserRepository {
  /**
   * Stores a user.
   * @throws EmailTakenError when the address is held by somebody at `createdAt` or the id is in use, also under parallel calls:
   *   exactly one wins
   */
  abstract create(user: NewUser): Promise<UserRecord>;

  /** The user, or null. */
  abstract findById(id: string): Promise<UserRecord | null>;

  /** Hash, epoch and status of the user with this address in one read, or null. The hot read of signing in. */
  abstract findForLogin(email: EmailAddress): Promise<LoginRecord | null>;

  /** The user with what changing credentials needs, or null. */
  abstract findCredentials(id: string): Promise<CredentialRecord | null>;

  /** The user whose change of address can be undone by this token at `now`, or null. */
  abstract findByUndo(tokenHash: string, now: Date): Promise<CredentialRecord | null>;

  /** True when somebody holds the address at `now`. Costs the same for both answers. */
  abstract isTaken(email: EmailAddress, now: Date): Promise<boolean>;

  /**
   * Compare-and-set on the epoch (P1): applies `changes`, raises the epoch by one and queues `notices`, all or nothing, when the
   * user is active and still of `expectedEpoch`. Answers the user after the change, or null when somebody else was first (or the
   * user is gone or disabled). This write is the single use of whatever proof led to it.
   */
  abstract changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null>;

  /**
   * The same compare-and-set for a move to another address (P9), which is proved by it: the user then holds the new address and
   * that of `undo`, and no other. Null also when somebody else holds the new address at `now`.
   */
  abstract changeEmail(
    id: string,
    expectedEpoch: number,
    change: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null>;

  /**
   * Compare-and-set on the undo, whatever the epoch is by now (P9): the address before comes back, proved; the password goes, the
   * epoch rises and the undo is used up, all or nothing. Null when it was used, has expired, or the user is disabled.
   */
  abstract undoEmailChange(
    id: string,
    undo: EmailUndo,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null>;

  /**
   * Compare-and-set on the hash (P8): replaces `oldHash` by `newHash` of the same password. Raises no epoch.
   * Answers false when the hash is another one by now.
   */
  abstract replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean>;
}

/** The address (or the id) is in use. A value of the store's language; services turn it into an answer. */
export class EmailTakenError extends Error {
  constructor() {
    super('the address is in use');
    this.name = 'EmailTakenError';
  }
}
