import { addSeconds } from '../../kernel/clock';
import { SENT_KEPT_SECONDS, SWEEP_AFTER_SECONDS, Sweeper } from '../../ports/sweeper';
import type { Sql } from './sql';
import type { Tables } from './tables';

/** Rows that are dead by an indexed column under a condition, and by what they are told apart. */
interface Dead {
  readonly table: string;
  readonly column: string;
  readonly is: '<' | '<=';
  readonly than: Date;
  readonly key: string;
}

export class TypeOrmSweeper extends Sweeper {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number> {
    let purged = 0;
    for (const one of this.dead(now, auditedSince)) {
      if (purged < limit) purged += await this.purge(one, limit - purged);
    }
    return purged;
  }

  private dead(now: Date, auditedSince: Date): readonly Dead[] {
    const { emailClaims, sessions, pending, challenges, budgets, outbox, audit } = this.tables;
    const expired = { column: 'expires_at', is: '<=', than: addSeconds(now, -SWEEP_AFTER_SECONDS) } as const;
    const sent = { column: 'sent_at', is: '<=', than: addSeconds(now, -SENT_KEPT_SECONDS) } as const;
    return [
      ...[sessions, pending, challenges].map((table) => ({ ...expired, table, key: 'id' })),
      { ...expired, table: emailClaims, key: 'email' },
      { ...expired, table: budgets, key: 'id', column: 'ends_at' },
      { ...sent, table: outbox, key: 'id' },
      { table: audit, column: 'at', is: '<', than: auditedSince, key: 'id' },
    ];
  }

  /**
   * A look before the write keeps an idle sweep away from the write lock. In order, so that PostgreSQL walks the index also where it
   * plans without knowing the instant. What a power cut brings back is dead all the same.
   */
  private async purge({ table, column, is, than, key }: Dead, limit: number): Promise<number> {
    const dead = `FROM ${table} WHERE ${column} ${is} ? ORDER BY ${column} LIMIT`;
    if (!(await this.sql.first(`SELECT ${key} ${dead} 1`, [than]))) return 0;
    const query = `WITH dead AS MATERIALIZED (SELECT ${key} ${dead} ? ${this.sql.dialect.skipLocked})
      DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM dead) RETURNING ${key}`;
    return (await this.sql.rows(query, [than, limit], 'in-order')).length;
  }
}
