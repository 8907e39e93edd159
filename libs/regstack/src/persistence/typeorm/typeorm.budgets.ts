import { addSeconds } from '../../kernel/clock';
import { BudgetRepository, BURST_SECONDS, type Reservation } from '../../ports/budget.repository';
import { date } from './rows';
import type { Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmBudgetRepository extends BudgetRepository {
  private readonly take: string;

  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
    // One statement: insert the first count, or count on while there is room, or open a new window once the old one is over. The
    // first refusal of a window is counted as well, as one more than the limit; later ones write nothing.
    this.take = `INSERT INTO ${tables.budgets} AS b (id, used, opened_at, ends_at) VALUES (?, 1, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        used = CASE WHEN b.ends_at <= excluded.opened_at THEN 1 ELSE b.used + 1 END,
        ends_at = CASE WHEN b.ends_at <= excluded.opened_at THEN excluded.ends_at ELSE b.ends_at END,
        opened_at = CASE WHEN b.ends_at <= excluded.opened_at THEN excluded.opened_at ELSE b.opened_at END
      WHERE b.used <= ? OR b.ends_at <= excluded.opened_at
      RETURNING used, opened_at, ends_at`;
  }

  override async reserve(key: string, limit: number, windowSeconds: number, now: Date): Promise<Reservation> {
    for (;;) {
      const counted = await this.sql.first(this.take, [key, now, addSeconds(now, windowSeconds), limit]);
      const window =
        counted ??
        (await this.sql.first(`SELECT used, ends_at FROM ${this.tables.budgets} WHERE id = ?`, [key]));
      const remaining = limit - Number(window?.['used']);
      if (counted && remaining >= 0)
        return { granted: true, openedAt: date(counted['opened_at']), remaining };
      if (window) return { granted: false, until: date(window['ends_at']) };
      // Cleared between the two statements: there is room again.
    }
  }

  override async refund(key: string, openedAt: Date): Promise<void> {
    const query = `UPDATE ${this.tables.budgets} SET used = used - 1 WHERE id = ? AND opened_at = ? AND used > 0`;
    await this.sql.rows(query, [key, openedAt]);
  }

  override async release(key: string, limit: number, now: Date): Promise<void> {
    const query = `UPDATE ${this.tables.budgets} SET ends_at = CASE WHEN used <= ? THEN ? ELSE ? END WHERE id = ? AND ends_at > ?`;
    const end = addSeconds(now, BURST_SECONDS);
    await this.sql.rows(query, [limit, now, end, key, end]);
  }
}
