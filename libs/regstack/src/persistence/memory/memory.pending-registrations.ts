import type { NewChallenge } from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type LiveAttempt,
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import type { EmailAddress } from '../../kernel/email-address';
import type { NewUser, UserRecord } from '../../ports/user.repository';
import { type MemoryTables, recordOf } from './memory.tables';

export class MemoryPendingRegistrationRepository extends PendingRegistrationRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async add(attempt: PendingRegistration, link: NewChallenge, mail: OutboxMessage): Promise<void> {
    this.tables.queue(mail);
    this.tables.pending.set(attempt.id, attempt);
    this.tables.challenges.set(link.id, { ...link, usedAt: null });
  }

  override async activate(id: string, now: Date): Promise<UserRecord | null> {
    const attempt = this.tables.pending.get(id);
    if (!attempt || attempt.expiresAt <= now) return null;
    const { userId, email, passwordHash, fullName } = attempt;
    return this.settle({ id: userId, email, passwordHash, fullName, isVerified: true, createdAt: now });
  }

  override async settle(user: NewUser): Promise<UserRecord | null> {
    const record = this.tables.insertUser(user);
    if (!record) return null;
    await this.dropAllFor(user.email);
    return recordOf(record);
  }

  override async findLive(email: EmailAddress, limit: number, now: Date): Promise<readonly LiveAttempt[]> {
    return [...this.tables.pending.values()]
      .filter((one) => one.email === email && one.expiresAt > now)
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      .slice(0, limit)
      .map(({ id, expiresAt }) => ({ id, expiresAt }));
  }

  override async dropAllFor(email: EmailAddress): Promise<void> {
    const attempts = [...this.tables.pending.values()].filter((one) => one.email === email);
    const subjects = new Set<string>([email, ...attempts.map(({ id }) => id)]);
    for (const { id, subjectId } of this.tables.challenges.values()) {
      if (subjects.has(subjectId)) this.tables.challenges.delete(id);
    }
    for (const { id } of attempts) this.tables.pending.delete(id);
  }
}
