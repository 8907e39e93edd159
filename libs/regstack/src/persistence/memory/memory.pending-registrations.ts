import type { NewChallenge } from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import type { UserRecord } from '../../ports/user.repository';
import { type MemoryTables, withoutHash } from './memory.tables';

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
    const user = { id: userId, email, passwordHash, fullName, isVerified: true, createdAt: now };
    const record = this.tables.insertUser(user);
    if (!record) return null;
    this.dropAttempts(email);
    return withoutHash(record);
  }

  private dropAttempts(email: string): void {
    const attempts = [...this.tables.pending.values()].filter((one) => one.email === email);
    const subjects = new Set(attempts.map(({ id }) => id));
    for (const { id, subjectId } of this.tables.challenges.values()) {
      if (subjects.has(subjectId)) this.tables.challenges.delete(id);
    }
    for (const { id } of attempts) this.tables.pending.delete(id);
  }
}
