import type { Database, Statement as Prepared } from 'better-sqlite3';
import { setTimeout as delay } from 'node:timers/promises';
import { unavailable } from '../../kernel/errors';
import { SQLITE } from './dialect';
import { type Durability, type Row, Sql, type Statement, UniqueViolation } from './sql';
import type { WriteAheadLog } from './write-ahead-log';

/** Errors of SQLite that mean "not now": locked by another process, disk full, file gone or damaged (result codes of SQLite). */
const NOT_NOW = /^SQLITE_(BUSY|LOCKED|CANTOPEN|IOERR|FULL|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB)/;
const LOCKED = /^SQLITE_(BUSY|LOCKED)/;
/** Thrown through the driver's transaction, which then rolls back. */
const UNDO = new Error('undo');
const UNIQUE = /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/;

/**
 * The seam over `better-sqlite3`. The driver is synchronous and TypeORM has one connection per file, so a transaction runs to
 * its end within one turn of the event loop: nothing of another request can get in between. A lock held by another process
 * is waited for between turns, never inside the driver.
 */
export class BetterSqlite3Sql extends Sql {
  override readonly dialect = SQLITE;
  private readonly prepared = new Map<string, Prepared>();
  private waiting = 0;
  /** Settles when the last of those who wait for the lock has had its turn. */
  private line: Promise<unknown> = Promise.resolve();

  private readonly allOrNothing;

  /**
   * @param timeoutMs how long a lock of another process is waited for
   * @param log null for a database in memory
   */
  constructor(
    private readonly database: Database,
    private readonly timeoutMs: number,
    private readonly log: WriteAheadLog | null,
  ) {
    super();
    this.allOrNothing = database.transaction((statements: readonly Statement[]) =>
      statements.map((statement) => {
        const rows = this.run(statement);
        if (statement.mustTouch && rows.length === 0) throw UNDO;
        return rows;
      }),
    );
  }

  override async rows(
    text: string,
    params: readonly unknown[] = [],
    durability: Durability = 'on-disk',
  ): Promise<readonly Row[]> {
    const run = (): readonly Row[] => this.run({ text, params });
    // Readers wait for nobody in WAL mode, so they do not stand in line either.
    if (this.prepare(text).readonly) return this.read(run);
    const rows = await this.patiently(run);
    await this.settled(durability);
    return rows;
  }

  override async transaction(
    statements: readonly Statement[],
    durability: Durability = 'on-disk',
  ): Promise<readonly (readonly Row[])[] | null> {
    const rows = await this.patiently(() => {
      try {
        return this.allOrNothing.immediate(statements);
      } catch (error) {
        if (error === UNDO) return null;
        throw error;
      }
    });
    await this.settled(durability);
    return rows;
  }

  override async close(): Promise<void> {
    await this.log?.close();
  }

  /** The write is done and others see it; before its caller hears of it, it is as safe as was asked for. */
  private async settled(durability: Durability): Promise<void> {
    if (durability === 'in-order') return;
    try {
      await this.log?.onDisk();
    } catch (error) {
      throw unavailable(error);
    }
  }

  private read<T>(attempt: () => T): T {
    try {
      return attempt();
    } catch (error) {
      throw translated(error);
    }
  }

  private run({ text, params }: Statement): readonly Row[] {
    const statement = this.prepare(text);
    const values = params.map(toColumn);
    if (statement.reader) return statement.all(...values) as Row[];
    statement.run(...values);
    return [];
  }

  private prepare(text: string): Prepared {
    let statement = this.prepared.get(text);
    if (!statement) {
      statement = this.database.prepare(text);
      this.prepared.set(text, statement);
    }
    return statement;
  }

  /**
   * Runs the attempt at once, or waits for the lock that another process holds. Those who wait stand in line and only the first
   * one knocks, so that many waiters cost the event loop no more than one.
   */
  private async patiently<T>(attempt: () => T): Promise<T> {
    const deadline = Date.now() + this.timeoutMs;
    try {
      if (this.waiting === 0) return this.alone(attempt);
    } catch (error) {
      if (!LOCKED.test(codeOf(error))) throw translated(error);
    }
    this.waiting += 1;
    const turn = this.line
      .then(() => this.knock(attempt, deadline))
      .finally(() => {
        this.waiting -= 1;
      });
    this.line = turn.catch(() => {});
    return turn;
  }

  /** A transaction that the host has open on the DataSource we lend it is a lock like any other: what it rolls back must not be ours. */
  private alone<T>(attempt: () => T): T {
    if (this.database.inTransaction)
      throw Object.assign(new Error('the host is in a transaction'), { code: 'SQLITE_BUSY' });
    return attempt();
  }

  private async knock<T>(attempt: () => T, deadline: number): Promise<T> {
    for (;;) {
      try {
        return this.alone(attempt);
      } catch (error) {
        if (!LOCKED.test(codeOf(error)) || Date.now() >= deadline) throw translated(error);
      }
      await delay(5 + Math.random() * 10);
    }
  }
}

function translated(error: unknown): unknown {
  const code = codeOf(error);
  if (UNIQUE.test(code)) return new UniqueViolation(error);
  return NOT_NOW.test(code) ? unavailable(error) : error;
}

/** SQLite has no dates and no booleans: milliseconds and 0 or 1. */
function toColumn(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  return typeof value === 'boolean' ? Number(value) : value;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}
