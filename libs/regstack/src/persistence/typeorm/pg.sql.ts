import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { unavailable } from '../../kernel/errors';
import { POSTGRES } from './dialect';
import { isConnectionLost, isTransient, isUnavailable, isUniqueViolation } from './pg.errors';
import { toParam, TYPES } from './pg.types';
import { type Row, Sql, type Statement, UniqueViolation } from './sql';

/** How often a transaction that PostgreSQL broke up (deadlock) is tried again. */
const RETRIES = 5;

type Rows = readonly Row[];

/**
 * The seam over `pg`. Every statement is a named one: a connection parses and plans it once. An operation has one deadline for
 * the connection and for all of its statements; a connection that missed it is thrown away, since nobody knows what it is doing.
 */
export class PgSql extends Sql {
  override readonly dialect = POSTGRES;
  private readonly named = new Map<string, { readonly name: string; readonly text: string }>();

  /** @param timeoutMs how long one operation may take */
  constructor(
    private readonly pool: Pool,
    private readonly timeoutMs: number,
  ) {
    super();
  }

  /** PostgreSQL puts every commit on disk before it answers. */
  override rows(text: string, params: readonly unknown[] = []): Promise<Rows> {
    return this.connected((client, deadline) => this.run(client, { text, params }, deadline));
  }

  override transaction(statements: readonly Statement[]): Promise<readonly Rows[] | null> {
    return this.connected((client, deadline) => this.allOrNothing(client, statements, deadline));
  }

  /** The pool is the DataSource's. */
  override async close(): Promise<void> {}

  private async connected<T>(work: (client: PoolClient, deadline: number) => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.timeoutMs;
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      client.on('error', ignore);
      const result = await work(client, deadline);
      release(client);
      return result;
    } catch (error) {
      if (client) release(client, isConnectionLost(error));
      throw translated(error);
    }
  }

  private async allOrNothing(
    client: PoolClient,
    statements: readonly Statement[],
    deadline: number,
  ): Promise<readonly Rows[] | null> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.attempt(client, statements, deadline);
      } catch (error) {
        if (isConnectionLost(error)) throw error;
        if (statements.length > 1) await this.run(client, ROLLBACK, deadline);
        if (!isTransient(error) || attempt === RETRIES) throw error;
      }
    }
  }

  private async attempt(
    client: PoolClient,
    statements: readonly Statement[],
    deadline: number,
  ): Promise<readonly Rows[] | null> {
    const [only] = statements;
    if (only && statements.length === 1) return touched(only, await this.run(client, only, deadline));
    await this.run(client, BEGIN, deadline);
    const results: Rows[] = [];
    for (const statement of statements) {
      const rows = await this.run(client, statement, deadline);
      if (statement.mustTouch && rows.length === 0) {
        await this.run(client, ROLLBACK, deadline);
        return null;
      }
      results.push(rows);
    }
    await this.run(client, COMMIT, deadline);
    return results;
  }

  private async run(client: PoolClient, { text, params }: Statement, deadline: number): Promise<Rows> {
    const left = Math.max(1, deadline - Date.now());
    const query = { ...this.prepared(text), values: params.map(toParam), types: TYPES, query_timeout: left };
    return (await client.query<Row>(query)).rows;
  }

  /** The statement as PostgreSQL writes it (`$1` for `?`), under a name that says what it is. */
  private prepared(text: string): { readonly name: string; readonly text: string } {
    let statement = this.named.get(text);
    if (!statement) {
      let count = 0;
      const digest = createHash('sha256').update(text).digest('hex').slice(0, 24);
      statement = { name: `regstack_${digest}`, text: text.replaceAll('?', () => `$${++count}`) };
      this.named.set(text, statement);
    }
    return statement;
  }
}

/** One statement is a transaction by itself. */
const touched = ({ mustTouch }: Statement, rows: Rows): readonly Rows[] | null =>
  mustTouch && rows.length === 0 ? null : [rows];

const BEGIN: Statement = { text: 'BEGIN', params: [] };
const COMMIT: Statement = { text: 'COMMIT', params: [] };
const ROLLBACK: Statement = { text: 'ROLLBACK', params: [] };

/** A connection that breaks between two statements says so as an event; the next statement tells it to us. */
function ignore(): void {}

function release(client: PoolClient, isBroken = false): void {
  client.off('error', ignore);
  client.release(isBroken);
}

function translated(error: unknown): unknown {
  if (isUniqueViolation(error)) return new UniqueViolation(error);
  return isUnavailable(error) ? unavailable(error) : error;
}
