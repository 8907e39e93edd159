import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aUser, at } from '../../testing/contracts/samples';
import { TypeOrmStore } from './typeorm.store';

describe('G06: what is acknowledged is on disk, and nobody waits for it in the event loop', () => {
  let store: TypeOrmStore;
  let begun: number;
  let release: (error?: Error) => void;
  let sync: jest.SpyInstance;

  beforeEach(async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'regstack-wal-')), 'test.db');
    store = await TypeOrmStore.openSqlite(path, {
      tablePrefix: 'regstack_',
      autoMigrate: true,
      timeoutMs: 300,
    });
    const log = Reflect.get(store.sql, 'log') as { sync(): Promise<void> };
    begun = 0;
    sync = jest.spyOn(log, 'sync').mockImplementation(() => {
      begun += 1;
      return new Promise((resolve, reject) => {
        release = (error) => (error ? reject(error) : resolve());
      });
    });
  });
  afterEach(() => store.close());

  const turn = (): Promise<void> => new Promise((next) => setImmediate(next));
  const user = (n: number) =>
    store.users.create(aUser({ id: `user-${n}`, email: `user-${n}@example.org` as never }));

  it('a write is answered after the disk, and those who come meanwhile share the next wait', async () => {
    const answered: string[] = [];
    const first = user(1).then(() => answered.push('first'));
    await turn();
    const others = [user(2), user(3), user(4)].map((one) => one.then(() => answered.push('other')));
    await turn();
    // Written and seen already, but nobody has heard of it.
    expect(await store.users.findById('user-4')).not.toBeNull();
    expect([begun, answered]).toEqual([1, []]);
    release();
    await first;
    await turn();
    expect([begun, answered]).toEqual([2, ['first']]);
    release();
    await Promise.all(others);
    expect(answered).toEqual(['first', 'other', 'other', 'other']);
  });

  it('a disk that fails is "unavailable", and asked again by the next', async () => {
    const first = user(1).catch((error: unknown) => error);
    await turn();
    release(Object.assign(new Error('disk'), { code: 'EIO' }));
    expect(await first).toMatchObject({ code: 'service.unavailable' });
    const second = user(2);
    await turn();
    release();
    expect((await second).id).toBe('user-2');
  });

  it('the wait is a real one', async () => {
    sync.mockRestore();
    const made = await Promise.all([user(1), user(2)]);
    expect(made.map(({ id }) => id)).toEqual(['user-1', 'user-2']);
  });

  it('counts and leases wait for no disk, nor does a read', async () => {
    await store.budgets.reserve('key', 5, 60, at(0));
    await store.budgets.release('key', at(1));
    await store.outbox.lease(8, 5, at(0));
    await store.users.findById('nobody');
    expect(begun).toBe(0);
  });
});
