import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../kernel/clock';
import type { MessageState } from '../../kernel/message-state';
import type { Keyset } from '../../ports/keyset';
import {
  type Channel,
  CHALLENGE_GRACE_SECONDS,
  channelOf,
  type LeasedMessage,
  type ListedMessage,
  type MessageCounts,
  type OutboxMessage,
  OutboxRepository,
} from '../../ports/outbox.repository';
import { type MemoryTables, pageOf, type QueuedMessage } from './memory.tables';

export class MemoryOutboxRepository extends OutboxRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async enqueue(message: OutboxMessage): Promise<void> {
    this.tables.queue(message);
  }

  override async lease(
    channel: Channel,
    limit: number,
    leaseSeconds: number,
    now: Date,
  ): Promise<readonly LeasedMessage[]> {
    const due = [...this.tables.outbox.values()]
      .filter((one) => one.state === 'queued' && one.dueAt <= now && channelOf(one.kind) === channel)
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
    if (challengeId === null || this.tables.hasLive(challengeId, now)) return 'live';
    const isMissing = !this.tables.challenges.has(challengeId);
    return isMissing && addSeconds(createdAt, CHALLENGE_GRACE_SECONDS) > now ? 'waiting' : 'dead';
  }

  private report(id: string, leaseId: string, changes: Partial<QueuedMessage>): boolean {
    const message = this.tables.outbox.get(id);
    if (!message || message.leaseId !== leaseId) return false;
    this.tables.outbox.set(id, { ...message, ...changes });
    return true;
  }

  override async list(state: MessageState | null, page: Keyset): Promise<readonly ListedMessage[]> {
    const found = [...this.tables.outbox.values()].filter((one) => state === null || one.state === state);
    return pageOf(found, page).map(listed);
  }

  override async counts(): Promise<MessageCounts> {
    const counts = { queued: 0, sent: 0, dead: 0 };
    for (const { state } of this.tables.outbox.values()) counts[state] += 1;
    return counts;
  }

  override async retry(id: string, now: Date): Promise<ListedMessage | 'expired' | null> {
    const message = this.tables.outbox.get(id);
    if (!message) return null;
    if (message.state === 'sent') return listed(message);
    if (this.fateOf(message, now) === 'dead') return 'expired';
    const waits = message.state === 'dead' || (message.leaseId === null && message.dueAt > now);
    const next = waits ? { ...message, state: 'queued' as const, dueAt: now } : message;
    this.tables.outbox.set(id, next);
    return listed(next);
  }
}

function listed(message: QueuedMessage): ListedMessage {
  const { id, kind, recipient, state, attempts, lastError, createdAt, dueAt } = message;
  return { id, kind, recipient, state, attempts, lastError, createdAt, dueAt };
}
