import assert from 'node:assert/strict';
import type { UserRepository } from '../../ports/user.repository';
import { type ContractCase, idsOf, race } from './contract';
import { ALICE, aMessage, anUndo, aRemoval, at, aTotp, aUser, BOB, codes, NO_FACTOR, PHONE } from './samples';

/** A user who moved from {@link ALICE} to {@link BOB}, set every factor and is of epoch 2, with what takes the move back. */
async function planted(users: UserRepository) {
  const { id } = await users.create(aUser());
  const undo = anUndo(ALICE);
  await users.changeEmail(id, 0, { email: BOB, undo }, [], at(1));
  const factors = { phoneNumber: PHONE, totp: aTotp(), recoveryCodes: codes(3), isMfaEnabled: true };
  await users.changeCredentials(id, 1, factors, []);
  return { id, undo };
}

/** What every `UserRepository` keeps of users who are made superusers, whoever they were (W11). */
export const appointmentContract: readonly ContractCase[] = [
  {
    name: 'W11: an appointment sets rights and password, raises the epoch, queues its notices and leaves the rest: name, proof, factors',
    async run({ users, outbox }) {
      const { id } = await planted(users);
      const before = await users.findCredentials(id);
      const notices = [aMessage(), aMessage()];
      const appointed = await users.appoint(id, 2, { passwordHash: '$of-an-operator' }, notices);
      const expected = { ...before, isSuperuser: true, authEpoch: 3 };
      const credentials = { ...expected, passwordHash: '$of-an-operator', emailUndo: null };
      assert.deepEqual(await users.findCredentials(id), credentials);
      assert.deepEqual(appointed, await users.findById(id));
      assert.deepEqual(
        idsOf(await outbox.lease('mail', 10, 60, at(3))).toSorted(),
        idsOf(notices).toSorted(),
      );
    },
  },
  {
    name: 'W11: an appointment takes the factors that it names',
    async run({ users }) {
      const { id } = await planted(users);
      const none = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false };
      await users.appoint(id, 2, { passwordHash: '$of-an-operator', ...none }, []);
      const { phoneNumber, totp, recoveryCodesLeft, isMfaEnabled } = (await users.findCredentials(id))!;
      assert.deepEqual({ totp, recoveryCodesLeft }, NO_FACTOR);
      assert.deepEqual([phoneNumber, isMfaEnabled], [null, false]);
    },
  },
  {
    name: 'W11, P9: with an appointment the undo of a change of address is over: nobody takes the account back, and the address before is free',
    async run({ users }) {
      const { id, undo } = await planted(users);
      await users.appoint(id, 2, { passwordHash: '$of-an-operator' }, []);
      assert.equal(await users.findByUndo(undo.tokenHash, at(2)), null);
      assert.equal(await users.undoEmailChange(id, undo, [aMessage()], at(2)), null);
      assert.deepEqual([await users.isTaken(ALICE, at(2)), await users.isTaken(BOB, at(2))], [false, true]);
      assert.equal((await users.create(aUser({ createdAt: at(2) }))).email, ALICE);
      assert.equal((await users.findForLogin(BOB))?.id, id);
    },
  },
  {
    name: 'W11: whoever is disabled, or has not proved the address, is appointed and stays so',
    async run({ users, accounts }) {
      const { id } = await users.create(aUser({ isVerified: false }));
      await accounts.changeAccount(id, { isActive: false });
      const appointed = await users.appoint(id, 1, { passwordHash: '$of-an-operator' }, []);
      const { isActive, isVerified, isSuperuser, authEpoch } = appointed!;
      assert.deepEqual([isActive, isVerified, isSuperuser, authEpoch], [false, false, true, 2]);
    },
  },
  {
    name: 'W11: nobody of another epoch is appointed, nobody who is unknown or deleted, and nothing is queued',
    async run({ users, accounts, outbox }) {
      const { id } = await users.create(aUser());
      const { id: gone } = await users.create(aUser({ email: BOB }));
      await accounts.remove(gone, aRemoval({ notices: [] }));
      const asked: readonly (readonly [string, number])[] = [
        [id, 1],
        [gone, 0],
        [gone, 1],
        ['unknown', 0],
      ];
      for (const [who, epoch] of asked)
        assert.equal(
          await users.appoint(who, epoch, { passwordHash: '$of-an-operator' }, [aMessage()]),
          null,
        );
      const found = await users.findForLogin(ALICE);
      assert.deepEqual([found?.isSuperuser, found?.passwordHash, found?.authEpoch], [false, '$hash-1', 0]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), []);
    },
  },
  {
    name: 'W11: of parallel appointments and changes by others exactly one wins, and the password is its own',
    isRace: true,
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      const won = await race((racer) => {
        const changes = { passwordHash: `$of-${racer}` };
        return racer % 2 === 0
          ? users.appoint(id, 0, changes, [aMessage()])
          : users.changeCredentials(id, 0, changes, [aMessage()]);
      });
      const winners = won.flatMap((user, racer) => (user ? [racer] : []));
      const found = await users.findForLogin(ALICE);
      assert.deepEqual([winners.length, found?.authEpoch], [1, 1]);
      assert.deepEqual(
        [found?.passwordHash, found?.isSuperuser],
        [`$of-${winners[0]}`, winners[0]! % 2 === 0],
      );
      assert.equal((await outbox.lease('mail', 100, 60, at(1))).length, 1);
    },
  },
  {
    name: 'W11, P9: of an appointment and an undo that come together exactly one wins',
    isRace: true,
    async run({ users }) {
      const { id, undo } = await planted(users);
      const won = await race((racer) =>
        racer % 2 === 0
          ? users.appoint(id, 2, { passwordHash: '$of-an-operator' }, [])
          : users.undoEmailChange(id, undo, [], at(2)),
      );
      const [winner, ...others] = won.filter((user) => user !== null);
      assert.deepEqual([others.length, winner?.authEpoch], [0, 3]);
      const found = (await users.findCredentials(id))!;
      const { email, passwordHash, isSuperuser, emailUndo } = found;
      const expected = winner!.isSuperuser
        ? [BOB, '$of-an-operator', true, null]
        : [ALICE, null, false, null];
      assert.deepEqual([email, passwordHash, isSuperuser, emailUndo], expected);
    },
  },
];
