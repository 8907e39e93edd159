import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { UserQuery } from '../../ports/account.repository';
import type { Store } from '../../ports/store';
import type { UserRecord } from '../../ports/user.repository';
import { type ContractCase, idsOf } from './contract';
import { aChallenge, addressOf, ALICE, aMessage, anAttempt, anUndo, at, aUser, BOB } from './samples';

const ALL: UserQuery = { search: null, isActive: null, isVerified: null, isSuperuser: null };
const FIRST = { before: null, skip: 0, limit: 100 };

/** Texts that a pattern would take for more than they are. */
const SPECIAL = [
  ...Array.from(`%_\\.*[](){}^$?+|'"-:/&#!~;\`@ `),
  '%%',
  '\\\\',
  '\\%',
  '.*',
  '[a-z]',
  '$1',
  `';--`,
];

/** Users with these names, one each second, at addresses that tell nothing. */
async function named({ users }: Store, names: readonly (string | null)[]): Promise<UserRecord[]> {
  const made: UserRecord[] = [];
  for (const [n, fullName] of names.entries())
    made.push(await users.create(aUser({ id: newId(at(n)), email: addressOf(`u-${n}`), fullName })));
  return made;
}

/** Names of who is found, the oldest first. */
async function found({ accounts }: Store, query: Partial<UserQuery>): Promise<(string | null)[]> {
  const users = await accounts.list({ ...ALL, ...query }, FIRST);
  assert.equal(await accounts.countOf({ ...ALL, ...query }), users.length);
  return Array.from(users, ({ fullName }) => fullName).toReversed();
}

/** One user of each of eight kinds; its name says which: active, verified, superuser. */
async function ofEveryKind({ users, accounts }: Store): Promise<string[]> {
  const kinds = ['asv', 'as', 'av', 'a', 'sv', 's', 'v', ''];
  for (const [n, fullName] of kinds.entries()) {
    const is = { isSuperuser: fullName.includes('s'), isVerified: fullName.includes('v') };
    const id = newId(at(n));
    await users.create(aUser({ id, email: addressOf(`kind-${n}`), fullName, ...is }));
    if (!fullName.includes('a')) await accounts.changeAccount(id, { isActive: false });
  }
  return kinds;
}

const isOr = (wanted: boolean | null, is: boolean): boolean => wanted === null || wanted === is;

