import fs, { mkdirSync, mkdtempSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  aChallenge,
  addressOf,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  aRemoval,
  aSession,
  at,
  aUser,
  BOB,
} from '../../testing/contracts/samples';
import { openSqliteStore } from './sqlite.store';
import type { TypeOrmStore } from './typeorm.store';

const OPTIONS = { tablePrefix: 'regstack_', schema: 'migrate' as const, timeoutMs: 300, poolSize: null };
const freshFolder = (): string => mkdtempSync(join(tmpdir(), 'regstack-wal-'));
const turn = (): Promise<void> => new Promise((next) => setImmediate(next));

describe('G06: what is acknowledged is on disk', () => {
  let store: TypeOrmStore;
  let waits: jest.SpiedFunction<typeof fs.fdatasync>;
  beforeEach(async () => {
    store = await openSqliteStore(join(freshFolder(), 'test.db'), OPTIONS);
    waits = jest.spyOn(fs, 'fdatasync');
  });
  afterEach(async () => {
    waits.mockRestore();
    await store.close();
  });

  const user = (n: number) => store.users.create(aUser({ id: `user-${n}`, email: addressOf(`user-${n}`) }));

  /** Whether an operation waits for the disk. */
  const waited = async (operation: Promise<unknown>): Promise<boolean> => {
    const before = waits.mock.calls.length;
    await operation;
    return waits.mock.calls.length > before;
  };

  it('every write that somebody is told of waits for the disk', async () => {
    const { users, accounts, sessions, pendingRegistrations, challenges, outbox } = store;
    const { id } = await user(0);
    const [attempt, challenge, message] = [anAttempt({ email: BOB }), aChallenge(id), aMessage()];
    const undo = anUndo(addressOf('user-0'));
    const [open, all] = [aSession(id), aSession(id)];
    const link = aChallenge(attempt.id);
    const writes: Record<string, () => Promise<unknown>> = {
      create: () => user(1),
      add: () => pendingRegistrations.add(attempt, link, aMessage({ challengeId: link.id })),
      activate: () => pendingRegistrations.activate(attempt.id, at(1)),
      open: () => sessions.open(open),
      openOther: () => sessions.open(all),
      close: () => sessions.close(id, open.id),
      closeOthers: () => sessions.closeOthers(id, all.id),
      closeAllFor: () => sessions.closeAllFor(id, 1),
      issue: () => challenges.issue(challenge, message),
      consume: () => challenges.consume(challenge.id, at(1)),
      enqueue: () => outbox.enqueue(aMessage()),
      replaceHash: () => users.replaceHash(id, '$hash-1', '$hash-2'),
      changeCredentials: () => users.changeCredentials(id, 0, { passwordHash: '$hash-3' }, [aMessage()]),
      changeEmail: () => users.changeEmail(id, 1, { email: ALICE, undo }, [aMessage()], at(1)),
      undoEmailChange: () => users.undoEmailChange(id, undo, [aMessage()], at(2)),
      settle: () => pendingRegistrations.settle(aUser({ email: addressOf('user-2') })),
      dropAttempts: () => pendingRegistrations.dropAllFor(BOB),
      dropChallenges: () => challenges.dropAllFor(id, 9),
      renew: () => sessions.renew(all.id, at(1)),
      changeAccount: () => accounts.changeAccount(id, { fullName: 'Alice' }),
      remove: () => accounts.remove(id, aRemoval()),
    };
    const found: Record<string, boolean> = {};
    for (const [name, write] of Object.entries(writes)) found[name] = await waited(write());
    const [leased] = await outbox.lease('mail', 1, 60, at(1));
    found['settleMessage'] = await waited(outbox.settle(leased!.id, leased!.leaseId, at(2)));
    const [other] = await outbox.lease('mail', 1, 60, at(2));
    found['fail'] = await waited(outbox.fail(other!.id, other!.leaseId, 'x', null));
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, true])));
    expect(Object.keys(found)).toHaveLength(23);
  });

  it('counts, leases, notes and reads wait for no disk', async () => {
    await store.outbox.enqueue(aMessage());
    waits.mockClear();
    await store.budgets.reserve('key', 5, 60, at(0));
    await store.budgets.refund('key', at(0));
    await store.budgets.release('key', at(1));
    await store.budgets.forget('key');
    const [leased] = await store.outbox.lease('mail', 8, 5, at(1));
    await store.outbox.renew(leased!.leaseId, 5, at(2));
    await store.sessions.touch('nobody', at(0), at(1));
    const event = { actor: null, target: null, ip: null, reason: null, requestId: null };
    await store.audit.append([{ ...event, id: 'a', at: at(0), kind: 'login.failed', result: 'refused' }]);
    await store.users.findById('nobody');
    expect(waits).not.toHaveBeenCalled();
  });

  describe('on a disk that takes its time', () => {
    let release: (error?: Error) => void;
    beforeEach(() => {
      waits.mockImplementation(((_: number, done: (error: Error | null) => void) => {
        release = (error) => done(error ?? null);
      }) as never);
    });

    it('a write is answered after it, and those who come meanwhile share the next wait', async () => {
      const answered: string[] = [];
      const first = user(1).then(() => answered.push('first'));
      await turn();
      const others = [user(2), user(3), user(4)].map((one) => one.then(() => answered.push('other')));
      await turn();
      // Written and seen already, but nobody has heard of it.
      expect(await store.users.findById('user-4')).not.toBeNull();
      expect([waits.mock.calls.length, answered]).toEqual([1, []]);
      release();
      await first;
      await turn();
      expect([waits.mock.calls.length, answered]).toEqual([2, ['first']]);
      release();
      await Promise.all(others);
      expect(answered).toEqual(['first', 'other', 'other', 'other']);
    });

    it('closing waits for those who wait, and may be asked twice', async () => {
      const write = user(1);
      await turn();
      const closed = Promise.all([store.close(), store.close()]);
      await turn();
      release();
      expect((await write).id).toBe('user-1');
      await turn();
      release();
      await closed;
    });

    it('a wait that fails is "unavailable", and so is every later one: nothing is acknowledged behind a hole', async () => {
      const first = user(1).catch((error: unknown) => error);
      await turn();
      release(Object.assign(new Error('disk'), { code: 'EIO' }));
      expect(await first).toMatchObject({ code: 'service.unavailable' });
      waits.mockImplementation(((_: number, done: (error: null) => void) => done(null)) as never);
      await expect(user(2)).rejects.toMatchObject({ code: 'service.unavailable' });
      expect(await store.users.findById('user-1')).not.toBeNull();
    });
  });
});

