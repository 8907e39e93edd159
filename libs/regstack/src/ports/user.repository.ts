import type { EmailAddress } from '../kernel/email-address';
import type { RegStackUser } from '../kernel/regstack-user';
import type { OutboxMessage } from './outbox.repository';

/** A user as stored, without the password hash. */
export interface UserRecord extends RegStackUser {
  /** Raised by every change of credentials; sessions and challenges of another epoch are dead. */
  readonly authEpoch: number;
}

/** A user with what signing in needs, read together in one statement. */
export interface LoginRecord extends UserRecord {
  /** PHC string; null for a user without a password. */
  readonly passwordHash: string | null;
}

/** A user to be stored. Everything else starts at its default: active, epoch 0, no superuser, no factor. */
export interface NewUser {
  readonly id: string;
  readonly email: EmailAddress;
  readonly passwordHash: string | null;
  readonly fullName: string | null;
  readonly isVerified: boolean;
  readonly createdAt: Date;
}

/** What a change of credentials may set. */
export interface CredentialChanges {
  readonly passwordHash?: string;
  /** Disables the account. */
  readonly isActive?: false;
}

/** Keeps users. Addresses are unique in their canonical form. */
export abstract class UserRepository {
  /**
   * Stores a user.
   * @throws EmailTakenError when the address or the id is in use, also under parallel calls: exactly one wins
   */
  abstract create(user: NewUser): Promise<UserRecord>;

  /** The user, or null. */
  abstract findById(id: string): Promise<UserRecord | null>;

  /** Hash, epoch and status of the user with this address in one read, or null. The hot read of signing in. */
  abstract findForLogin(email: EmailAddress): Promise<LoginRecord | null>;

  /** True when the address belongs to a user. Costs the same for both answers. */
  abstract isTaken(email: EmailAddress): Promise<boolean>;

  /**
   * Compare-and-set on the epoch (P1): applies `changes`, raises the epoch by one and queues `notice`, all or nothing, when the
   * user is active and still of `expectedEpoch`. Answers the user after the change, or null when somebody else was first (or the
   * user is gone or disabled). This write is the single use of whatever proof led to it.
   */
  abstract changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notice: OutboxMessage | null,
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
