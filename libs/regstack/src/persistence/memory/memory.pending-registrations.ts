import type { NewChallenge } from '../../ports/challenge.repository';
import type { Keyset } from '../../ports/keyset';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type ListedAttempt,
  type LiveAttempt,
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import type { EmailAddress } from '../../kernel/email-address';
import type { NewUser, UserRecord } from '../../ports/user.repository';
import { type MemoryTables, pageOf, recordOf } from './memory.tables';

export class MemoryPendingRegistrationRepository extends PendingRegistrationRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async add(attempt: PendingRegistration, link: NewChallenge, mail: OutboxMessage): Promise<void> {
    this.tables.queue(mail);
    this.tables.pending.set(attempt.id, attempt);
    this.tables.challenges.set(link.id, { ...link, usedAt: null, guesses: 0 });
  }

  override async activate(id: string, now: Date): Promise<UserRecord | null> {
    const attempt = this.tables.pending.get(id);
    if (!attempt || attempt.expiresAt <= now) return null;
    const { userId, email, passwordHash, fullName, attributes } = attempt;
    const typed = { email, passwordHash, fullName, attributes };
    return this.settle({ ...typed, id: userId, isVerified: true, isSuperuser: false, createdAt: now });
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

  override async list(page: Keyset, now: Date): Promise<readonly ListedAttempt[]> {
    const waiting = [...this.tables.pending.values()].filter(
      ({ email, expiresAt }) => expiresAt > now && !this.tables.holderOf(email, now),
    );
    return pageOf(waiting, page).map(({ id, email, fullName, createdAt, expiresAt }) => ({
      id,
      email,
      fullName,
      createdAt,
      expiresAt,
    }));
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
