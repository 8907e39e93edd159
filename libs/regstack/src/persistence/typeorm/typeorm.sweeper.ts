import { addSeconds } from '../../kernel/clock';
import { SENT_KEPT_SECONDS, SWEEP_AFTER_SECONDS, Sweeper } from '../../ports/sweeper';
import type { Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmSweeper extends Sweeper {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async purgeExpired(limit: number, now: Date): Promise<number> {
    const { sessions, pending, challenges, budgets, outbox } = this.tables;
    const ended = addSeconds(now, -SWEEP_AFTER_SECONDS);
    const dead: readonly (readonly [table: string, condition: string, since: Date])[] = [
      [sessions, 'expires_at <= ?', ended],
      [pending, 'expires_at <= ?', ended],
      [challenges, 'expires_at <= ?', ended],
      [budgets, 'ends_at <= ?', ended],
      [outbox, "state = 'sent' AND sent_at <= ?", addSeconds(now, -SENT_KEPT_SECONDS)],
    ];
    let purged = 0;
    for (const [table, condition, since] of dead) {
      if (purged < limit) purged += await this.purge(table, condition, since, limit - purged);
    }
    return purged;
  }

  /** A look before the write keeps an idle sweep away from the write lock. What a power cut brings back is dead all the same. */
  private async purge(table: string, condition: string, since: Date, limit: number): Promise<number> {
    const look = `SELECT id FROM ${table} WHERE ${condition} LIMIT 1`;
    if (!(await this.sql.first(look, [since]))) return 0;
    const some = `SELECT id FROM ${table} WHERE ${condition} LIMIT ? ${this.sql.dialect.skipLocked}`;
    const query = `WITH dead AS MATERIALIZED (${some}) DELETE FROM ${table} WHERE id IN (SELECT id FROM dead) RETURNING id`;
    return (await this.sql.rows(query, [since, limit], 'in-order')).length;
  }
}
