import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../sqlite.store';

const file = (): string => join(mkdtempSync(join(tmpdir(), 'regstack-migrations-')), 'test.db');
const open = (path: string, autoMigrate = true, tablePrefix = 'regstack_') =>
  openSqliteStore(path, { tablePrefix, autoMigrate, timeoutMs: 200, poolSize: null });

describe('migrations', () => {
  it.each(['regstack_', 'acc_'])(
    'make exactly the tables that the entities describe, under the prefix %s',
    async (prefix) => {
      const { dataSource } = await open(file(), true, prefix);
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
      await dataSource.destroy();
    },
  );

  it('run once, and can be run back', async () => {
    const path = file();
    await (await open(path)).close();
    const { dataSource } = await open(path);
    const rows: unknown[] = await dataSource.query('SELECT * FROM regstack_migrations');
    expect(rows).toHaveLength(2);
    for (const _ of rows) await dataSource.undoLastMigration({ transaction: 'none' });
    const tables: unknown[] = await dataSource.query(
      "SELECT * FROM sqlite_master WHERE name LIKE 'regstack_users%'",
    );
    expect(tables).toEqual([]);
    await dataSource.destroy();
  });

  it('auto_migrate off: an old schema refuses to boot and says what to do; a current one boots', async () => {
    const path = file();
    await expect(open(path, false)).rejects.toThrow(/schema is older.*auto_migrate = true/);
    await (await open(path)).close();
    await (await open(path, false)).close();
  });

  it('a new database file is its owner’s alone, and has a write-ahead log', async () => {
    const path = file();
    const store = await open(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await store.sql.first(`PRAGMA ${name}`))!)[0];
    expect([await pragma('journal_mode'), await pragma('synchronous'), await pragma('foreign_keys')]).toEqual(
      ['wal', 1, 1],
    );
    await store.close();
  });
});
