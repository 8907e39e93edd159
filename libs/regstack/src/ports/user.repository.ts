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
  /**
   * Epoch of the user before the change that opened it: second factors that were enrolled since go with the undo. -1: all of them,
   * since nobody had proved to read the mail of that address, or an older version opened it, which knew of none.
   */
  readonly authEpoch: number;
}

/** The authenticator app of a user (RFC 6238). */
export interface TotpFactor {
  /** Encrypted: `kid.…`, with the id of its key. */
  readonly sealedSecret: string;
  /** The last time step that was used: neither it nor an earlier one counts again. */
  readonly lastStep: number;
}

/** A user with all that a change of credentials goes by, read together in one statement. */
export interface CredentialRecord extends LoginRecord {
  /** Null where there was never one, or it was used; one that has expired may be there, or not any more. */
  readonly emailUndo: EmailUndo | null;
  /** Null where none is enrolled. */
  readonly totp: TotpFactor | null;
  /** Recovery codes that are left. */
  readonly recoveryCodesLeft: number;
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
  /** The mailbox was proved. Where that is the first proof (P10), what was planted before it goes: second factors, phone and recovery codes. */
  readonly isVerified?: true;
  /** E.164, proved: the factor by SMS; null: it goes. */
  readonly phoneNumber?: string | null;
  /** The factor by authenticator app; null: it goes. */
  readonly totp?: TotpFactor | null;
  /** Keyed hashes of new recovery codes, in place of all that were left; an empty list: they go. Each is 43 characters of base64url. */
  readonly recoveryCodes?: readonly string[];
  /** Id of the key of {@link recoveryCodes}, with which it is stored. Absent: not known. */
  readonly recoveryKeyId?: string;
  /** Sign-in asks for a second factor from now on, or no more. */
  readonly isMfaEnabled?: boolean;
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
   *
   * @param keptSessionId a session of this user and of `expectedEpoch` that goes on with the new epoch: every other one is dead by its
   *   epoch. Where that is a write of its own, a crash before it ends this session too
   */
  abstract changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
    keptSessionId?: string,
  ): Promise<UserRecord | null>;

  /**
   * Makes the user a superuser with these credentials, for whoever decides over the app (W11). A compare-and-set on the epoch as
   * {@link changeCredentials}, all or nothing, with two differences: a disabled user is changed as well, and stays disabled; and what a
   * change of address left open is over, so nobody takes the account back by it, and the address before is free. Null when somebody
   * else was first, or the user is gone.
   */
  abstract appoint(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null>;

  /**
   * The compare-and-set of {@link changeCredentials} for a move to another address (P9), which is proved by it: the user then holds the new address and that
   * of `undo`, and no other. It is no proof of the mailbox that is left, so second factors stay. Null also when somebody else holds
   * the new address at `now`.
   */
  abstract changeEmail(
    id: string,
    expectedEpoch: number,
    change: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null>;

  /**
   * Compare-and-set on the undo, whatever the epoch is by now (P9): the address before comes back, proved; the password goes, and so
   * does each second factor (phone, authenticator app, recovery codes) that was set in an epoch after that of the undo; with the last
   * factor, `isMfaEnabled` and what recovery codes are left. The epoch rises and the undo is used up, all or nothing. Null when it
   * was used, has expired, or the user is disabled.
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

  /**
   * Uses a time step of the authenticator app up (P7, RFC 6238 section 5.2): raises the last used one to `step`, where it is smaller and
   * the user is active, of this epoch, and has the factor. True for exactly one of parallel calls. Raises no epoch.
   */
  abstract useTotpStep(id: string, authEpoch: number, step: number): Promise<boolean>;

  /**
   * Uses a recovery code up (P7): takes it from those that are left, where the user is active and of this epoch. Answers how many are
   * left to exactly one of parallel calls; null to the others, and for one that is not among them. Raises no epoch.
   */
  abstract useRecoveryCode(id: string, authEpoch: number, codeHash: string): Promise<number | null>;

  /** Ids of the keys that the secrets of authenticator apps were encrypted with: the part of {@link TotpFactor.sealedSecret} before its first dot. */
  abstract totpKeyIds(): Promise<readonly string[]>;
}

/** The address (or the id) is in use. A value of the store's language; services turn it into an answer. */
export class EmailTakenError extends Error {
  constructor() {
    super('the address is in use');
    this.name = 'EmailTakenError';
  }
}
