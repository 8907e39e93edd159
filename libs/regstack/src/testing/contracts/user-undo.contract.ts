import assert from 'node:assert/strict';
import type { UserRepository } from '../../ports/user.repository';
import { type ContractCase, idsOf, race } from './contract';
import { addressOf, ALICE, aMessage, anUndo, at, aUser, BOB, NO_FACTOR, UNDO_SECONDS } from './samples';

const CAROL = addressOf('carol');

/** A user who moved from {@link ALICE} to {@link BOB} and is of epoch 1, with what takes it back. */
async function moved(users: UserRepository) {
  const { id } = await users.create(aUser());
  const undo = anUndo(ALICE);
  await users.changeEmail(id, 0, { email: BOB, undo }, [], at(1));
  return { id, undo };
}

/** What every `UserRepository` keeps of the undo of a change of address (P9). */
export const userUndoContract: readonly ContractCase[] = [
  {
    name: 'P9: an undo is found by its token, until it ends, to the millisecond',
    async run({ users }) {
      const { id, undo } = await moved(users);
      assert.deepEqual(await users.findByUndo(undo.tokenHash, at(2)), await users.findCredentials(id));
      assert.equal((await users.findByUndo(undo.tokenHash, at(UNDO_SECONDS - 0.001)))?.id, id);
      assert.equal(await users.findByUndo(undo.tokenHash, at(UNDO_SECONDS)), null);
      assert.equal(await users.findByUndo('unknown', at(2)), null);
    },
  },
  {
    name: 'P9: an undo restores the address, proved, takes the password, raises the epoch, closes itself and queues its notices',
    async run({ users, outbox }) {
      const { id, undo } = await moved(users);
      const before = await users.findById(id);
      const notices = [aMessage(), aMessage({ recipient: BOB })];
      const expected = { ...before, email: ALICE, isVerified: true, authEpoch: 2 };
      assert.deepEqual(await users.undoEmailChange(id, undo, notices, at(2)), expected);
      const credentials = { ...expected, ...NO_FACTOR, passwordHash: null, emailUndo: null };
      assert.deepEqual(await users.findCredentials(id), credentials);
      assert.equal((await users.findForLogin(ALICE))?.id, id);
      assert.equal(await users.findForLogin(BOB), null);
      assert.equal(await users.findByUndo(undo.tokenHash, at(2)), null);
      assert.deepEqual(
        idsOf(await outbox.lease('mail', 10, 60, at(3))).toSorted(),
        idsOf(notices).toSorted(),
      );
    },
  },
  {
    name: 'P9: after an undo the address is held for good, and the one that was left is free at once',
    async run({ users }) {
      const { id, undo } = await moved(users);
      await users.undoEmailChange(id, undo, [], at(2));
      assert.deepEqual([await users.isTaken(ALICE, at(3)), await users.isTaken(BOB, at(3))], [true, false]);
      assert.equal(await users.isTaken(ALICE, at(UNDO_SECONDS + 1)), true);
      assert.equal((await users.create(aUser({ email: BOB, createdAt: at(3) }))).email, BOB);
    },
  },
  {
    name: 'P9: an undo outlives every change that was made after it',
    async run({ users }) {
      const { id, undo } = await moved(users);
      await users.changeCredentials(id, 1, { passwordHash: '$of-a-thief' }, []);
      await users.changeEmail(id, 2, { email: CAROL, undo }, [], at(2));
      await users.changeCredentials(id, 3, { passwordHash: '$of-a-thief' }, []);
      const restored = await users.undoEmailChange(id, undo, [], at(3));
      assert.deepEqual([restored?.email, restored?.authEpoch], [ALICE, 5]);
      assert.equal((await users.findForLogin(ALICE))?.passwordHash, null);
      const taken = await Promise.all([ALICE, BOB, CAROL].map((email) => users.isTaken(email, at(4))));
      assert.deepEqual(taken, [true, false, false]);
    },
  },
  {
    name: 'P9: an undo works once, not after its end, not with another token, not for another or a disabled user',
    async run({ users, accounts, outbox }) {
      const { id, undo } = await moved(users);
      const { id: other } = await users.create(aUser({ email: CAROL }));
      const refused = async (who: string, what = undo, seconds = 2): Promise<void> =>
        assert.equal(await users.undoEmailChange(who, what, [aMessage()], at(seconds)), null);
      await refused(id, undo, UNDO_SECONDS);
      await refused(id, anUndo(ALICE));
      await refused(other);
      assert.equal((await users.findById(id))?.authEpoch, 1);
      assert.notEqual(await users.undoEmailChange(id, undo, [], at(2)), null);
      await refused(id);
      const again = anUndo(ALICE);
      await users.changeEmail(id, 2, { email: BOB, undo: again }, [], at(3));
      await refused(id, undo, 4);
      await accounts.changeAccount(id, { isActive: false });
      await refused(id, again, 4);
      const found = await users.findCredentials(id);
      assert.deepEqual([found?.email, found?.authEpoch, found?.emailUndo], [BOB, 4, again]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(5))), []);
    },
  },
  {
    name: 'P9: an undo restores nothing that somebody else has by now, as the clock of another process allowed',
    async run({ users, outbox }) {
      const { id, undo } = await moved(users);
      const heir = await users.create(aUser({ createdAt: at(UNDO_SECONDS) }));
      assert.equal(await users.undoEmailChange(id, undo, [aMessage()], at(UNDO_SECONDS - 1)), null);
      assert.equal((await users.findForLogin(ALICE))?.id, heir.id);
      assert.deepEqual(
        [(await users.findForLogin(BOB))?.id, (await users.findForLogin(BOB))?.passwordHash],
        [id, '$hash-1'],
      );
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(5))), []);
    },
  },
  {
    name: 'P9: of parallel undos exactly one wins',
    isRace: true,
    async run({ users, outbox }) {
      const { id, undo } = await moved(users);
      const restored = await race(() => users.undoEmailChange(id, undo, [aMessage()], at(2)));
      assert.equal(restored.filter((user) => user !== null).length, 1);
      const found = await users.findCredentials(id);
      assert.deepEqual([found?.email, found?.authEpoch, found?.emailUndo], [ALICE, 2, null]);
      assert.equal((await outbox.lease('mail', 100, 60, at(3))).length, 1);
    },
  },
  {
    name: 'P9: an undo wins against whatever a thief changes at the same time',
    isRace: true,
    async run({ users }) {
      const { id, undo } = await moved(users);
      const undone = users.undoEmailChange(id, undo, [], at(2));
      const changed = await race((racer) =>
        racer % 2 === 0
          ? users.changeCredentials(id, 1, { passwordHash: `$of-a-thief-${racer}` }, [])
          : users.changeEmail(id, 1, { email: addressOf(`thief-${racer}`), undo }, [], at(2)),
      );
      assert.notEqual(await undone, null);
      const wins = changed.filter((user) => user !== null).length;
      const found = await users.findCredentials(id);
      assert.deepEqual(
        [found?.email, found?.passwordHash, found?.emailUndo, found?.authEpoch],
        [ALICE, null, null, 2 + wins],
      );
      const addresses = changed.map((_, racer) => addressOf(`thief-${racer}`));
      const taken = await Promise.all([BOB, ...addresses].map((email) => users.isTaken(email, at(3))));
      assert.equal(taken.includes(true), false);
    },
  },
];
