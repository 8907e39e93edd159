import { addSeconds } from '../../kernel/clock';
import {
  DEAD_LETTERS_KEPT_SECONDS,
  SENT_KEPT_SECONDS,
  SWEEP_AFTER_SECONDS,
  Sweeper,
} from '../../ports/sweeper';
import { hasLiveChallenge } from './live-challenge';
import type { Sql } from './sql';
import type { Tables } from './tables';

/** Rows that are dead by an instant, in the order of an indexed column, and by what they are told apart. */
interface Dead {
  readonly table: string;
  /** Its one parameter is `than`. */
  readonly where: string;
  readonly than: Date;
  readonly order: string;
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
    const { emailClaims, sessions, trustedDevices, pending, challenges, budgets, outbox, audit } =
      this.tables;
    const before = (order: string, seconds: number) => {
      return { key: 'id', where: `${order} <= ?`, order, than: addSeconds(now, -seconds) };
    };
    const expired = before('expires_at', SWEEP_AFTER_SECONDS);
    const lastTried = before('due_at', DEAD_LETTERS_KEPT_SECONDS);
    return [
      ...[sessions, trustedDevices, pending, challenges].map((table) => ({ ...expired, table })),
      { ...expired, table: emailClaims, key: 'email' },
      { ...before('ends_at', SWEEP_AFTER_SECONDS), table: budgets },
      { ...before('sent_at', SENT_KEPT_SECONDS), table: outbox },
      { ...lastTried, table: outbox, where: `state = 'dead' AND ${lastTried.where}` },
      { ...lastTried, table: outbox, where: this.uselessLetters(), than: now },
      { key: 'id', table: audit, where: 'at < ?', order: 'at', than: auditedSince },
    ];
  }

  /** Dead letters whose challenge is not live any more: nobody could use what they say. */
  private uselessLetters(): string {
    return `state = 'dead' AND challenge_id IS NOT NULL AND NOT ${hasLiveChallenge(this.tables)}`;
  }

  /**
   * A look before the write keeps an idle sweep away from the write lock. In order, so that PostgreSQL walks the index also where it
   * plans without knowing the instant. What a power cut brings back is dead all the same.
   */
  private async purge({ table, where, than, order, key }: Dead, limit: number): Promise<number> {
    const dead = `FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT`;
    if (!(await this.sql.first(`SELECT ${key} ${dead} 1`, [than]))) return 0;
    const query = `WITH dead AS MATERIALIZED (SELECT ${key} ${dead} ? ${this.sql.dialect.skipLocked})
      DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM dead) RETURNING ${key}`;
    return (await this.sql.rows(query, [than, limit], 'in-order')).length;
  }
}