describe('the log of a database', () => {
  it('that was deleted is no log any more: nothing is acknowledged', async () => {
    const file = join(freshFolder(), 'test.db');
    const store = await openSqliteStore(file, OPTIONS);
    unlinkSync(`${file}-wal`);
    await expect(store.users.create(aUser())).rejects.toMatchObject({ code: 'service.unavailable' });
    await store.close();
  });

  it('a second store on the file opens no descriptor of it that could take the locks of the first along', async () => {
    const file = join(freshFolder(), 'test.db');
    const first = await openSqliteStore(file, OPTIONS);
    const opened = jest.spyOn(fs, 'openSync');
    const closed = jest.spyOn(fs, 'closeSync');
    const second = await openSqliteStore(file, OPTIONS);
    const names = opened.mock.calls.map(([path], n) => [path, opened.mock.results[n]!.type]);
    expect(names).toContainEqual([file, 'throw']);
    expect(names).not.toContainEqual([file, 'return']);
    expect(closed.mock.calls.length).toBeLessThanOrEqual(1);
    for (const spy of [opened, closed]) spy.mockRestore();
    for (const store of [first, second]) await store.close();
  });

  it('is found where a link leads to', async () => {
    const folder = freshFolder();
    mkdirSync(join(folder, 'shared'));
    symlinkSync(join(folder, 'shared', 'real.db'), join(folder, 'link.db'));
    const store = await openSqliteStore(join(folder, 'link.db'), OPTIONS);
    expect((await store.users.create(aUser())).isVerified).toBe(true);
    await store.close();
  });

  it('is none in memory', async () => {
    const store = await openSqliteStore(':memory:', OPTIONS);
    expect((await store.users.create(aUser())).isVerified).toBe(true);
    await store.close();
  });
});
