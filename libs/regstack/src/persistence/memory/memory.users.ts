import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type CredentialChanges,
  EmailTakenError,
  type LoginRecord,
  type NewUser,
  type UserRecord,
  UserRepository,
} from '../../ports/user.repository';
import { type MemoryTables, withoutHash } from './memory.tables';

export class MemoryUserRepository extends UserRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const record = this.tables.insertUser(user);
    if (!record) throw new EmailTakenError();
    return withoutHash(record);
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    return user ? withoutHash(user) : null;
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    return this.tables.userByEmail(email);
  }

  override async isTaken(email: EmailAddress): Promise<boolean> {
    return this.tables.userByEmail(email) !== null;
  }

  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notice: OutboxMessage | null,
  ): Promise<UserRecord | null> {
    const user = this.tables.users.get(id);
    if (!user?.isActive || user.authEpoch !== expectedEpoch) return null;
    const changed = { ...user, ...changes, authEpoch: expectedEpoch + 1 };
    this.tables.users.set(id, changed);
    if (notice) this.tables.queue(notice);
    return withoutHash(changed);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const user = this.tables.users.get(id);
    if (user?.passwordHash !== oldHash) return false;
    this.tables.users.set(id, { ...user, passwordHash: newHash });
    return true;
  }
}
