import { addSeconds } from '../../kernel/clock';
import { unavailable } from '../../kernel/errors';
import { BudgetRepository, BURST_SECONDS, type Reservation } from '../../ports/budget.repository';
import { date } from './rows';
import type { Sql } from './sql';
import type { Tables } from './tables';

/** More rounds than a row can change between two statements. */
const ROUNDS = 16;

/** Column `refusal`: nobody was refused in this window; somebody was, and was granted since; the last call was refused. */
const NONE = 0;
const EARLIER = 1;
const LAST = 2;

/** Counts survive the process but wait for no disk: a login would wait for it three times instead of once. */
export class TypeOrmBudgetRepository extends BudgetRepository {
  private readonly take: string;
  private readonly full: string;

  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
    // One statement: insert the first count, or count on while there is room, or open a new window once the old one is over. The
    // refusal of a full window is noted in the same statement; while it is the last thing noted, further ones write nothing.
    const over = 'b.ends_at <= excluded.opened_at';
    this.take = `INSERT INTO ${tables.budgets} AS b (id, used, refusal, opened_at, ends_at) VALUES (?, 1, ${NONE}, ?, ?)
      ON CONFLICT (id) DO UPDATE SET
        used = CASE WHEN ${over} THEN 1 WHEN b.used < ? THEN b.used + 1 ELSE b.used END,
        refusal = CASE WHEN ${over} OR (b.used < ? AND b.refusal = ${NONE}) THEN ${NONE} WHEN b.used < ? THEN ${EARLIER} ELSE ${LAST} END,
        ends_at = CASE WHEN ${over} THEN excluded.ends_at ELSE b.ends_at END,
        opened_at = CASE WHEN ${over} THEN excluded.opened_at ELSE b.opened_at END
      WHERE ${over} OR b.used < ? OR b.refusal <> ${LAST}
      RETURNING used, refusal, opened_at, ends_at`;
    this.full = `SELECT ends_at FROM ${tables.budgets} WHERE id = ? AND ends_at > ? AND refusal = ${LAST}`;
  }

  override async reserve(key: string, limit: number, windowSeconds: number, now: Date): Promise<Reservation> {
    for (let round = 0; round < ROUNDS; round++) {
      const params = [key, now, addSeconds(now, windowSeconds), limit, limit, limit, limit];
      const noted = await this.sql.first(this.take, params, 'in-order');
      if (noted && Number(noted['refusal']) !== LAST) {
        return {
          granted: true,
          openedAt: date(noted['opened_at']),
          remaining: limit - Number(noted['used']),
        };
      }
      const full = noted ?? (await this.sql.first(this.full, [key, now]));
      if (full) return { granted: false, until: date(full['ends_at']) };
      // Released between the two statements: there is room again.
    }
    throw unavailable(new Error('the budget changes faster than it can be read'));
  }

  override async isSpent(key: string, limit: number, now: Date): Promise<boolean> {
    const query = `SELECT id FROM ${this.tables.budgets} WHERE id = ? AND used >= ? AND ends_at > ?`;
    return (await this.sql.first(query, [key, limit, now])) !== null;
  }

  override async refund(key: string, openedAt: Date): Promise<void> {
    const query = `UPDATE ${this.tables.budgets} SET used = used - 1 WHERE id = ? AND opened_at = ? AND used > 0`;
    await this.sql.rows(query, [key, openedAt], 'in-order');
  }

  override async release(key: string, now: Date): Promise<void> {
    // The last branch is never taken: it gives the parameters their type.
    const end = `CASE WHEN refusal = ${NONE} THEN ? WHEN refusal <> ${NONE} THEN ? ELSE ends_at END`;
    const ends = [now, addSeconds(now, BURST_SECONDS)];
    const query = `UPDATE ${this.tables.budgets} SET ends_at = ${end} WHERE id = ? AND ends_at > ${end}`;
    await this.sql.rows(query, [...ends, key, ...ends], 'in-order');
  }

  override async forget(key: string): Promise<void> {
    await this.sql.rows(`DELETE FROM ${this.tables.budgets} WHERE id = ?`, [key], 'in-order');
  }
}
