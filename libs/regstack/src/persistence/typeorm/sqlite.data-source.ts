import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { SQLITE } from './dialect';
import { type OpenOptions, schemaOf } from './schema';

/** The driver never waits for a lock: it would block the event loop. Waiting is done outside, see `better-sqlite3.sql.ts`. */
export const DRIVER_BUSY_MS = 0;

/** While a file is opened there is nothing else to do: another process that opens it too is waited for, ms. */
const OPEN_BUSY_MS = 10_000;

/** TypeORM's DataSource over one SQLite file, and the raw handle beneath it. */
export async function openSqlite(
  file: string,
  { tablePrefix }: OpenOptions,
): Promise<{ dataSource: DataSource; handle: Database }> {
  let handle: Database | undefined;
  makeFile(file);
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    database: file,
    ...schemaOf(SQLITE, tablePrefix),
    migrationsTransactionMode: 'none',
    prepareDatabase: (database: Database) => {
      handle = database;
      database.pragma(`busy_timeout = ${OPEN_BUSY_MS}`);
      database.pragma('journal_mode = WAL');
      // Waiting for the disk is `write-ahead-log.ts`'s: SQLite would wait inside the event loop.
      database.pragma('synchronous = NORMAL');
      // What was deleted is overwritten: an address that is gone is not found in the file either.
      database.pragma('secure_delete = ON');
    },
  });
  await dataSource.initialize();
  // The first look makes the log and its index, which another process may be about to do as well.
  handle!.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get();
  handle!.pragma(`busy_timeout = ${DRIVER_BUSY_MS}`);
  return { dataSource, handle: handle! };
}

/**
 * A new database is its owner's alone: it holds hashes of passwords. SQLite gives its side files the same mode. One that exists is
 * not touched: to close any descriptor of it would take away the locks that this process holds on it (POSIX), for example those
 * of the host's own connection.
 */
function makeFile(file: string): void {
  if (file === ':memory:') return;
  mkdirSync(dirname(file), { recursive: true });
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
