import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../kernel/clock';
import {
  CHALLENGE_GRACE_SECONDS,
  type LeasedMessage,
  type OutboxMessage,
  OutboxRepository,
} from '../../ports/outbox.repository';
import type { MemoryTables, QueuedMessage } from './memory.tables';

export class MemoryOutboxRepository extends OutboxRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async enqueue(message: OutboxMessage): Promise<void> {
    this.tables.queue(message);
  }

  override async lease(limit: number, leaseSeconds: number, now: Date): Promise<readonly LeasedMessage[]> {
    const due = [...this.tables.outbox.values()]
      .filter((one) => one.state === 'queued' && one.dueAt <= now)
      .toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    const leased: LeasedMessage[] = [];
    const leaseId = randomUUID();
    for (const message of due) {
      const fate = this.fateOf(message, now);
      if (fate === 'dead') this.tables.outbox.delete(message.id);
      if (fate !== 'live' || leased.length >= limit) continue;
      const attempts = message.attempts + 1;
      this.tables.outbox.set(message.id, {
        ...message,
        attempts,
        leaseId,
        dueAt: addSeconds(now, leaseSeconds),
      });
      const { id, kind, recipient, challengeId, sealedBody, createdAt } = message;
      leased.push({ id, kind, recipient, challengeId, sealedBody, createdAt, leaseId, attempts });
    }
    return leased;
  }

  override async renew(leaseId: string, leaseSeconds: number, now: Date): Promise<void> {
    for (const message of this.tables.outbox.values()) {
      if (message.leaseId !== leaseId) continue;
      this.tables.outbox.set(message.id, { ...message, dueAt: addSeconds(now, leaseSeconds) });
    }
  }

  override async settle(id: string, leaseId: string, now: Date): Promise<boolean> {
    return this.report(id, leaseId, {
      state: 'sent',
      recipient: '',
      sealedBody: '',
      leaseId: null,
      sentAt: now,
    });
  }

  override async fail(id: string, leaseId: string, reason: string, retryAt: Date | null): Promise<boolean> {
    const next = retryAt ? { dueAt: retryAt } : { state: 'dead' as const };
    return this.report(id, leaseId, { ...next, lastError: reason, leaseId: null });
  }

  private fateOf({ challengeId, createdAt }: QueuedMessage, now: Date): 'live' | 'waiting' | 'dead' {
    if (challengeId === null) return 'live';
    const challenge = this.tables.challenges.get(challengeId);
    if (!challenge) return addSeconds(createdAt, CHALLENGE_GRACE_SECONDS) > now ? 'waiting' : 'dead';
    return challenge.usedAt === null && challenge.expiresAt > now ? 'live' : 'dead';
  }

  private report(id: string, leaseId: string, changes: Partial<QueuedMessage>): boolean {
    const message = this.tables.outbox.get(id);
    if (!message || message.leaseId !== leaseId) return false;
    this.tables.outbox.set(id, { ...message, ...changes });
    return true;
  }
}
