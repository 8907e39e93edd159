import assert from 'node:assert/strict';
import type { CredentialChanges, UserRepository } from '../../ports/user.repository';
import { type ContractCase, race } from './contract';
import { ALICE, aTotp, anUndo, at, aUser, BOB, codes, PHONE, STEP } from './samples';

const ALL = (): CredentialChanges => ({
  phoneNumber: PHONE,
  totp: aTotp(),
  recoveryCodes: codes(10),
  isMfaEnabled: true,
});

/** What of second factors is there: phone, authenticator app, recovery codes, and whether sign-in asks for them. */
async function factors(users: UserRepository, id: string): Promise<unknown[]> {
  const found = await users.findCredentials(id);
  return [found?.phoneNumber, found?.totp, found?.recoveryCodesLeft, found?.isMfaEnabled];
}

const NONE = [null, null, 0, false];
const EACH = [PHONE, aTotp(), 10, true];

/** A user of epoch 1 on whom somebody has planted every factor. */
async function planted(users: UserRepository, isVerified: boolean): Promise<string> {
  const { id } = await users.create(aUser({ isVerified }));
  await users.changeCredentials(id, 0, ALL(), []);
  assert.deepEqual(await factors(users, id), EACH);
  return id;
}

/** What every `UserRepository` keeps of the first proof of a mailbox (P10). */
export const firstProofContract: readonly ContractCase[] = [
  {
    name: 'P10: the first proof of the mailbox drops phone, authenticator app, recovery codes and the asking for them',
    async run({ users }) {
      const id = await planted(users, false);
      const before = await users.findById(id);
      const proved = { isVerified: true, phoneNumber: null, isMfaEnabled: false, authEpoch: 2 };
      assert.deepEqual(await users.changeCredentials(id, 1, { isVerified: true }, []), {
        ...before,
        ...proved,
      });
      assert.deepEqual(await users.findById(id), { ...before, ...proved });
      assert.deepEqual(await factors(users, id), NONE);
    },
  },
  {
    name: 'P10: … also with a new password, and the planted codes and steps are worth nothing from then on',
    async run({ users }) {
      const { id } = await users.create(aUser({ isVerified: false }));
      const recoveryCodes = codes(2);
      await users.changeCredentials(id, 0, { ...ALL(), recoveryCodes }, []);
      await users.changeCredentials(id, 1, { isVerified: true, passwordHash: '$hash-2' }, []);
      assert.deepEqual(await factors(users, id), NONE);
      assert.equal((await users.findForLogin(ALICE))?.passwordHash, '$hash-2');
      assert.equal(await users.useRecoveryCode(id, 2, recoveryCodes[0]!), null);
      assert.equal(await users.useTotpStep(id, 2, STEP + 1), false);
      assert.deepEqual(Array.from(await users.totpKeyIds()), []);
    },
  },
  {
    name: 'P10: … also those that come with the very change that proves it',
    async run({ users }) {
      const { id } = await users.create(aUser({ isVerified: false }));
      await users.changeCredentials(id, 0, { ...ALL(), isVerified: true }, []);
      assert.deepEqual(await factors(users, id), NONE);
      assert.equal((await users.findById(id))?.isVerified, true);
    },
  },
  {
    name: 'P10, R46: a move to another address proves that one and drops nothing; its undo, of no epoch, drops all',
    async run({ users }) {
      const id = await planted(users, false);
      const undo = anUndo(ALICE, { authEpoch: -1 });
      const moved = await users.changeEmail(id, 1, { email: BOB, undo }, [], at(1));
      assert.deepEqual([moved?.isVerified, moved?.phoneNumber, moved?.isMfaEnabled], [true, PHONE, true]);
      assert.deepEqual(await factors(users, id), EACH);
      await users.undoEmailChange(id, undo, [], at(2));
      assert.deepEqual(await factors(users, id), NONE);
    },
  },
  {
    name: 'P10: who is verified already keeps every factor over another proof, and over a move; what comes with the proof is set',
    async run({ users }) {
      const id = await planted(users, true);
      await users.changeCredentials(id, 1, { isVerified: true, passwordHash: '$hash-2' }, []);
      assert.deepEqual(await factors(users, id), EACH);
      await users.changeCredentials(id, 2, { isVerified: true, phoneNumber: null }, []);
      assert.deepEqual(await factors(users, id), [null, aTotp(), 10, true]);
      await users.changeCredentials(id, 3, { ...ALL(), isVerified: true }, []);
      await users.changeEmail(id, 4, { email: BOB, undo: anUndo(ALICE, { authEpoch: 4 }) }, [], at(1));
      assert.deepEqual(await factors(users, id), EACH);
    },
  },
  {
    name: 'P10: only the first proof drops them: what is enrolled after it stays',
    async run({ users }) {
      const id = await planted(users, false);
      await users.changeCredentials(id, 1, { isVerified: true }, []);
      await users.changeCredentials(id, 2, ALL(), []);
      await users.changeCredentials(id, 3, { isVerified: true }, []);
      assert.deepEqual(await factors(users, id), EACH);
    },
  },
  {
    name: 'P10: a proof that lost drops nothing, and proves nothing',
    async run({ users, accounts }) {
      const id = await planted(users, false);
      assert.equal(await users.changeCredentials(id, 0, { isVerified: true }, []), null);
      const change = { email: BOB, undo: anUndo(ALICE) };
      assert.equal(await users.changeEmail(id, 0, change, [], at(1)), null);
      await accounts.changeAccount(id, { isActive: false });
      assert.equal(await users.changeCredentials(id, 2, { isVerified: true }, []), null);
      assert.deepEqual(await factors(users, id), EACH);
      assert.equal((await users.findById(id))?.isVerified, false);
    },
  },
  {
    name: 'P10: of a proof and plantings that come together no planting is left, whichever of them is first',
    isRace: true,
    async run({ users }) {
      const { id } = await users.create(aUser({ isVerified: false }));
      /** Goes by the epoch as it is, as often as it takes, while the mailbox is not proved. */
      const plant = async (): Promise<void> => {
        for (;;) {
          const user = await users.findById(id);
          if (user?.isVerified !== false) return;
          if (await users.changeCredentials(id, user.authEpoch, ALL(), [])) return;
        }
      };
      const prove = async (): Promise<void> => {
        for (;;) {
          const user = await users.findById(id);
          if (await users.changeCredentials(id, user!.authEpoch, { isVerified: true }, [])) return;
        }
      };
      await race((racer) => (racer === 16 ? prove() : plant()));
      assert.deepEqual(await factors(users, id), NONE);
    },
  },
];
