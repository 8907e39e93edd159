import type { EmailAddress } from '../../kernel/email-address';
import { keyIdOf } from '../../ports/key-use.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type CredentialChanges,
  type CredentialRecord,
  type EmailChange,
  EmailTakenError,
  type EmailUndo,
  type LoginRecord,
  type NewUser,
  type UserRecord,
  UserRepository,
} from '../../ports/user.repository';
import { credentialsOf, type MemoryTables, recordOf, type StoredUser } from './memory.tables';

export class MemoryUserRepository extends UserRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const record = this.tables.insertUser(user);
    if (!record) throw new EmailTakenError();
    return recordOf(record);
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    return user ? recordOf(user) : null;
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    const user = this.tables.userByEmail(email);
    return user && { ...recordOf(user), passwordHash: user.passwordHash };
  }

  override async findCredentials(id: string): Promise<CredentialRecord | null> {
    const user = this.tables.users.get(id);
    return user ? credentialsOf(user) : null;
  }

  override async findByUndo(tokenHash: string, now: Date): Promise<CredentialRecord | null> {
    for (const user of this.tables.users.values()) {
      const { emailUndo: undo } = user;
      if (undo?.tokenHash === tokenHash) return undo.expiresAt > now ? credentialsOf(user) : null;
    }
    return null;
  }

  override async isTaken(email: EmailAddress, now: Date): Promise<boolean> {
    return this.tables.holderOf(email, now) !== null;
  }

  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
    keptSessionId?: string,
  ): Promise<UserRecord | null> {
    const user = this.activeOf(id, expectedEpoch);
    if (!user) return null;
    const changed = this.change(user, setsOf(changes, user), notices);
    if (keptSessionId !== undefined) this.keep(keptSessionId, changed, expectedEpoch);
    return changed;
  }

  override async appoint(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    if (user?.authEpoch !== expectedEpoch) return null;
    return this.change(user, { ...setsOf(changes, user), isSuperuser: true, emailUndo: null }, notices);
  }

  override async changeEmail(
    id: string,
    expectedEpoch: number,
    { email, undo }: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const user = this.activeOf(id, expectedEpoch);
    if (!user || this.tables.holderOf(email, now, id)) return null;
    return this.change(user, { isVerified: true, email, emailUndo: undo }, notices);
  }

  override async undoEmailChange(
    id: string,
    { email, tokenHash }: EmailUndo,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    const open = user?.emailUndo?.tokenHash === tokenHash && user.emailUndo.expiresAt > now;
    if (!open || !user.isActive || this.tables.holderOf(email, now, id)) return null;
    const restored = { isVerified: true, email, emailUndo: null, passwordHash: null };
    return this.change(user, { ...factorsBefore(user.emailUndo.authEpoch, user), ...restored }, notices);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const user = this.tables.users.get(id);
    if (user?.passwordHash !== oldHash) return false;
    this.tables.users.set(id, { ...user, passwordHash: newHash });
    return true;
  }

  override async useTotpStep(id: string, authEpoch: number, step: number): Promise<boolean> {
    const user = this.activeOf(id, authEpoch);
    if (!user?.totp || user.totp.lastStep >= step) return false;
    this.tables.users.set(id, { ...user, totp: { ...user.totp, lastStep: step } });
    return true;
  }

  override async useRecoveryCode(id: string, authEpoch: number, codeHash: string): Promise<number | null> {
    const user = this.activeOf(id, authEpoch);
    if (!user?.recoveryCodes.includes(codeHash)) return null;
    const recoveryCodes = user.recoveryCodes.filter((one) => one !== codeHash);
    this.tables.users.set(id, { ...user, recoveryCodes });
    return recoveryCodes.length;
  }

  override async totpKeyIds(): Promise<readonly string[]> {
    const secrets = [...this.tables.users.values()].flatMap(({ totp }) => totp?.sealedSecret ?? []);
    return [...new Set(secrets.map(keyIdOf))];
  }

  private activeOf(id: string, authEpoch: number): StoredUser | null {
    const user = this.tables.users.get(id);
    return user?.isActive && user.authEpoch === authEpoch ? user : null;
  }

  /** Every change of credentials: with a new epoch, and with its notices. */
  private change(
    user: StoredUser,
    changes: Partial<StoredUser>,
    notices: readonly OutboxMessage[],
  ): UserRecord {
    const changed = { ...user, ...changes, authEpoch: user.authEpoch + 1 };
    this.tables.users.set(user.id, changed);
    for (const notice of notices) this.tables.queue(notice);
    return recordOf(changed);
  }

  private keep(sessionId: string, { id, authEpoch }: UserRecord, formerEpoch: number): void {
    const session = this.tables.sessions.get(sessionId);
    if (session?.userId === id && session.authEpoch === formerEpoch)
      this.tables.sessions.set(sessionId, { ...session, authEpoch });
  }
}

/** What a change of credentials sets of a user. */
function setsOf(changes: CredentialChanges, { isVerified, authEpoch }: StoredUser): Partial<StoredUser> {
  const { recoveryKeyId: _, ...named } = namedOf(changes);
  const planted = named.isVerified && !isVerified ? NO_FACTORS : {};
  return { ...named, ...stampsOf(changes, authEpoch + 1), ...planted };
}

/** What a change names; what is there as undefined would else take the place of what it leaves alone. */
function namedOf(changes: CredentialChanges): CredentialChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** A factor that is set is one of the new epoch, and codes are under the key that comes with them. */
function stampsOf(changes: CredentialChanges, epoch: number): Partial<StoredUser> {
  return {
    ...(changes.phoneNumber && { phoneEpoch: epoch }),
    ...(changes.totp && { totpEpoch: epoch }),
    ...(changes.recoveryCodes && {
      recoveryEpoch: epoch,
      recoveryKeyId: changes.recoveryKeyId ?? null,
    }),
  };
}

/** What is left of a user's second factors without those of later epochs (P9). */
function factorsBefore(epoch: number, user: StoredUser): Partial<StoredUser> {
  const phoneNumber = user.phoneEpoch > epoch ? null : user.phoneNumber;
  const totp = user.totpEpoch > epoch ? null : user.totp;
  const hasFactor = phoneNumber !== null || totp !== null;
  const recoveryCodes = hasFactor && user.recoveryEpoch <= epoch ? user.recoveryCodes : [];
  return { phoneNumber, totp, recoveryCodes, isMfaEnabled: user.isMfaEnabled && hasFactor };
}

const NO_FACTORS = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false } as const;
