import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { aUser, ALICE, at } from '../../testing/contracts/samples';
import { openSqliteStore } from './sqlite.store';
import type { TypeOrmStore } from './typeorm.store';

describe('SQLite while another process holds the write lock', () => {
  const TIMEOUT = 300;
  let store: TypeOrmStore;
  let other: Database.Database;
  beforeEach(async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'regstack-lock-')), 'test.db');
    store = await openSqliteStore(path, {
      tablePrefix: 'regstack_',
      schema: 'migrate',
      timeoutMs: TIMEOUT,
      poolSize: null,
    });
    other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
  });
  afterEach(async () => {
    other.close();
    await store.close();
  });

  it('writes wait for it without blocking the event loop, and go through in their order once it is free', async () => {
    const order: number[] = [];
    const writes = Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        store.budgets.reserve(`key-${n}`, 5, 60, at(0)).then(() => order.push(n)),
      ),
    );
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1).unref();
    await new Promise((next) => setTimeout(next, 100));
    clearInterval(ticking);
    other.exec('COMMIT');
    await writes;
    expect(turns).toBeGreaterThan(2);
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('after the time-out all that wait are told "unavailable", none of them much later', async () => {
    const begin = Date.now();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => store.budgets.reserve('key', 5, 60, at(0))),
    );
    expect(Date.now() - begin).toBeLessThan(TIMEOUT * 5);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'service.unavailable', retryAfterSeconds: 1 },
      });
    }
  });

  it('reads wait for nobody', async () => {
    const write = store.users.create(aUser());
    const begin = Date.now();
    expect(await store.users.findForLogin(ALICE)).toBeNull();
    expect(Date.now() - begin).toBeLessThan(TIMEOUT);
    other.exec('COMMIT');
    await write;
    expect(await store.users.findForLogin(ALICE)).not.toBeNull();
  });

  it('a transaction of the host on the DataSource that it was lent undoes nothing of ours', async () => {
    other.exec('COMMIT');
    let writing: Promise<unknown> | undefined;
    const undone = store.dataSource.transaction(async () => {
      writing = store.users.create(aUser());
      await new Promise((next) => setTimeout(next, 20));
      throw new Error('the host changes its mind');
    });
    await expect(undone).rejects.toThrow('changes its mind');
    await writing;
    expect(await store.users.isTaken(ALICE, at(1))).toBe(true);
  });

  it('two transactions never mix: what one undoes is not the other’s', async () => {
    other.exec('COMMIT');
    const user = await store.users.create(aUser());
    const insert = {
      text: `INSERT INTO ${store.tables.budgets} (id, used, refusal, opened_at, ends_at) VALUES ('kept', 1, 0, 0, 0)`,
      params: [],
    };
    const nothing = {
      text: `UPDATE ${store.tables.users} SET full_name = 'x' WHERE id = 'nobody' RETURNING id`,
      params: [],
      mustTouch: true,
    };
    const rename = {
      text: `UPDATE ${store.tables.users} SET full_name = 'undone' WHERE id = ?`,
      params: [user.id],
    };
    const [kept, undone] = await Promise.all([
      store.sql.transaction([insert]),
      store.sql.transaction([rename, nothing]),
    ]);
    expect([kept, undone]).toEqual([[[]], null]);
    expect(await store.sql.first(`SELECT id FROM ${store.tables.budgets}`)).toEqual({ id: 'kept' });
    expect((await store.users.findById(user.id))?.fullName).toBe(user.fullName);
  });
});
