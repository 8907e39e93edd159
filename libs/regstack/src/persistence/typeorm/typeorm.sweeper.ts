import { addSeconds } from '../../kernel/clock';
import { SENT_KEPT_SECONDS, SWEEP_AFTER_SECONDS, Sweeper } from '../../ports/sweeper';
import type { Sql } from './sql';
import type { Tables } from './tables';

/** Rows whose instant in this indexed column has passed, and by what they are told apart. */
type Dead = readonly [table: string, column: string, since: Date, key?: string];

export class TypeOrmSweeper extends Sweeper {
  override readonly isAutomatic = false;

  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async purgeExpired(limit: number, now: Date): Promise<number> {
    const { emailClaims, sessions, pending, challenges, budgets, outbox } = this.tables;
    const ended = addSeconds(now, -SWEEP_AFTER_SECONDS);
    const dead: readonly Dead[] = [
      [sessions, 'expires_at', ended],
      [pending, 'expires_at', ended],
      [challenges, 'expires_at', ended],
      [emailClaims, 'expires_at', ended, 'email'],
      [budgets, 'ends_at', ended],
      [outbox, 'sent_at', addSeconds(now, -SENT_KEPT_SECONDS)],
    ];
    let purged = 0;
    for (const one of dead) {
      if (purged < limit) purged += await this.purge(one, limit - purged);
    }
    return purged;
  }

  /**
   * A look before the write keeps an idle sweep away from the write lock. In order, so that PostgreSQL walks the index also where it
   * plans without knowing the instant. What a power cut brings back is dead all the same.
   */
  private async purge([table, column, since, key = 'id']: Dead, limit: number): Promise<number> {
    const dead = `FROM ${table} WHERE ${column} <= ? ORDER BY ${column} LIMIT`;
    if (!(await this.sql.first(`SELECT ${key} ${dead} 1`, [since]))) return 0;
    const query = `WITH dead AS MATERIALIZED (SELECT ${key} ${dead} ? ${this.sql.dialect.skipLocked})
      DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM dead) RETURNING ${key}`;
    return (await this.sql.rows(query, [since, limit], 'in-order')).length;
  }
}
