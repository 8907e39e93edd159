import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { unavailable } from '../../kernel/errors';
import { POSTGRES } from './dialect';
import { isConnectionLost, isTransient, isUnavailable, isUniqueViolation } from './pg.errors';
import { toParam, TYPES } from './pg.types';
import { type Row, Sql, type Statement, UniqueViolation } from './sql';

/** How often work that PostgreSQL broke up because of somebody else's (deadlock) is tried again. */
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
    return this.connected(async (run) => run({ text, params }));
  }

  override transaction(statements: readonly Statement[]): Promise<readonly Rows[] | null> {
    return this.connected((run) => allOrNothing(run, statements));
  }

  /** The pool is the DataSource's. */
  override async close(): Promise<void> {}

  private async connected<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.timeoutMs;
    let client: PoolClient | undefined;
    try {
      client = await this.acquire();
      const result = await this.patiently(client, deadline, work);
      release(client);
      return result;
    } catch (error) {
      if (client) release(client, isConnectionLost(error));
      throw translated(error);
    }
  }

  /**
   * A connection that breaks while it is ours says so as an event, and one that nobody hears ends the process. So the ear is there in
   * the very turn in which the pool takes its own away: with a promise of `pool.connect()` it would come too late.
   */
  private acquire(): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      this.pool.connect((error, client) => {
        if (!client) return reject(error ?? new Error('no connection'));
        client.on('error', ignore);
        resolve(client);
      });
    });
  }

  private async patiently<T>(
    client: PoolClient,
    deadline: number,
    work: (run: Run) => Promise<T>,
  ): Promise<T> {
    const run: Run = (statement) => this.run(client, statement, deadline);
    for (let attempt = 0; ; attempt++) {
      try {
        return await work(run);
      } catch (error) {
        if (!isTransient(error) || attempt === RETRIES) throw error;
      }
    }
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

/** Runs a statement on the connection of an operation, before its deadline. */
type Run = (statement: Statement) => Promise<Rows>;

const BEGIN: Statement = { text: 'BEGIN', params: [] };
const COMMIT: Statement = { text: 'COMMIT', params: [] };
const ROLLBACK: Statement = { text: 'ROLLBACK', params: [] };

async function allOrNothing(run: Run, statements: readonly Statement[]): Promise<readonly Rows[] | null> {
  const [only] = statements;
  // One statement is a transaction by itself.
  if (only && statements.length === 1) {
    const rows = await run(only);
    return isMissed(only, rows) ? null : [rows];
  }
  await run(BEGIN);
  try {
    const results = await inOrder(run, statements);
    await run(results ? COMMIT : ROLLBACK);
    return results;
  } catch (error) {
    if (!isConnectionLost(error)) await run(ROLLBACK);
    throw error;
  }
}

/** The rows of each statement, or null as soon as one touched nothing that must. */
async function inOrder(run: Run, statements: readonly Statement[]): Promise<readonly Rows[] | null> {
  const results: Rows[] = [];
  for (const statement of statements) {
    const rows = await run(statement);
    if (isMissed(statement, rows)) return null;
    results.push(rows);
  }
  return results;
}

const isMissed = ({ mustTouch }: Statement, rows: Rows): boolean => Boolean(mustTouch) && rows.length === 0;

function ignore(): void {}

function release(client: PoolClient, isBroken = false): void {
  client.off('error', ignore);
  client.release(isBroken);
}

function translated(error: unknown): unknown {
  if (isUniqueViolation(error)) return new UniqueViolation(error);
  return isUnavailable(error) ? unavailable(error) : error;
}
