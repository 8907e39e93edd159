import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { UserAttributes } from '../../kernel/regstack-user';
import type { AccountChanges, ChangedAccount } from '../../ports/account.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, race } from './contract';
import { ALICE, anAdmin, aSession, at, ATTRIBUTES, aUser, BOB, T0 } from './samples';

/** Makes a change that nothing stands against, and answers what came of it. */
export async function change(store: Store, id: string, changes: AccountChanges): Promise<ChangedAccount> {
  const changed = await store.accounts.changeAccount(id, changes);
  assert.ok(changed !== null && changed !== 'last_admin', JSON.stringify(changed));
  return changed;
}

/** The attributes of a user who has the first ones and is changed by the others, one after the other. */
async function attributesAfter(store: Store, first: UserAttributes, ...others: readonly UserAttributes[]) {
  const { id } = await store.users.create(aUser({ attributes: first }));
  for (const attributes of others) {
    const { user } = await change(store, id, { attributes });
    assert.deepEqual(await store.users.findById(id), user);
  }
  return (await store.users.findById(id))?.attributes;
}

/** What every `AccountRepository` keeps of changes. */
export const accountChangesContract: readonly ContractCase[] = [
  {
    name: 'a change of one field leaves all others, and answers the user before and after it',
    async run(store) {
      await store.users.create(anAdmin('admin'));
      const attributes = { size: 'L', tags: ['a'] };
      let before = await store.users.create(aUser({ attributes }));
      const all: readonly AccountChanges[] = [
        { fullName: 'Bobby "$1" O’Hara' },
        { roles: ['editor', 'it’s "Ärger"'] },
        { isSuperuser: true },
        { attributes: { size: 'XL' } },
        { fullName: null },
        { roles: [] },
        { isSuperuser: false },
      ];
      for (const changes of all) {
        const user = { ...before, ...changes, attributes: { ...before.attributes, ...changes.attributes } };
        assert.deepEqual(await store.accounts.changeAccount(before.id, changes), { before, user });
        assert.deepEqual(await store.users.findById(before.id), user);
        before = user;
      }
    },
  },
  {
    name: 'a change of many fields is made as a whole; one of none changes nothing',
    async run(store) {
      const before = await store.users.create(aUser({ attributes: { size: 'L', color: 'red' } }));
      const changes = { fullName: 'Ali', roles: ['a', 'b'], isSuperuser: true, isActive: false };
      const changed = await change(store, before.id, { ...changes, attributes: { color: null, age: 3 } });
      const user = { ...before, ...changes, attributes: { size: 'L', age: 3 }, authEpoch: 1 };
      assert.deepEqual(changed, { before, user });
      assert.deepEqual(await change(store, before.id, {}), { before: user, user });
      assert.deepEqual(await store.users.findById(before.id), user);
    },
  },
  {
    name: 'a change leaves credentials, undo and everybody else alone; a user who is not there is not changed',
    async run(store) {
      const { users, accounts } = store;
      const [alice, bob] = [await users.create(aUser()), await users.create(aUser({ email: BOB }))];
      const [mine, theirs] = await Promise.all([alice, bob].map(({ id }) => users.findCredentials(id)));
      await change(store, alice.id, { fullName: 'Ali', roles: ['editor'], attributes: { size: 'L' } });
      const { fullName, roles, attributes, ...rest } = (await users.findCredentials(alice.id))!;
      assert.deepEqual([fullName, roles, attributes], ['Ali', ['editor'], { size: 'L' }]);
      assert.deepEqual({ ...rest, fullName: mine!.fullName, roles: [], attributes: {} }, mine);
      assert.deepEqual(await users.findCredentials(bob.id), theirs);
      const all: readonly AccountChanges[] = [
        {},
        { fullName: 'x' },
        { isActive: false },
        { endSessions: true },
      ];
      for (const changes of all) assert.equal(await accounts.changeAccount(newId(T0), changes), null);
    },
  },
  {
    name: 'W12: disabling raises the epoch, once; enabling does not, nor do other changes',
    async run(store) {
      await store.users.create(anAdmin('admin'));
      const { id } = await store.users.create(aUser());
      const steps: readonly (readonly [AccountChanges, isActive: boolean, authEpoch: number])[] = [
        [{ isActive: true }, true, 0],
        [{ isActive: false }, false, 1],
        [{ isActive: false }, false, 1],
        [{ fullName: 'Ali', roles: ['a'], isSuperuser: true, attributes: { size: 'L' } }, false, 1],
        [{ isActive: true }, true, 1],
        [{ isActive: true, roles: [], isSuperuser: false }, true, 1],
        [{ isActive: false, endSessions: true }, false, 2],
        [{ isActive: false, endSessions: true }, false, 3],
        [{ isActive: true, endSessions: true }, true, 4],
      ];
      for (const [changes, isActive, authEpoch] of steps) {
        const { user } = await change(store, id, changes);
        assert.deepEqual([user.isActive, user.authEpoch], [isActive, authEpoch], JSON.stringify(changes));
      }
    },
  },
  {
    name: 'W12: ending the sessions raises the epoch and changes nothing else; with the old one nobody opens a session',
    async run(store) {
      const before = await store.users.create(aUser());
      const { user } = await change(store, before.id, { endSessions: true });
      assert.deepEqual(user, { ...before, authEpoch: 1 });
      assert.equal(await store.sessions.open(aSession(before.id)), null);
      assert.equal((await store.sessions.open(aSession(before.id, { authEpoch: 1 })))?.id, before.id);
      assert.equal((await change(store, before.id, { endSessions: true })).user.authEpoch, 2);
    },
  },
  {
    name: 'attributes are read back as they were set, of whatever kind they are',
    async run(store) {
      assert.deepEqual(await attributesAfter(store, {}, ATTRIBUTES), ATTRIBUTES);
    },
  },
  {
    name: 'what an attribute holds is data, also where its parts are named like operators, paths and parameters',
    async run(store) {
      const value = {
        $set: { isSuperuser: true },
        $ne: null,
        'a.b': 1,
        $1: '$email',
        ':id': ['$$ROOT'],
        "'": 2,
      };
      const attributes = { one: value, two: [value] };
      assert.deepEqual(await attributesAfter(store, { first: value }, attributes), {
        first: value,
        ...attributes,
      });
      assert.equal((await store.users.findForLogin(ALICE))?.isSuperuser, false);
    },
  },
  {
    name: 'attributes are merged by their name: others stay, null removes one, and a value is replaced as a whole',
    async run(store) {
      const merged = await attributesAfter(
        store,
        { kept: { a: 1 }, replaced: { a: 1, b: [1, 2] }, removed: 'x', list: [1, 2, 3] },
        { replaced: { b: [3], c: null }, removed: null, unknown: null, added: false },
        { list: ['only'] },
        { added: 0, kept: { a: 1 } },
      );
      assert.deepEqual(merged, {
        kept: { a: 1 },
        replaced: { b: [3], c: null },
        list: ['only'],
        added: 0,
      });
    },
  },
  {
    name: 'attributes may all be removed, and come back',
    async run(store) {
      assert.deepEqual(await attributesAfter(store, { a: 1 }, { a: null }, { b: null }, {}), {});
      const { id } = await store.users.create(aUser({ email: BOB }));
      for (const a of [1, null, 2]) await change(store, id, { attributes: { a } });
      assert.deepEqual((await store.users.findById(id))?.attributes, { a: 2 });
    },
  },
  {
    name: 'names of attributes differ by their case, and may be those of columns and of what objects have anyway',
    async run(store) {
      const columns = ['id', 'email', 'fullName', 'full_name', 'authEpoch', 'auth_epoch', 'attributes'];
      const others = ['roles', 'isActive', 'is_active', 'isSuperuser', 'passwordHash', 'password_hash'];
      const words = ['constructor', 'toString', 'length', 'select', 'size', 'Size', 'SIZE', 'a1', 'A_1'];
      const names = [...columns, ...others, ...words];
      const attributes = Object.fromEntries(names.map((name, n) => [name, n]));
      const created = await store.users.create(aUser());
      const { user } = await change(store, created.id, { attributes });
      assert.deepEqual(user, { ...created, attributes });
      assert.deepEqual(await store.users.findById(created.id), user);
      const { size, ...left } = attributes;
      assert.deepEqual(
        (await change(store, created.id, { attributes: { size: null } })).user.attributes,
        left,
      );
      assert.equal(size, names.indexOf('size'));
    },
  },
  {
    name: 'of parallel changes of different fields and attributes all stand, and each answers what it did',
    isRace: true,
    async run(store) {
      const { id } = await store.users.create(aUser({ attributes: { first: true } }));
      const changes: AccountChanges[] = [{ fullName: 'Ali' }, { roles: ['editor'] }, { endSessions: true }];
      const answers = await race((n) => change(store, id, changes[n] ?? { attributes: { [`n${n}`]: n } }));
      const numbers = answers.map((_, n) => n).slice(changes.length);
      const all = { first: true, ...Object.fromEntries(numbers.map((n) => [`n${n}`, n])) };
      const found = await store.users.findById(id);
      assert.deepEqual(
        [found?.fullName, found?.roles, found?.authEpoch, found?.attributes],
        ['Ali', ['editor'], 1, all],
      );
      for (const n of numbers) {
        const { before, user } = answers[n]!;
        assert.deepEqual([before.attributes[`n${n}`], user.attributes[`n${n}`]], [undefined, n]);
      }
    },
  },
  {
    name: 'W12: of parallel disablings exactly one finds the user active, and the epoch rises once',
    isRace: true,
    async run(store) {
      const { id } = await store.users.create(aUser());
      const answers = await race(() => change(store, id, { isActive: false }));
      assert.equal(answers.filter(({ before }) => before.isActive).length, 1);
      assert.equal((await store.users.findById(id))?.authEpoch, 1);
    },
  },
  {
    name: 'W12: no session outlives a disabling, also of openings under way',
    async run(store) {
      const { id } = await store.users.create(aUser());
      const session = aSession(id);
      const [, { user }] = await Promise.all([
        store.sessions.open(session),
        change(store, id, { isActive: false }),
      ]);
      const found = await store.sessions.authenticate(session.id, at(1));
      assert.ok(found === null || found.session.authEpoch < user.authEpoch);
      assert.equal((await store.users.findById(id))?.isActive, false);
    },
  },
];
