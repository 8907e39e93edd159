import type { EmailAddress } from '../../kernel/email-address';
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
import { type MemoryTables, recordOf } from './memory.tables';

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
    return this.tables.users.get(id) ?? null;
  }

  override async findByUndo(tokenHash: string, now: Date): Promise<CredentialRecord | null> {
    for (const user of this.tables.users.values()) {
      const { emailUndo: undo } = user;
      if (undo?.tokenHash === tokenHash) return undo.expiresAt > now ? user : null;
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
  ): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    if (user?.authEpoch !== expectedEpoch) return null;
    return this.change(user, changes, notices);
  }

  override async changeEmail(
    id: string,
    expectedEpoch: number,
    { email, undo }: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    if (user?.authEpoch !== expectedEpoch || this.tables.holderOf(email, now, id)) return null;
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
    if (!open || this.tables.holderOf(email, now, id)) return null;
    return this.change(user, { isVerified: true, email, emailUndo: null, passwordHash: null }, notices);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const user = this.tables.users.get(id);
    if (user?.passwordHash !== oldHash) return false;
    this.tables.users.set(id, { ...user, passwordHash: newHash });
    return true;
  }

  /** Every change of credentials: of an active user only, with a new epoch, and with its notices. */
  private change(
    user: CredentialRecord,
    changes: Partial<CredentialRecord>,
    notices: readonly OutboxMessage[],
  ): UserRecord | null {
    if (!user.isActive) return null;
    const isFirstProof = changes.isVerified && !user.isVerified;
    const planted = isFirstProof ? { phoneNumber: null, isMfaEnabled: false } : {};
    const changed = { ...user, ...changes, ...planted, authEpoch: user.authEpoch + 1 };
    this.tables.users.set(user.id, changed);
    for (const notice of notices) this.tables.queue(notice);
    return recordOf(changed);
  }
}