/** What every `AccountRepository` keeps of lists and counts. */
export const accountListContract: readonly ContractCase[] = [
  {
    name: 'users are listed whole, by descending id, and never with their hash',
    async run({ users, accounts }) {
      const ids = [3, 1, 2].map((seconds) => newId(at(seconds)));
      for (const [n, id] of ids.entries()) {
        await users.create(aUser({ id, email: addressOf(`u-${n}`), passwordHash: '$secret-hash' }));
      }
      const last = await accounts.changeAccount(ids[0]!, {
        roles: ['editor'],
        attributes: { size: 'L' },
        isActive: false,
      });
      assert.ok(last !== null && last !== 'last_admin');
      const listed = await accounts.list(ALL, FIRST);
      assert.deepEqual(Array.from(listed), [
        last.user,
        await users.findById(ids[2]!),
        await users.findById(ids[1]!),
      ]);
      assert.equal(JSON.stringify(listed).includes('secret-hash'), false);
    },
  },
  {
    name: 'a page begins after the id that it is given, leaves out what it is to skip, and is no longer than asked for',
    async run(store) {
      const ids = idsOf(await named(store, ['0', '1', '2', '3', '4', '5', '6'])).toReversed();
      const page = async (before: string | null, skip: number, limit: number) =>
        idsOf(await store.accounts.list(ALL, { before, skip, limit }));
      assert.deepEqual(await page(null, 0, 3), ids.slice(0, 3));
      assert.deepEqual(await page(ids[2]!, 0, 3), ids.slice(3, 6));
      assert.deepEqual(await page(ids[5]!, 0, 3), ids.slice(6));
      assert.deepEqual(await page(ids[6]!, 0, 3), []);
      assert.deepEqual(await page(null, 2, 3), ids.slice(2, 5));
      assert.deepEqual(await page(ids[0]!, 2, 3), ids.slice(3, 6));
      assert.deepEqual(await page(null, 6, 3), ids.slice(6));
      assert.deepEqual(await page(null, 7, 3), []);
      assert.deepEqual(await page(newId(at(3.5)), 0, 2), ids.slice(3, 5));
    },
  },
  {
    name: 'users are found by whether they are active, verified and superusers, each alone and all at once, and counted so',
    async run(store) {
      const kinds = await ofEveryKind(store);
      for (const isActive of [null, true, false]) {
        for (const isVerified of [null, true, false]) {
          for (const isSuperuser of [null, true, false]) {
            const expected = kinds.filter(
              (kind) =>
                isOr(isActive, kind.includes('a')) &&
                isOr(isVerified, kind.includes('v')) &&
                isOr(isSuperuser, kind.includes('s')),
            );
            assert.deepEqual(await found(store, { isActive, isVerified, isSuperuser }), expected);
          }
        }
      }
    },
  },
  {
    name: 'a filter goes with a search and with a page',
    async run(store) {
      await ofEveryKind(store);
      assert.deepEqual(await found(store, { search: 'V', isActive: true }), ['asv', 'av']);
      assert.deepEqual(await found(store, { search: 'kind-', isActive: false, isSuperuser: false }), [
        'v',
        '',
      ]);
      const query = { ...ALL, search: 's', isVerified: true };
      const all = await store.accounts.list(query, FIRST);
      assert.equal(all.length, 2);
      const second = await store.accounts.list(query, { before: all[0]!.id, skip: 0, limit: 1 });
      assert.deepEqual(idsOf(second), [all[1]!.id]);
      assert.deepEqual(idsOf(await store.accounts.list(query, { before: null, skip: 1, limit: 5 })), [
        all[1]!.id,
      ]);
    },
  },
  {
    name: 'a search finds what an address has somewhere, in whatever case it is typed',
    async run(store) {
      const addresses = ['alice@example.org', 'malice@example.com', 'zoë.ärmel@example.org', 'bob@alice.org'];
      for (const [n, email] of addresses.entries())
        await store.users.create(
          aUser({ id: newId(at(n)), email: email as typeof ALICE, fullName: String(n) }),
        );
      assert.deepEqual(await found(store, { search: 'alice' }), ['0', '1', '3']);
      assert.deepEqual(await found(store, { search: 'LICE@Example.C' }), ['1']);
      assert.deepEqual(await found(store, { search: 'ZOË.Ärm' }), ['2']);
      assert.deepEqual(await found(store, { search: 'zoe' }), []);
      assert.deepEqual(await found(store, { search: 'bob@alice.org' }), ['3']);
      assert.deepEqual(await found(store, { search: 'bob@alice.orgs' }), []);
    },
  },
  {
    name: 'a search finds what a name has somewhere: A to Z in any case, other letters as they are typed',
    async run(store) {
      await named(store, ['Anna Bauer', 'HANNA ÄRMEL', 'Zoë ärmel', 'Ünal', 'ανα 😀', null]);
      assert.deepEqual(await found(store, { search: 'ANNA' }), ['Anna Bauer', 'HANNA ÄRMEL']);
      assert.deepEqual(await found(store, { search: 'anna b' }), ['Anna Bauer']);
      assert.deepEqual(await found(store, { search: 'Ärmel' }), ['HANNA ÄRMEL']);
      assert.deepEqual(await found(store, { search: 'ärMEL' }), ['Zoë ärmel']);
      assert.deepEqual(await found(store, { search: 'ünal' }), []);
      assert.deepEqual(await found(store, { search: 'Arm' }), []);
      assert.deepEqual(await found(store, { search: 'α 😀' }), ['ανα 😀']);
      assert.deepEqual(await found(store, { search: 'null' }), []);
    },
  },
  {
    name: 'the text of a search is taken as it is, whatever it would mean in a pattern',
    async run(store) {
      const names = SPECIAL.map((text) => `q${text}w`);
      await named(store, [...names, 'qw', 'qxw', 'qqw', 'q1w', 'qxxw', 'w', 'q']);
      for (const name of names) assert.deepEqual(await found(store, { search: name }), [name], name);
      const anywhere = ['%', '_', '\\', '*', '[', '(', '$', "'", '"', '\\%'];
      for (const text of anywhere) {
        const expected = names.filter((name) => name.includes(text));
        assert.deepEqual(await found(store, { search: text }), expected, text);
      }
    },
  },
  {
    name: 'where nobody is, or nobody like that, nothing is listed and nothing counted',
    async run(store) {
      assert.deepEqual(await found(store, {}), []);
      const none = { total: 0, active: 0, verified: 0, superusers: 0, pendingRegistrations: 0 };
      assert.deepEqual(await store.accounts.counts(at(1)), none);
      await store.users.create(aUser());
      assert.deepEqual(await found(store, { search: 'nobody' }), []);
      assert.deepEqual(await found(store, { isActive: false }), []);
    },
  },
  {
    name: 'users are counted by kind, each kind by itself',
    async run(store) {
      await ofEveryKind(store);
      const extra = aUser({ isVerified: false });
      await store.users.create(extra);
      const counts = { total: 9, active: 5, verified: 4, superusers: 4, pendingRegistrations: 0 };
      assert.deepEqual(await store.accounts.counts(at(1)), counts);
    },
  },
  {
    name: 'attempts to register are counted by their addresses, those that live and that nobody holds, P9',
    async run({ users, accounts, pendingRegistrations }) {
      const { id } = await users.create(aUser());
      await users.changeEmail(id, 0, { email: BOB, undo: anUndo(ALICE) }, [], at(1));
      // Nobody's any more, and not yet let go of.
      const { id: other } = await users.create(aUser({ email: addressOf('four') }));
      const over = anUndo(addressOf('four'), { expiresAt: at(2) });
      await users.changeEmail(other, 0, { email: addressOf('five'), undo: over }, [], at(1));
      const attempts = [
        ...['one', 'one', 'two'].map((name) => anAttempt({ email: addressOf(name) })),
        anAttempt({ email: addressOf('one'), expiresAt: at(60) }),
        anAttempt({ email: addressOf('three'), expiresAt: at(60) }),
        ...[BOB, ALICE, addressOf('four')].map((email) => anAttempt({ email, expiresAt: at(60) })),
      ];
      for (const attempt of attempts)
        await pendingRegistrations.add(attempt, aChallenge(attempt.id), aMessage());
      const waiting = async (seconds: number) => (await accounts.counts(at(seconds))).pendingRegistrations;
      assert.equal(await waiting(59.999), 4);
      assert.equal(await waiting(60), 2);
      assert.equal(await waiting(3600), 0);
      assert.equal((await accounts.counts(at(60))).total, 2);
    },
  },
];
