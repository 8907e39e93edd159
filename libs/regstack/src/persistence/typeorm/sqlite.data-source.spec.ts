import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from './sqlite.store';

const file = (): string => join(mkdtempSync(join(tmpdir(), 'regstack-migrations-')), 'test.db');
const OPTIONS = { tablePrefix: 'regstack_', schema: 'migrate' as const, timeoutMs: 200, poolSize: null };

describe('a database file of ours', () => {
  it('is its owner’s alone, and has a write-ahead log', async () => {
    const path = file();
    const store = await openSqliteStore(path, OPTIONS);
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
