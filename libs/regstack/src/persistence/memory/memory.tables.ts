import type { AuditRecord } from '../../ports/audit.repository';
import type { Challenge } from '../../ports/challenge.repository';
import type { Keyset } from '../../ports/keyset';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { PendingRegistration } from '../../ports/pending-registration.repository';
import type { ListedSession } from '../../ports/session.repository';
import type { TrustedDevice } from '../../ports/trusted-device.repository';
import type { CredentialRecord, NewUser, UserRecord } from '../../ports/user.repository';

/** A message with what the queue knows of it. */
export interface QueuedMessage extends OutboxMessage {
  readonly dueAt: Date;
  readonly attempts: number;
  readonly leaseId: string | null;
  readonly state: 'queued' | 'sent' | 'dead';
  readonly lastError: string | null;
  readonly sentAt: Date | null;
}

/** A challenge with what became of it. */
export interface StoredChallenge extends Challenge {
  readonly usedAt: Date | null;
}

/** A window of a budget. */
export interface BudgetWindow {
  readonly used: number;
  /** Somebody was refused in this window. */
  readonly refused: boolean;
  readonly openedAt: Date;
  readonly endsAt: Date;
}

/** A user with what only the store looks at. */
export interface StoredUser extends Omit<CredentialRecord, 'recoveryCodesLeft'> {
  readonly recoveryCodes: readonly string[];
  readonly recoveryKeyId: string | null;
  /** Epochs in which the second factors were set, for those that are there (P9). */
  readonly phoneEpoch: number;
  readonly totpEpoch: number;
  readonly recoveryEpoch: number;
}

/** What a new user starts with. */
export const USER_DEFAULTS = {
  isActive: true,
  roles: [],
  phoneNumber: null,
  isMfaEnabled: false,
  lastLogin: null,
  authEpoch: 0,
  emailUndo: null,
  totp: null,
  recoveryCodes: [],
  recoveryKeyId: null,
  phoneEpoch: 0,
  totpEpoch: 0,
  recoveryEpoch: 0,
} as const;

/** The tables of the reference store. A repository's method does all its work without an await: that is its atomicity. */
export class MemoryTables {
  readonly users = new Map<string, StoredUser>();
  readonly pending = new Map<string, PendingRegistration>();
  readonly sessions = new Map<string, ListedSession>();
  readonly challenges = new Map<string, StoredChallenge>();
  readonly budgets = new Map<string, BudgetWindow>();
  readonly outbox = new Map<string, QueuedMessage>();
  readonly audit = new Map<string, AuditRecord>();
  readonly trustedDevices = new Map<string, TrustedDevice>();

  /** The user with this address. */
  userByEmail(email: string): StoredUser | null {
    for (const user of this.users.values()) if (user.email === email) return user;
    return null;
  }

  /** The user, other than `self`, who holds this address, as the current one or as one that may come back. */
  holderOf(email: string, now: Date, self?: string): StoredUser | null {
    for (const user of this.users.values()) {
      if (user.id === self) continue;
      const { emailUndo: undo } = user;
      if (user.email === email || (undo?.email === email && undo.expiresAt > now)) return user;
    }
    return null;
  }

  /** Adds a user; null when the id or the address is in use. */
  insertUser(user: NewUser): StoredUser | null {
    if (this.users.has(user.id) || this.holderOf(user.email, user.createdAt)) return null;
    const record: StoredUser = { ...user, ...USER_DEFAULTS };
    this.users.set(user.id, record);
    return record;
  }

  /** Whether a challenge is there, unused and not expired. */
  hasLive(challengeId: string, now: Date): boolean {
    const challenge = this.challenges.get(challengeId);
    return challenge !== undefined && challenge.usedAt === null && challenge.expiresAt > now;
  }

  /** Adds a message that is due at once. */
  queue(message: OutboxMessage): void {
    const fresh = {
      dueAt: message.createdAt,
      attempts: 0,
      leaseId: null,
      state: 'queued',
      lastError: null,
      sentAt: null,
    } as const;
    this.outbox.set(message.id, { ...message, ...fresh });
  }
}

/** The user without what only changes of credentials go by. */
export function recordOf(user: StoredUser): UserRecord {
  const {
    passwordHash: _,
    emailUndo: __,
    totp: ___,
    recoveryCodesLeft: ____,
    ...record
  } = credentialsOf(user);
  return record;
}

/** The user without what only the store looks at. */
export function credentialsOf(user: StoredUser): CredentialRecord {
  const {
    recoveryCodes,
    recoveryKeyId: _,
    phoneEpoch: __,
    totpEpoch: ___,
    recoveryEpoch: ____,
    ...record
  } = user;
  return { ...record, recoveryCodesLeft: recoveryCodes.length };
}

/** A page of rows, newest first. */
export function pageOf<T extends { readonly id: string }>(
  rows: readonly T[],
  { before, limit, skip = 0 }: Keyset & { readonly skip?: number },
): readonly T[] {
  return rows
    .filter(({ id }) => before === null || id < before)
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .slice(skip, skip + limit);
}
