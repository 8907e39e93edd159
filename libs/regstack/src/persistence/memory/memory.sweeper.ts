import { addSeconds } from '../../kernel/clock';
import {
  DEAD_LETTERS_KEPT_SECONDS,
  SENT_KEPT_SECONDS,
  SWEEP_AFTER_SECONDS,
  Sweeper,
} from '../../ports/sweeper';
import type { MemoryTables } from './memory.tables';

export class MemorySweeper extends Sweeper {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number> {
    const { sessions, pending, challenges, budgets, outbox, audit, trustedDevices } = this.tables;
    const ended = addSeconds(now, -SWEEP_AFTER_SECONDS);
    const sent = addSeconds(now, -SENT_KEPT_SECONDS);
    const lastTried = addSeconds(now, -DEAD_LETTERS_KEPT_SECONDS);
    let left = limit;
    const purge = <T>(rows: Map<string, T>, isDead: (row: T) => boolean): void => {
      for (const [key, row] of rows) if (left > 0 && isDead(row) && rows.delete(key)) left -= 1;
    };
    for (const table of [sessions, trustedDevices, pending, challenges]) {
      purge<{ readonly expiresAt: Date }>(table, ({ expiresAt }) => expiresAt <= ended);
    }
    purge(budgets, ({ endsAt }) => endsAt <= ended);
    purge(outbox, ({ sentAt }) => sentAt !== null && sentAt <= sent);
    purge(outbox, ({ state, dueAt, challengeId }) => {
      const isUseless = challengeId !== null && !this.tables.hasLive(challengeId, now);
      return state === 'dead' && (isUseless || dueAt <= lastTried);
    });
    purge(audit, ({ at }) => at < auditedSince);
    return limit - left;
  }
}
