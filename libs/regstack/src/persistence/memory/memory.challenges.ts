import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { MemoryTables } from './memory.tables';

export class MemoryChallengeRepository extends ChallengeRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async issue(challenge: NewChallenge, message: OutboxMessage): Promise<void> {
    this.tables.queue(message);
    for (const { id, kind, subjectId, authEpoch } of this.tables.challenges.values()) {
      if (kind !== challenge.kind || subjectId !== challenge.subjectId) continue;
      if (authEpoch !== null && challenge.authEpoch !== null && authEpoch > challenge.authEpoch) return;
      this.tables.challenges.delete(id);
    }
    this.tables.challenges.set(challenge.id, { ...challenge, usedAt: null });
  }

  override async findLive(
    kinds: readonly ChallengeKind[],
    tokenHash: string,
    now: Date,
  ): Promise<Challenge | null> {
    for (const { usedAt, ...challenge } of this.tables.challenges.values()) {
      if (kinds.includes(challenge.kind) && challenge.tokenHash === tokenHash) {
        return usedAt === null && challenge.expiresAt > now ? challenge : null;
      }
    }
    return null;
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    const challenge = this.tables.challenges.get(id);
    if (!challenge || challenge.usedAt !== null || challenge.expiresAt <= now) return false;
    this.tables.challenges.set(id, { ...challenge, usedAt: now });
    return true;
  }

  override async dropAllFor(userId: string, beforeEpoch: number): Promise<void> {
    for (const challenge of this.tables.challenges.values()) {
      const isOlder = challenge.authEpoch !== null && challenge.authEpoch < beforeEpoch;
      if (challenge.subjectId === userId && isOlder) this.tables.challenges.delete(challenge.id);
    }
  }
}
