import { addSeconds } from '../../kernel/clock';
import { BudgetRepository, BURST_SECONDS, type Reservation } from '../../ports/budget.repository';
import type { MemoryTables } from './memory.tables';

export class MemoryBudgetRepository extends BudgetRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async reserve(key: string, limit: number, windowSeconds: number, now: Date): Promise<Reservation> {
    const { budgets } = this.tables;
    const window = budgets.get(key);
    if (!window || window.endsAt <= now) {
      budgets.set(key, { used: 1, refused: false, openedAt: now, endsAt: addSeconds(now, windowSeconds) });
      return { granted: true, openedAt: now, remaining: limit - 1 };
    }
    if (window.used >= limit) {
      budgets.set(key, { ...window, refused: true });
      return { granted: false, until: window.endsAt };
    }
    const used = window.used + 1;
    budgets.set(key, { ...window, used });
    return { granted: true, openedAt: window.openedAt, remaining: limit - used };
  }

  override async isSpent(key: string, limit: number, now: Date): Promise<boolean> {
    const window = this.tables.budgets.get(key);
    return window !== undefined && window.endsAt > now && window.used >= limit;
  }

  override async refund(key: string, openedAt: Date): Promise<void> {
    const window = this.tables.budgets.get(key);
    if (!window || window.openedAt.getTime() !== openedAt.getTime()) return;
    this.tables.budgets.set(key, { ...window, used: Math.max(0, window.used - 1) });
  }

  override async release(key: string, now: Date): Promise<void> {
    const window = this.tables.budgets.get(key);
    if (!window) return;
    const end = window.refused ? addSeconds(now, BURST_SECONDS) : now;
    this.tables.budgets.set(key, { ...window, endsAt: end < window.endsAt ? end : window.endsAt });
  }

  override async forget(key: string): Promise<void> {
    this.tables.budgets.delete(key);
  }
}
