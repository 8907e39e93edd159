import assert from 'node:assert/strict';
import type { AccountChanges } from '../../ports/account.repository';
import type { Store } from '../../ports/store';
import type { UserRecord } from '../../ports/user.repository';
import { change } from './account-changes.contract';
import { type ContractCase, idsOf, race, RACERS } from './contract';
import { addressOf, anAdmin, aRemoval, aSession, aUser, BOB, T0 } from './samples';

/** What takes an admin away. */
const DEMOTIONS: readonly AccountChanges[] = [
  { isSuperuser: false },
  { isActive: false },
  { isActive: false, isSuperuser: false },
  { isActive: false, isSuperuser: true, endSessions: true },
  { isActive: true, isSuperuser: false },
  { isSuperuser: false, fullName: 'x', roles: ['x'], attributes: { size: 'L' } },
];

/** Ids of those who are active and superusers. */
async function adminsOf({ accounts }: Store): Promise<string[]> {
  const query = { search: null, isActive: true, isVerified: null, isSuperuser: true };
  return idsOf(await accounts.list(query, { before: null, skip: 0, limit: 100 }));
}

/** As many admins, one after the other. */
async function admins({ users }: Store, count: number): Promise<UserRecord[]> {
  const made: UserRecord[] = [];
  for (let n = 0; n < count; n++) made.push(await users.create(anAdmin(`admin-${n}`)));
  return made;
}

/** Parallel ways to take both of two admins away: of the two answers exactly one is a refusal. */
async function exactlyOneOf(answers: readonly Promise<unknown>[]): Promise<number> {
  const all = await Promise.all(answers);
  assert.equal(all.filter((answer) => answer === 'last_admin').length, 1, JSON.stringify(all));
  return all.indexOf('last_admin');
}

