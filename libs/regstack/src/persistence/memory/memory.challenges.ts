import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { MemoryTables, StoredChallenge } from './memory.tables';

export class MemoryChallengeRepository extends ChallengeRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async issue(challenge: NewChallenge, message: OutboxMessage | null): Promise<void> {
    if (message) this.tables.queue(message);
    for (const { id, kind, subjectId, authEpoch } of this.tables.challenges.values()) {
      if (kind !== challenge.kind || subjectId !== challenge.subjectId) continue;
      if (authEpoch !== null && challenge.authEpoch !== null && authEpoch > challenge.authEpoch) return;
      this.tables.challenges.delete(id);
    }
    this.tables.challenges.set(challenge.id, { ...challenge, usedAt: null, guesses: 0 });
  }

  override async findLive(
    kinds: readonly ChallengeKind[],
    tokenHash: string,
    now: Date,
  ): Promise<Challenge | null> {
    const found = this.find((one) => kinds.includes(one.kind) && one.tokenHash === tokenHash, now);
    return found && challengeOf(found);
  }

  override async findLiveAbout(kind: ChallengeKind, subjectId: string, now: Date): Promise<Challenge | null> {
    const found = this.find((one) => one.kind === kind && one.subjectId === subjectId, now);
    return found && challengeOf(found);
  }

  override async countGuess(id: string, limit: number, now: Date): Promise<boolean> {
    const challenge = this.find((one) => one.id === id, now);
    if (!challenge || challenge.guesses >= limit) return false;
    this.tables.challenges.set(id, { ...challenge, guesses: challenge.guesses + 1 });
    return true;
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    const challenge = this.find((one) => one.id === id, now);
    if (!challenge) return false;
    this.tables.challenges.set(id, { ...challenge, usedAt: now });
    return true;
  }

  override async dropAllFor(userId: string, beforeEpoch: number): Promise<void> {
    for (const challenge of this.tables.challenges.values()) {
      const isOlder = challenge.authEpoch !== null && challenge.authEpoch < beforeEpoch;
      const isTheirs = challenge.subjectId === userId || challenge.userId === userId;
      if (isTheirs && isOlder) this.tables.challenges.delete(challenge.id);
    }
  }

  private find(isMeant: (challenge: StoredChallenge) => boolean, now: Date): StoredChallenge | null {
    const found = [...this.tables.challenges.values()].find(isMeant);
    return found && found.usedAt === null && found.expiresAt > now ? found : null;
  }
}

function challengeOf(stored: StoredChallenge): Challenge {
  const { usedAt: _, ...challenge } = stored;
  return challenge;
}
