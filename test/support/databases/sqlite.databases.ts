import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { scratchFolder } from '../scratch-folder';
import type { TestDatabases } from './test-databases';

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table'`;

/** Where the database of a URL of ours lies. */
export const sqliteFileOf = (url: string): string => url.replace(/^sqlite:/, '');

/** Files in folders of their own. A fresh one is not there yet. */
export const sqliteDatabases: TestDatabases = {
  fresh: async () => `sqlite:${join(scratchFolder('sqlite'), 'test.db')}`,
  drop: async (url) => rmSync(dirname(sqliteFileOf(url)), { recursive: true, force: true }),
  /** The bytes of the file and its log, with what was deleted and is not overwritten yet. */
  dump: async (url) =>
    ['', '-wal']
      .map((suffix) => sqliteFileOf(url) + suffix)
      .filter((file) => existsSync(file))
      .map((file) => readFileSync(file, 'latin1'))
      .join(''),
  rows: async (url) => {
    const database = new Database(sqliteFileOf(url), { readonly: true });
    try {
      const tables = database.prepare(TABLES).pluck().all() as string[];
      const content = tables.map((name) => database.prepare(`SELECT * FROM "${name}"`).raw().all().flat());
      return content.flat().map(textOf).join('\n');
    } finally {
      database.close();
    }
  },
};

function textOf(value: unknown): string {
  return (Buffer.isBuffer(value) ? value : Buffer.from(String(value))).toString('latin1');
}
