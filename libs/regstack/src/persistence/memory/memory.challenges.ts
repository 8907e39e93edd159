import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { MemoryTables } from './memory.tables';

export class MemoryChallengeRepository extends ChallengeRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async issue(challenge: NewChallenge): Promise<void> {
    for (const { id, kind, subjectId } of this.tables.challenges.values()) {
      if (kind === challenge.kind && subjectId === challenge.subjectId) this.tables.challenges.delete(id);
    }
    this.tables.challenges.set(challenge.id, { ...challenge, usedAt: null });
  }

  override async findLive(kind: ChallengeKind, tokenHash: string, now: Date): Promise<Challenge | null> {
    for (const { usedAt, ...challenge } of this.tables.challenges.values()) {
      if (challenge.kind === kind && challenge.tokenHash === tokenHash) {
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
}
