import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { UserRepository } from '../../ports/user.repository';
import { type ContractCase, race } from './contract';
import { aCode, aTotp, aUser, BOB, codes, T0 } from './samples';

/** A user of epoch 1 with these recovery codes. */
async function enrolled(users: UserRepository, recoveryCodes: readonly string[], email = aUser().email) {
  const { id } = await users.create(aUser({ email }));
  const changes = { totp: aTotp(), recoveryCodes, isMfaEnabled: true };
  assert.notEqual(await users.changeCredentials(id, 0, changes, []), null);
  return id;
}

const left = async (users: UserRepository, id: string): Promise<number | undefined> =>
  (await users.findCredentials(id))?.recoveryCodesLeft;

/** What every `UserRepository` keeps of recovery codes (P7, R48). */
export const recoveryCodeContract: readonly ContractCase[] = [
  {
    name: 'R48: a recovery code counts once, in any order, and its use answers how many are left; nothing else changes',
    async run({ users }) {
      const all = codes(4);
      const id = await enrolled(users, all);
      const before = await users.findCredentials(id);
      const order = [all[2]!, all[0]!, all[3]!, all[1]!];
      for (const [n, code] of order.entries()) {
        assert.equal(await users.useRecoveryCode(id, 1, code), 3 - n);
        for (const used of order.slice(0, n + 1))
          assert.equal(await users.useRecoveryCode(id, 1, used), null);
        assert.equal(await left(users, id), 3 - n);
      }
      assert.deepEqual(await users.findCredentials(id), { ...before, recoveryCodesLeft: 0 });
    },
  },
  {
    name: 'R48: a code of somebody else, of nobody, a part of one, several in one or any odd text is none, and takes none',
    async run({ users }) {
      // As a pattern, or in another case, each of these would be another one too.
      const all = [...codes(2), '_'.repeat(43), 'a'.repeat(43), 'A'.repeat(43), '-'.repeat(43)];
      const id = await enrolled(users, all);
      const theirs = codes(2);
      const other = await enrolled(users, theirs, BOB);
      const [one, two] = all as [string, string];
      const odd = [
        theirs[0]!,
        aCode(),
        '',
        ' ',
        '.',
        ',',
        '%',
        '_',
        '*',
        '.*',
        '"',
        '[]',
        '{}',
        'null',
        '\\',
        "'",
      ];
      const parts = [
        one.slice(0, 20),
        one.slice(1),
        one.slice(0, -1),
        `${one} `,
        ` ${one}`,
        `${one}.`,
        `.${one}`,
      ];
      const joins = ['', '.', ',', ' ', '\n', '","'].map((between) => one + between + two);
      const patterns = ['%'.repeat(43), `${one.slice(0, 42)}%`, `%${one}%`, `["${one}"]`, 'b'.repeat(43)];
      for (const code of [...odd, ...parts, ...joins, ...patterns]) {
        assert.equal(await users.useRecoveryCode(id, 1, code), null, code);
        assert.equal(await left(users, id), all.length, code);
      }
      assert.equal(await left(users, other), theirs.length);
      for (const [n, code] of all.entries())
        assert.equal(await users.useRecoveryCode(id, 1, code), all.length - 1 - n);
      assert.equal(await users.useRecoveryCode(other, 1, theirs[0]!), 1);
    },
  },
  {
    name: 'R48: two users who have the same code each use their own',
    async run({ users }) {
      const [code] = codes(1);
      const [alice, bob] = [await enrolled(users, [code!]), await enrolled(users, [code!], BOB)];
      assert.equal(await users.useRecoveryCode(alice, 1, code!), 0);
      assert.equal(await left(users, bob), 1);
      assert.equal(await users.useRecoveryCode(bob, 1, code!), 0);
    },
  },
  {
    name: 'R48: a code is refused at another epoch, and of whoever is disabled, unknown or without codes; it is not used up',
    async run({ users, accounts }) {
      const [code, ...others] = codes(3) as [string, ...string[]];
      const id = await enrolled(users, [code, ...others]);
      const { id: bare } = await users.create(aUser({ email: BOB }));
      const refused = async (who: string, epoch: number): Promise<void> =>
        assert.equal(await users.useRecoveryCode(who, epoch, code), null);
      for (const epoch of [0, 2, -1]) await refused(id, epoch);
      await refused(bare, 0);
      await refused(newId(T0), 0);
      await accounts.changeAccount(id, { isActive: false });
      for (const epoch of [1, 2]) await refused(id, epoch);
      assert.equal(await left(users, id), 3);
      await accounts.changeAccount(id, { isActive: true });
      assert.equal(await users.useRecoveryCode(id, 2, code), 2);
    },
  },
  {
    name: 'R48: a new set takes the place of the old one, and of what was used of it',
    async run({ users }) {
      const [old, fresh] = [codes(10), codes(5)];
      const id = await enrolled(users, old);
      assert.equal(await users.useRecoveryCode(id, 1, old[0]!), 9);
      await users.changeCredentials(id, 1, { recoveryCodes: fresh }, []);
      assert.equal(await left(users, id), 5);
      for (const code of old) {
        assert.equal(await users.useRecoveryCode(id, 1, code), null);
        assert.equal(await users.useRecoveryCode(id, 2, code), null);
      }
      assert.equal(await users.useRecoveryCode(id, 1, fresh[0]!), null);
      assert.equal(await users.useRecoveryCode(id, 2, fresh[0]!), 4);
      await users.changeCredentials(id, 2, { recoveryCodes: [] }, []);
      assert.equal(await users.useRecoveryCode(id, 3, fresh[1]!), null);
      await users.changeCredentials(id, 3, { recoveryCodes: old }, []);
      assert.equal(await users.useRecoveryCode(id, 4, old[0]!), 9);
    },
  },
  {
    name: 'R48: of parallel uses of one code exactly one counts',
    isRace: true,
    async run({ users }) {
      const all = codes(10);
      const id = await enrolled(users, all);
      const used = await race(() => users.useRecoveryCode(id, 1, all[4]!));
      assert.deepEqual(
        used.filter((count) => count !== null),
        [9],
      );
      assert.equal(await left(users, id), 9);
    },
  },
  {
    name: 'R48: of ten codes that are used three times each at once every one counts once, and no use is lost',
    isRace: true,
    async run({ users }) {
      const all = codes(10);
      const id = await enrolled(users, all);
      const tried = Array.from({ length: 30 }, (_, racer) => all[(racer * 7) % 10]!);
      const used = await Promise.all(tried.map((code) => users.useRecoveryCode(id, 1, code)));
      const counted = tried.filter((_, racer) => used[racer] !== null);
      assert.deepEqual(counted.toSorted(), all.toSorted());
      assert.deepEqual(
        used.flatMap((count) => count ?? []).toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
      assert.equal(await left(users, id), 0);
    },
  },
  {
    name: 'R48, P1: of a use of an old code and a new set that come together the new set is left whole',
    isRace: true,
    async run({ users }) {
      const [old, fresh] = [codes(10), codes(10)];
      const id = await enrolled(users, old);
      await race(async (racer) => {
        if (racer === 7) await users.changeCredentials(id, 1, { recoveryCodes: fresh }, []);
        else await users.useRecoveryCode(id, 1, old[racer % 10]!);
      });
      assert.equal(await left(users, id), 10);
      for (const code of old) assert.equal(await users.useRecoveryCode(id, 2, code), null);
      for (const [n, code] of fresh.entries()) assert.equal(await users.useRecoveryCode(id, 2, code), 9 - n);
    },
  },
];
