import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { Store } from '../../ports/store';
import type { CredentialChanges } from '../../ports/user.repository';
import { type ContractCase, idsOf, race } from './contract';
import {
  ALICE,
  aMessage,
  aSession,
  at,
  aTotp,
  aUser,
  BOB,
  codes,
  NO_FACTOR,
  OTHER_PHONE,
  PHONE,
  STEP,
  T0,
} from './samples';

/** Every second factor at once, with recovery codes. */
const ALL = (): CredentialChanges => ({
  phoneNumber: PHONE,
  totp: aTotp(),
  recoveryCodes: codes(10),
  isMfaEnabled: true,
});

/** What is stored of a user's second factors. */
async function factors({ users }: Store, id: string) {
  const found = await users.findCredentials(id);
  return [found?.phoneNumber, found?.totp, found?.recoveryCodesLeft, found?.isMfaEnabled];
}

/** What every `UserRepository` keeps of second factors that are set and removed (P1, R46). */
export const factorChangesContract: readonly ContractCase[] = [
  {
    name: 'P1, R46: a change sets phone, authenticator app, recovery codes and whether sign-in asks for them; every read shows what it may',
    async run({ users, sessions, outbox, accounts }) {
      const user = await users.create(aUser());
      const notice = aMessage();
      const expected = { ...user, phoneNumber: PHONE, isMfaEnabled: true, authEpoch: 1 };
      assert.deepEqual(await users.changeCredentials(user.id, 0, ALL(), [notice]), expected);
      assert.deepEqual(await users.findById(user.id), expected);
      const login = { ...expected, passwordHash: '$hash-1' };
      assert.deepEqual(await users.findForLogin(ALICE), login);
      const credentials = { ...login, emailUndo: null, totp: aTotp(), recoveryCodesLeft: 10 };
      assert.deepEqual(await users.findCredentials(user.id), credentials);
      const session = aSession(user.id, { authEpoch: 1 });
      const signedIn = { ...expected, lastLogin: T0 };
      assert.deepEqual(await sessions.open(session), signedIn);
      assert.deepEqual((await sessions.authenticate(session.id, T0))?.user, signedIn);
      const query = { search: null, isActive: null, isVerified: null, isSuperuser: null };
      const listed = await accounts.list(query, { before: null, limit: 10, skip: 0 });
      assert.deepEqual(Array.from(listed), [signedIn]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), [notice.id]);
    },
  },
  {
    name: 'P1: each of the four is set by itself, and what a change does not name, or names as undefined, stays',
    async run(store) {
      const { users } = store;
      const { id } = await users.create(aUser());
      const totp = aTotp({ sealedSecret: 'kid-2.it\'s "odd" 😀.$1?', lastStep: STEP + 1 });
      const steps: readonly [CredentialChanges, unknown[]][] = [
        [{ isMfaEnabled: true }, [null, null, 0, true]],
        [{ recoveryCodes: codes(3) }, [null, null, 3, true]],
        [{ totp }, [null, totp, 3, true]],
        [{ phoneNumber: PHONE }, [PHONE, totp, 3, true]],
        [{ passwordHash: '$hash-2' }, [PHONE, totp, 3, true]],
        [{ isVerified: true }, [PHONE, totp, 3, true]],
        [
          { phoneNumber: undefined, totp: undefined, recoveryCodes: undefined, isMfaEnabled: undefined },
          [PHONE, totp, 3, true],
        ],
        [{ phoneNumber: OTHER_PHONE, totp: aTotp() }, [OTHER_PHONE, aTotp(), 3, true]],
        [{ isMfaEnabled: false }, [OTHER_PHONE, aTotp(), 3, false]],
        [{ recoveryCodes: codes(1) }, [OTHER_PHONE, aTotp(), 1, false]],
      ];
      for (const [epoch, [changes, expected]] of steps.entries()) {
        assert.notEqual(await users.changeCredentials(id, epoch, changes, []), null);
        assert.deepEqual(await factors(store, id), expected, JSON.stringify(changes));
      }
      assert.equal((await users.findForLogin(ALICE))?.passwordHash, '$hash-2');
    },
  },
  {
    name: 'P1: null takes a factor away, an empty list the recovery codes; what it leaves is as if it had never been',
    async run(store) {
      const { users } = store;
      const { id } = await users.create(aUser());
      await users.changeCredentials(id, 0, ALL(), []);
      const steps: readonly [CredentialChanges, unknown[]][] = [
        [{ phoneNumber: null }, [null, aTotp(), 10, true]],
        [{ recoveryCodes: [] }, [null, aTotp(), 0, true]],
        [{ totp: null, isMfaEnabled: false }, [null, null, 0, false]],
        [{ phoneNumber: null, totp: null, recoveryCodes: [] }, [null, null, 0, false]],
      ];
      for (const [n, [changes, expected]] of steps.entries()) {
        assert.equal((await users.changeCredentials(id, n + 1, changes, []))?.authEpoch, n + 2);
        assert.deepEqual(await factors(store, id), expected);
      }
      const { totp, recoveryCodesLeft } = (await users.findCredentials(id))!;
      assert.deepEqual({ totp, recoveryCodesLeft }, NO_FACTOR);
    },
  },
  {
    name: 'P1: a change that comes with another epoch, or for a disabled user, touches no factor of anybody',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(aUser());
      const other = await users.create(aUser({ email: BOB }));
      await users.changeCredentials(id, 0, ALL(), []);
      const removal = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false };
      for (const epoch of [0, 2, -1])
        assert.equal(await users.changeCredentials(id, epoch, removal, []), null);
      assert.equal(await users.changeCredentials(newId(T0), 0, ALL(), []), null);
      assert.deepEqual(await factors(store, id), [PHONE, aTotp(), 10, true]);
      await accounts.changeAccount(id, { isActive: false });
      assert.equal(await users.changeCredentials(id, 2, removal, []), null);
      assert.deepEqual(await factors(store, id), [PHONE, aTotp(), 10, true]);
      assert.deepEqual(await users.findById(other.id), other);
    },
  },
  {
    name: 'changes of the account, and a new hash of the same password, leave second factors alone and are answered with them',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(aUser());
      const before = await users.changeCredentials(id, 0, ALL(), []);
      const user = { ...before, fullName: 'x', roles: ['staff'], authEpoch: 2 };
      const changes = { fullName: 'x', roles: ['staff'], endSessions: true } as const;
      assert.deepEqual(await accounts.changeAccount(id, changes), { before, user });
      await users.replaceHash(id, '$hash-1', '$hash-2');
      assert.deepEqual(await factors(store, id), [PHONE, aTotp(), 10, true]);
    },
  },
  {
    name: 'P1, R46: of parallel changes of factors exactly one wins, and the factors are its own, all of them',
    isRace: true,
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      const sets = Array.from({ length: 32 }, (_, racer) => ({
        phoneNumber: `+49151000000${racer}`,
        totp: aTotp({ sealedSecret: `kid.${racer}` }),
        recoveryCodes: codes(racer + 1),
        isMfaEnabled: true,
      }));
      const changed = await race((racer) => users.changeCredentials(id, 0, sets[racer]!, [aMessage()]));
      const winners = sets.filter((_, racer) => changed[racer] !== null);
      assert.equal(winners.length, 1);
      const found = await users.findCredentials(id);
      const { phoneNumber, totp, recoveryCodes } = winners[0]!;
      assert.deepEqual(
        [found?.phoneNumber, found?.totp, found?.recoveryCodesLeft, found?.authEpoch],
        [phoneNumber, totp, recoveryCodes.length, 1],
      );
      assert.equal(await users.useRecoveryCode(id, 1, recoveryCodes[0]!), recoveryCodes.length - 1);
      assert.equal((await outbox.lease('mail', 100, 60, at(1))).length, 1);
    },
  },
];
