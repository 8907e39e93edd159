import assert from 'node:assert/strict';
import type { EmailAddress } from '../../kernel/email-address';
import type { CredentialChanges, UserRepository } from '../../ports/user.repository';
import type { ContractCase } from './contract';
import { addressOf, anUndo, at, aTotp, aUser, codes, OTHER_PHONE, PHONE, STEP } from './samples';

/** When a factor was set: before the change of address, after it, or never. */
const MOMENTS = ['before', 'after', 'never'] as const;
type Moment = (typeof MOMENTS)[number];

/** Which factors are set, by when: phone, authenticator app, recovery codes. */
type Moments = readonly [phone: Moment, totp: Moment, recovery: Moment];

const ALL_MOMENTS: readonly Moments[] = MOMENTS.flatMap((phone) =>
  MOMENTS.flatMap((totp) => MOMENTS.map((recovery) => [phone, totp, recovery] as const)),
);

const setAt = (moment: Moment, [phone, totp, recovery]: Moments): CredentialChanges => ({
  ...(phone === moment && { phoneNumber: PHONE }),
  ...(totp === moment && { totp: aTotp() }),
  ...(recovery === moment && { recoveryCodes: codes(10) }),
  isMfaEnabled: true,
});

/** What of second factors is there: phone, authenticator app, recovery codes, and whether sign-in asks for them. */
async function factors(users: UserRepository, id: string): Promise<unknown[]> {
  const found = await users.findCredentials(id);
  return [found?.phoneNumber, found?.totp, found?.recoveryCodesLeft, found?.isMfaEnabled];
}

/** A user, by a name of their own, who has made these changes of credentials. */
async function enrolled(users: UserRepository, name: string, ...changes: readonly CredentialChanges[]) {
  const email = addressOf(name);
  const { id } = await users.create(aUser({ email }));
  for (const [epoch, change] of changes.entries())
    assert.notEqual(await users.changeCredentials(id, epoch, change, []), null);
  return { id, email, epoch: changes.length };
}

/** Moves a user of an epoch from an address; answers what takes it back. */
async function move(users: UserRepository, user: { id: string; email: EmailAddress; epoch: number }) {
  const { id, email, epoch } = user;
  const undo = anUndo(email, { authEpoch: epoch });
  const change = { email: addressOf(`moved-${id}`), undo };
  assert.notEqual(await users.changeEmail(id, epoch, change, [], at(1)), null);
  return undo;
}

/** What is left of these factors after an undo. */
function expectedOf([phone, totp, recovery]: Moments): unknown[] {
  const hasFactor = phone === 'before' || totp === 'before';
  return [
    phone === 'before' ? PHONE : null,
    totp === 'before' ? aTotp() : null,
    recovery === 'before' && hasFactor ? 10 : 0,
    hasFactor,
  ];
}

