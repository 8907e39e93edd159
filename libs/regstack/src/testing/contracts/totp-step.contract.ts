import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { UserRepository } from '../../ports/user.repository';
import { type ContractCase, RACERS, race } from './contract';
import { aTotp, aUser, BOB, STEP, T0, addressOf } from './samples';

/** A user of epoch 1 with an authenticator app. */
async function enrolled(users: UserRepository, email = aUser().email, totp = aTotp()): Promise<string> {
  const { id } = await users.create(aUser({ email }));
  assert.notEqual(await users.changeCredentials(id, 0, { totp, isMfaEnabled: true }, []), null);
  return id;
}

const lastStep = async (users: UserRepository, id: string): Promise<number | undefined> =>
  (await users.findCredentials(id))?.totp?.lastStep;

/** What every `UserRepository` keeps of authenticator apps (P7, RFC 6238 section 5.2). */
export const totpStepContract: readonly ContractCase[] = [
  {
    name: 'P7: a later step counts once; it and every earlier one are refused from then on, and nothing else changes',
    async run({ users }) {
      const id = await enrolled(users);
      const before = await users.findCredentials(id);
      const use = (step: number): Promise<boolean> => users.useTotpStep(id, 1, step);
      assert.deepEqual([await use(STEP), await use(STEP - 1), await use(0)], [false, false, false]);
      assert.equal(await lastStep(users, id), STEP);
      assert.deepEqual([await use(STEP + 1), await use(STEP + 1), await use(STEP)], [true, false, false]);
      assert.deepEqual([await use(STEP + 3), await use(STEP + 2)], [true, false]);
      assert.deepEqual(await users.findCredentials(id), {
        ...before,
        totp: { ...before?.totp, lastStep: STEP + 3 },
      });
    },
  },
  {
    name: 'P7: steps of two users are counted apart',
    async run({ users }) {
      const [alice, bob] = [await enrolled(users), await enrolled(users, BOB)];
      assert.equal(await users.useTotpStep(alice, 1, STEP + 5), true);
      assert.deepEqual([await lastStep(users, alice), await lastStep(users, bob)], [STEP + 5, STEP]);
      assert.equal(await users.useTotpStep(bob, 1, STEP + 1), true);
    },
  },
  {
    name: 'P7: a step is refused at another epoch, and of whoever is disabled, unknown or without an app',
    async run({ users, accounts }) {
      const id = await enrolled(users);
      const { id: bare } = await users.create(aUser({ email: BOB }));
      const refused = async (who: string, epoch: number): Promise<void> =>
        assert.equal(await users.useTotpStep(who, epoch, STEP + 1), false);
      for (const epoch of [0, 2, -1]) await refused(id, epoch);
      await refused(bare, 0);
      await refused(newId(T0), 0);
      await accounts.changeAccount(id, { isActive: false });
      for (const epoch of [1, 2]) await refused(id, epoch);
      assert.equal(await lastStep(users, id), STEP);
      assert.deepEqual((await users.findCredentials(bare))?.totp, null);
    },
  },
  {
    name: 'P7: an app that was removed has no step, and one that was enrolled since starts at its own',
    async run({ users }) {
      const id = await enrolled(users);
      await users.useTotpStep(id, 1, STEP + 9);
      await users.changeCredentials(id, 1, { totp: null }, []);
      assert.equal(await users.useTotpStep(id, 2, STEP + 10), false);
      await users.changeCredentials(
        id,
        2,
        { totp: aTotp({ sealedSecret: 'kid.2', lastStep: STEP + 2 }) },
        [],
      );
      assert.equal(await lastStep(users, id), STEP + 2);
      assert.deepEqual(
        [await users.useTotpStep(id, 3, STEP + 2), await users.useTotpStep(id, 3, STEP + 3)],
        [false, true],
      );
    },
  },
  {
    name: 'the ids of the keys that secrets were encrypted with are told once each, and not after the last of them is gone',
    async run({ users }) {
      const keyIds = async () => Array.from(await users.totpKeyIds()).toSorted();
      assert.deepEqual(await keyIds(), []);
      const secrets = ['key-b.1.2.3', 'key-a.x', 'key-b.4', 'kid_%.5.6'];
      const ids: string[] = [];
      for (const [n, sealedSecret] of secrets.entries())
        ids.push(await enrolled(users, addressOf(`user-${n}`), aTotp({ sealedSecret })));
      await users.create(aUser());
      assert.deepEqual(await keyIds(), ['key-a', 'key-b', 'kid_%']);
      await users.changeCredentials(ids[0]!, 1, { totp: null }, []);
      await users.changeCredentials(ids[1]!, 1, { totp: aTotp({ sealedSecret: 'key-c.1' }) }, []);
      assert.deepEqual(await keyIds(), ['key-b', 'key-c', 'kid_%']);
      for (const n of [1, 2, 3]) await users.changeCredentials(ids[n]!, n === 1 ? 2 : 1, { totp: null }, []);
      assert.deepEqual(await keyIds(), []);
    },
  },
  {
    name: 'P7: of parallel uses of one step exactly one counts',
    isRace: true,
    async run({ users }) {
      const id = await enrolled(users);
      const used = await race(() => users.useTotpStep(id, 1, STEP + 1));
      assert.equal(used.filter(Boolean).length, 1);
      assert.equal(await lastStep(users, id), STEP + 1);
    },
  },
  {
    name: 'P7: of parallel uses of several steps none counts twice, and the last one that is stored is the greatest that counted',
    isRace: true,
    async run({ users }) {
      const id = await enrolled(users);
      // Four racers of each step, in no order of theirs.
      const steps = Array.from({ length: RACERS }, (_, racer) => STEP + 1 + ((racer * 5) % 8));
      const used = await race((racer) => users.useTotpStep(id, 1, steps[racer]!));
      const counted = steps.filter((_, racer) => used[racer]);
      assert.equal(new Set(counted).size, counted.length);
      assert.equal(Math.max(...counted), STEP + 8);
      assert.equal(await lastStep(users, id), STEP + 8);
    },
  },
];