/** What every `AccountRepository` keeps of the last admin (P5, W30). */
export const accountAdminsContract: readonly ContractCase[] = [
  {
    name: 'P5, W30: the last active admin is neither demoted, disabled nor removed, and nothing of it is done',
    async run(store) {
      const { users, accounts, sessions, outbox } = store;
      const { id, email } = await users.create(anAdmin('admin'));
      const session = aSession(id);
      await sessions.open(session);
      const before = await users.findCredentials(id);
      for (const changes of DEMOTIONS) assert.equal(await accounts.changeAccount(id, changes), 'last_admin');
      for (const expectedEpoch of [0, null])
        assert.equal(await accounts.remove(id, aRemoval({ expectedEpoch })), 'last_admin');
      assert.deepEqual(await users.findCredentials(id), before);
      assert.equal((await users.findForLogin(email))?.id, id);
      assert.equal((await sessions.authenticate(session.id, T0))?.session.id, session.id);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, T0)), []);
    },
  },
  {
    name: 'P5: with another active admin each of these is done, and then that one is the last',
    async run(store) {
      for (const [n, changes] of [...DEMOTIONS, null].entries()) {
        const [one] = [await store.users.create(anAdmin(`one-${n}`))];
        const other = await store.users.create(anAdmin(`other-${n}`));
        for (const id of await adminsOf(store)) {
          if (id !== one.id && id !== other.id) await change(store, id, { isSuperuser: false });
        }
        if (changes) await change(store, one.id, changes);
        else assert.deepEqual(await store.accounts.remove(one.id, aRemoval()), one);
        assert.deepEqual(await adminsOf(store), [other.id]);
        assert.equal(await store.accounts.changeAccount(other.id, { isActive: false }), 'last_admin');
      }
    },
  },
  {
    name: 'P5: somebody who is a superuser but disabled, or active but no superuser, does not count as another',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(anAdmin('admin'));
      const disabled = await users.create(anAdmin('disabled'));
      await change(store, disabled.id, { isActive: false });
      await users.create(aUser({ email: BOB }));
      for (const changes of DEMOTIONS) assert.equal(await accounts.changeAccount(id, changes), 'last_admin');
      assert.equal(await accounts.remove(id, aRemoval()), 'last_admin');
      await change(store, disabled.id, { isActive: true });
      await change(store, id, { isActive: false });
      assert.deepEqual(await adminsOf(store), [disabled.id]);
    },
  },
  {
    name: 'P5: a superuser who is disabled, and anybody else, can be demoted, disabled and removed, also where no admin is left',
    async run(store) {
      const { users, accounts } = store;
      const [one, two, plain] = ['one', 'two', 'plain'].map((name) => aUser({ email: addressOf(name) }));
      for (const user of [one!, two!, plain!]) await users.create(user);
      for (const { id } of [one!, two!]) {
        await change(store, id, { isActive: false });
        await change(store, id, { isSuperuser: true });
      }
      assert.deepEqual(await adminsOf(store), []);
      for (const changes of DEMOTIONS) await change(store, plain!.id, changes);
      for (const changes of [{ isActive: false }, { isSuperuser: false }])
        await change(store, one!.id, changes);
      for (const { id } of [two!, plain!]) {
        const removed = await accounts.remove(id, aRemoval());
        assert.ok(removed !== null && removed !== 'last_admin' && removed.id === id);
      }
      assert.equal(await users.findById(two!.id), null);
    },
  },
  {
    name: 'P5: whatever else changes of the last admin is done, ending the sessions too',
    async run(store) {
      const { id } = await store.users.create(anAdmin('admin'));
      const all: readonly AccountChanges[] = [
        { fullName: 'x', roles: ['x'], attributes: { size: 'L' } },
        { endSessions: true },
        { isActive: true, isSuperuser: true },
        {},
      ];
      for (const changes of all) await change(store, id, changes);
      assert.deepEqual(await adminsOf(store), [id]);
      assert.equal((await store.users.findById(id))?.authEpoch, 1);
    },
  },
  {
    name: 'P5: who was promoted or enabled is another admin from then on',
    async run(store) {
      const { users, accounts } = store;
      const [one, two] = [await users.create(anAdmin('one')), await users.create(aUser())];
      await change(store, two.id, { isSuperuser: true });
      await change(store, one.id, { isActive: false });
      assert.equal(await accounts.changeAccount(two.id, { isSuperuser: false }), 'last_admin');
      await change(store, one.id, { isActive: true });
      await change(store, two.id, { isSuperuser: false });
      assert.equal(await accounts.remove(one.id, aRemoval()), 'last_admin');
      assert.deepEqual(await adminsOf(store), [one.id]);
    },
  },
  {
    name: `P5: of two admins who demote or disable each other at once exactly one is refused, in each of ${RACERS} rounds`,
    isRace: true,
    async run(store) {
      const [one, two] = await admins(store, 2);
      const ids = [one!.id, two!.id];
      for (let round = 0; round < RACERS; round++) {
        const changes = round % 2 === 0 ? { isSuperuser: false } : { isActive: false };
        const left = await exactlyOneOf(ids.map((id) => store.accounts.changeAccount(id, changes)));
        assert.deepEqual(await adminsOf(store), [ids[left]]);
        await change(store, ids[1 - left]!, { isActive: true, isSuperuser: true });
      }
    },
  },
  {
    name: `P5: of two admins who are removed at once exactly one is refused, in each of ${RACERS} rounds`,
    isRace: true,
    async run(store) {
      let last = await store.users.create(anAdmin('admin'));
      for (let round = 0; round < RACERS; round++) {
        const pair = [last, await store.users.create(anAdmin(`admin-${round}`))];
        const left = await exactlyOneOf(pair.map(({ id }) => store.accounts.remove(id, aRemoval())));
        last = pair[left]!;
        assert.deepEqual(await adminsOf(store), [last.id]);
      }
    },
  },
  {
    name: 'P5: of many admins who are demoted, disabled and removed at once exactly one is left',
    isRace: true,
    async run(store) {
      const made = await admins(store, 8);
      const answers = await race<unknown>((n) => {
        const { id } = made[n % made.length]!;
        const way = Math.floor(n / made.length) + n;
        if (way % 3 === 0) return store.accounts.remove(id, aRemoval());
        return store.accounts.changeAccount(id, way % 3 === 1 ? { isActive: false } : { isSuperuser: false });
      });
      assert.ok(answers.includes('last_admin'), JSON.stringify(answers));
      assert.equal((await adminsOf(store)).length, 1);
    },
  },
];
