import assert from 'node:assert/strict';
import type { AccountChanges, ChangeNotices } from '../../ports/account.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import { anAdmin, aMessage, aRemoval, at, aUser, BOB } from './samples';

const noticeOf = (kind: string): OutboxMessage => aMessage({ kind, recipient: BOB });

/** One notice for each thing that is told. */
function notices(): Required<ChangeNotices> {
  return {
    isActive: noticeOf('status'),
    isSuperuser: noticeOf('rights'),
    endSessions: noticeOf('sessions'),
  };
}

/** Kinds of the messages that wait now, and their ids in the order of those. Leases them. */
async function told({ outbox }: Store): Promise<[kinds: string[], ids: string[]]> {
  const leased = await outbox.lease('mail', 100, 60, at(1));
  const sorted = Array.from(leased).toSorted((one, other) => (one.kind < other.kind ? -1 : 1));
  return [sorted.map(({ kind }) => kind), idsOf(sorted)];
}

/** What every `AccountRepository` keeps of the notices that belong to changes. */
export const accountNoticesContract: readonly ContractCase[] = [
  {
    name: 'P2: what has really changed is told, and only that',
    async run(store) {
      await store.users.create(anAdmin('admin'));
      const { id } = await store.users.create(aUser({ email: BOB }));
      const steps: readonly (readonly [AccountChanges, ...kinds: string[]])[] = [
        [{ isActive: true, isSuperuser: false }],
        [{ fullName: 'Bob', roles: ['editor'], attributes: { size: 'L' } }],
        [{ isSuperuser: true, isActive: true }, 'rights'],
        [{ isSuperuser: true }],
        [{ isActive: false, isSuperuser: false, endSessions: true }, 'rights', 'sessions', 'status'],
        [{ isActive: false }],
        [{ isActive: true }, 'status'],
        [{ endSessions: true }, 'sessions'],
        [{ isActive: false, isSuperuser: false }, 'status'],
      ];
      for (const [changes, ...kinds] of steps) {
        const all = notices();
        await store.accounts.changeAccount(id, changes, all);
        const expected = [all.isSuperuser, all.endSessions, all.isActive];
        const ids = idsOf(expected.filter(({ kind }) => kinds.includes(kind)));
        assert.deepEqual(await told(store), [kinds, ids], JSON.stringify(changes));
      }
    },
  },
  {
    name: 'P2: a notice is stored as it was given, and without one the change is made all the same',
    async run(store) {
      const { id } = await store.users.create(aUser({ email: BOB }));
      const { isActive } = notices();
      await store.accounts.changeAccount(id, { isActive: false }, { isActive });
      const [leased] = await store.outbox.lease('mail', 100, 60, at(1));
      const { leaseId: _, attempts, ...notice } = leased!;
      assert.deepEqual([notice, attempts], [isActive, 1]);
      await store.accounts.changeAccount(id, { isActive: true, isSuperuser: true, endSessions: true });
      assert.deepEqual(await told(store), [[], []]);
      assert.equal((await store.users.findById(id))?.isActive, true);
    },
  },
  {
    name: 'P5: of what is refused nothing is told, nor of somebody who is not there',
    async run(store) {
      const { accounts, users } = store;
      const { id } = await users.create(anAdmin('admin'));
      const refused: readonly AccountChanges[] = [
        { isActive: false },
        { isSuperuser: false, endSessions: true },
        { isActive: false, isSuperuser: false, fullName: 'x' },
      ];
      for (const changes of refused)
        assert.equal(await accounts.changeAccount(id, changes, notices()), 'last_admin');
      const changes = { isActive: false, endSessions: true } as const;
      assert.equal(await accounts.changeAccount(aUser().id, changes, notices()), null);
      assert.deepEqual(await told(store), [[], []]);
    },
  },
  {
    name: 'P5: where another admin is left the one who is taken away is told',
    async run(store) {
      const { accounts, users } = store;
      await users.create(anAdmin('admin'));
      const { id } = await users.create(aUser({ email: BOB, isSuperuser: true }));
      const all = notices();
      await accounts.changeAccount(id, { isActive: false, isSuperuser: false }, all);
      assert.deepEqual(await told(store), [
        ['rights', 'status'],
        [all.isSuperuser.id, all.isActive.id],
      ]);
    },
  },
  {
    name: 'P2: of parallel disablings one is told, and it is that of the one which found the user active',
    isRace: true,
    async run(store) {
      await store.users.create(anAdmin('admin'));
      const { id } = await store.users.create(aUser({ email: BOB, isSuperuser: true }));
      const all = await race(async () => {
        const { isActive } = notices();
        const changed = await store.accounts.changeAccount(id, { isActive: false }, { isActive });
        assert.ok(changed !== null && changed !== 'last_admin');
        return { isActive, hasDone: changed.before.isActive };
      });
      const [, ids] = await told(store);
      assert.deepEqual(ids, idsOf(all.filter(({ hasDone }) => hasDone).map(({ isActive }) => isActive)));
      assert.equal(ids.length, 1);
    },
  },
  {
    name: 'R40: with the user go the notices that wait; the last one is sent',
    async run(store) {
      const { id } = await store.users.create(aUser({ email: BOB }));
      await store.accounts.changeAccount(id, { isActive: false, endSessions: true }, notices());
      const removal = aRemoval({ notices: [aMessage({ kind: 'last', recipient: BOB })] });
      await store.accounts.remove(id, removal);
      assert.deepEqual(await told(store), [['last'], idsOf(removal.notices)]);
    },
  },
];