/** What every `UserRepository` keeps of second factors when a change of address is taken back (P9). */
export const factorUndoContract: readonly ContractCase[] = [
  {
    name: 'P9: an undo takes each factor that was set after the change of address, keeps each from before it, and with the last one goes the rest: in every combination',
    async run({ users }) {
      for (const moments of ALL_MOMENTS) {
        const user = await enrolled(users, moments.join('-'), setAt('before', moments));
        const undo = await move(users, user);
        await users.changeCredentials(user.id, 2, setAt('after', moments), []);
        const restored = await users.undoEmailChange(user.id, undo, [], at(2));
        const expected = expectedOf(moments);
        assert.deepEqual(
          [restored?.email, restored?.authEpoch, restored?.phoneNumber, restored?.isMfaEnabled],
          [user.email, 4, expected[0], expected[3]],
          moments.join(),
        );
        assert.deepEqual(await factors(users, user.id), expected, moments.join());
      }
    },
  },
  {
    name: 'P9: a factor of the last epoch before the change of address stays, one of the first epoch after it goes',
    async run({ users }) {
      const last = await enrolled(users, 'last', { isMfaEnabled: true }, { totp: aTotp() });
      const undo = await move(users, last);
      await users.undoEmailChange(last.id, undo, [], at(2));
      assert.deepEqual(await factors(users, last.id), [null, aTotp(), 0, true]);
      const first = await enrolled(users, 'first', { isMfaEnabled: true });
      const open = await move(users, first);
      await users.changeCredentials(first.id, 2, { phoneNumber: PHONE }, []);
      await users.undoEmailChange(first.id, open, [], at(2));
      assert.deepEqual(await factors(users, first.id), [null, null, 0, false]);
    },
  },
  {
    name: 'P9: a factor, or a set of codes, that was replaced after the change of address goes; the one from before does not come back',
    async run({ users }) {
      const all = { phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(10), isMfaEnabled: true };
      const replacements: readonly [CredentialChanges, unknown[]][] = [
        [{ phoneNumber: OTHER_PHONE }, [null, aTotp(), 10, true]],
        [{ totp: aTotp({ sealedSecret: 'kid.of.a.thief' }) }, [PHONE, null, 10, true]],
        [{ recoveryCodes: codes(10) }, [PHONE, aTotp(), 0, true]],
        [{ recoveryCodes: [] }, [PHONE, aTotp(), 0, true]],
        [{ phoneNumber: null }, [null, aTotp(), 10, true]],
        [{ phoneNumber: null, totp: null }, [null, null, 0, false]],
      ];
      for (const [n, [changes, expected]] of replacements.entries()) {
        const user = await enrolled(users, `user-${n}`, all);
        const undo = await move(users, user);
        await users.changeCredentials(user.id, 2, changes, []);
        await users.undoEmailChange(user.id, undo, [], at(2));
        assert.deepEqual(await factors(users, user.id), expected, JSON.stringify(changes));
      }
    },
  },
  {
    name: 'P9: a factor that was taken away and set again before the change of address, or later than other changes, goes by when it was set last',
    async run({ users }) {
      const gone = { phoneNumber: null, totp: null };
      const set = { phoneNumber: PHONE, totp: aTotp() };
      const before = await enrolled(users, 'before', set, gone, set, { passwordHash: '$hash-2' });
      const undo = await move(users, before);
      await users.changeCredentials(before.id, 5, { passwordHash: '$of-a-thief' }, []);
      await users.undoEmailChange(before.id, undo, [], at(2));
      assert.deepEqual((await factors(users, before.id)).slice(0, 2), [PHONE, aTotp()]);
      const after = await enrolled(users, 'after', set);
      const open = await move(users, after);
      await users.changeCredentials(after.id, 2, gone, []);
      await users.changeCredentials(after.id, 3, set, []);
      await users.undoEmailChange(after.id, open, [], at(2));
      assert.deepEqual((await factors(users, after.id)).slice(0, 2), [null, null]);
    },
  },
  {
    name: 'P9: what is kept is kept as it is: the last step, the codes that are left, and that sign-in does not ask',
    async run({ users }) {
      const all = { phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(3), isMfaEnabled: true };
      const user = await enrolled(users, 'user', all);
      const undo = await move(users, user);
      await users.useTotpStep(user.id, 2, STEP + 4);
      assert.equal(await users.useRecoveryCode(user.id, 2, all.recoveryCodes[1]!), 2);
      await users.changeCredentials(user.id, 2, { isMfaEnabled: false }, []);
      await users.undoEmailChange(user.id, undo, [], at(2));
      assert.deepEqual(await factors(users, user.id), [PHONE, aTotp({ lastStep: STEP + 4 }), 2, false]);
      assert.equal(await users.useTotpStep(user.id, 4, STEP + 4), false);
      assert.equal(await users.useRecoveryCode(user.id, 4, all.recoveryCodes[1]!), null);
      assert.equal(await users.useRecoveryCode(user.id, 4, all.recoveryCodes[0]!), 1);
    },
  },
  {
    name: 'P9: over A → B → C an undo to A takes what was set since A, one to B what was set since B',
    async run({ users }) {
      for (const isFirst of [true, false]) {
        const user = await enrolled(users, `user-${isFirst}`, { phoneNumber: PHONE, isMfaEnabled: true });
        const first = await move(users, user);
        await users.changeCredentials(user.id, 2, { totp: aTotp() }, []);
        const between = addressOf(`moved-${user.id}`);
        const undo = isFirst ? first : anUndo(between, { authEpoch: 3 });
        await users.changeEmail(user.id, 3, { email: addressOf(`c-${isFirst}`), undo }, [], at(2));
        await users.changeCredentials(user.id, 4, { recoveryCodes: codes(10) }, []);
        const restored = await users.undoEmailChange(user.id, undo, [], at(3));
        assert.equal(restored?.email, isFirst ? user.email : between);
        assert.deepEqual(await factors(users, user.id), [PHONE, isFirst ? null : aTotp(), 0, true]);
      }
    },
  },
  {
    name: 'P9: an undo that fails takes no factor',
    async run({ users, accounts }) {
      const user = await enrolled(users, 'user', { isMfaEnabled: true });
      const undo = await move(users, user);
      const all = { phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(3) };
      await users.changeCredentials(user.id, 2, all, []);
      assert.equal(await users.undoEmailChange(user.id, anUndo(user.email), [], at(2)), null);
      await accounts.changeAccount(user.id, { isActive: false });
      assert.equal(await users.undoEmailChange(user.id, undo, [], at(2)), null);
      assert.deepEqual(await factors(users, user.id), [PHONE, aTotp(), 3, true]);
    },
  },
];
