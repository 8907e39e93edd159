import assert from 'node:assert/strict';
import type { EmailAddress } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
import { EmailTakenError, type NewUser, type UserRepository } from '../../ports/user.repository';
import { type ContractCase, idsOf, race } from './contract';
import { addressOf, ALICE, aMessage, anUndo, at, aUser, BOB, NO_FACTOR, T0, UNDO_SECONDS } from './samples';

const CAROL = addressOf('carol');

/** Moves a user, and says how it can be taken back. */
async function move(
  users: UserRepository,
  id: string,
  epoch: number,
  email: EmailAddress,
  undo = anUndo(ALICE),
) {
  assert.equal((await users.changeEmail(id, epoch, { email, undo }, [], at(1)))?.email, email);
  return undo;
}

/** Creates a user; null when the address is taken. */
const created = (users: UserRepository, user: NewUser): Promise<string | null> =>
  users.create(user).then(
    ({ id }) => id,
    (error: unknown) => {
      assert.ok(error instanceof EmailTakenError, String(error));
      return null;
    },
  );

/** Which of the addresses are taken at that time. */
const taken = (users: UserRepository, seconds: number, ...emails: EmailAddress[]): Promise<boolean[]> =>
  Promise.all(emails.map((email) => users.isTaken(email, at(seconds))));

/** What every `UserRepository` keeps of addresses that change (P9). */
export const userEmailContract: readonly ContractCase[] = [
  {
    name: 'P9: a change of address applies, proves the address, raises the epoch, can be undone and queues its notices',
    async run({ users, outbox }) {
      const user = await users.create(aUser({ isVerified: false }));
      const undo = anUndo(ALICE);
      const notices = [aMessage(), aMessage({ recipient: BOB })];
      const expected = { ...user, email: BOB, isVerified: true, authEpoch: 1 };
      assert.deepEqual(await users.changeEmail(user.id, 0, { email: BOB, undo }, notices, at(1)), expected);
      const login = { ...expected, passwordHash: '$hash-1' };
      assert.deepEqual(await users.findForLogin(BOB), login);
      assert.equal(await users.findForLogin(ALICE), null);
      assert.deepEqual(await users.findCredentials(user.id), { ...login, ...NO_FACTOR, emailUndo: undo });
      assert.deepEqual(
        idsOf(await outbox.lease('mail', 10, 60, at(2))).toSorted(),
        idsOf(notices).toSorted(),
      );
    },
  },
  {
    name: 'P9: a change of address with another epoch, of nobody or of a disabled user changes nothing and queues nothing',
    async run({ users, accounts, outbox }) {
      const { id } = await users.create(aUser());
      const change = { email: BOB, undo: anUndo(ALICE) };
      assert.equal(await users.changeEmail(id, 1, change, [aMessage()], at(1)), null);
      assert.equal(await users.changeEmail(newId(T0), 0, change, [aMessage()], at(1)), null);
      await accounts.changeAccount(id, { isActive: false });
      assert.equal(await users.changeEmail(id, 1, change, [aMessage()], at(1)), null);
      const found = await users.findCredentials(id);
      assert.deepEqual([found?.email, found?.authEpoch, found?.emailUndo], [ALICE, 1, null]);
      assert.deepEqual(await taken(users, 2, ALICE, BOB), [true, false]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(2))), []);
    },
  },
  {
    name: 'P9: an address that somebody holds, now or by an undo, is refused: nothing changes, nothing is queued',
    async run({ users, outbox }) {
      const { id: alice } = await users.create(aUser());
      await move(users, alice, 0, BOB);
      const { id: carol } = await users.create(aUser({ email: CAROL }));
      for (const email of [ALICE, BOB]) {
        const change = { email, undo: anUndo(CAROL) };
        assert.equal(await users.changeEmail(carol, 0, change, [aMessage()], at(2)), null);
      }
      const found = await users.findCredentials(carol);
      assert.deepEqual([found?.email, found?.authEpoch, found?.emailUndo], [CAROL, 0, null]);
      assert.equal((await users.findCredentials(alice))?.emailUndo?.email, ALICE);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(3))), []);
    },
  },
  {
    name: 'P9: the address before is held until its undo ends, to the millisecond; then it is free for a new user',
    async run({ users }) {
      await move(users, (await users.create(aUser())).id, 0, BOB);
      const almost = UNDO_SECONDS - 0.001;
      assert.deepEqual(await taken(users, almost, ALICE, BOB), [true, true]);
      assert.equal(await created(users, aUser({ createdAt: at(almost) })), null);
      assert.deepEqual(await taken(users, UNDO_SECONDS, ALICE, BOB), [false, true]);
      const user = aUser({ createdAt: at(UNDO_SECONDS) });
      assert.equal(await created(users, user), user.id);
      assert.equal((await users.findForLogin(ALICE))?.id, user.id);
      assert.deepEqual(await taken(users, UNDO_SECONDS + 1, ALICE, BOB), [true, true]);
    },
  },
  {
    name: 'P9: … and for another user who moves there, who holds it from then on',
    async run({ users }) {
      const { id: alice } = await users.create(aUser());
      await move(users, alice, 0, BOB);
      const { id: carol } = await users.create(aUser({ email: CAROL }));
      const change = { email: ALICE, undo: anUndo(CAROL, { expiresAt: at(2 * UNDO_SECONDS) }) };
      const late = at(UNDO_SECONDS - 0.001);
      assert.equal(await users.changeEmail(carol, 0, change, [], late), null);
      assert.equal((await users.changeEmail(carol, 0, change, [], at(UNDO_SECONDS)))?.email, ALICE);
      const seconds = 2 * UNDO_SECONDS;
      assert.deepEqual(await taken(users, seconds - 1, ALICE, BOB, CAROL), [true, true, true]);
      assert.deepEqual(await taken(users, seconds, ALICE, BOB, CAROL), [true, true, false]);
      const back = { email: ALICE, undo: anUndo(BOB) };
      assert.equal(await users.changeEmail(alice, 1, back, [], at(seconds)), null);
    },
  },
  {
    name: 'P9: where the first undo is kept over a second change, the address in between is free at once',
    async run({ users }) {
      const { id } = await users.create(aUser());
      const undo = await move(users, id, 0, BOB);
      await move(users, id, 1, CAROL, undo);
      assert.deepEqual(await taken(users, 2, ALICE, BOB, CAROL), [true, false, true]);
      assert.deepEqual((await users.findCredentials(id))?.emailUndo, undo);
      const bob = aUser({ email: BOB, createdAt: at(2) });
      assert.equal(await created(users, bob), bob.id);
    },
  },
  {
    name: 'P9: a second change with an undo of its own lets go of the first address',
    async run({ users }) {
      const { id } = await users.create(aUser());
      const first = await move(users, id, 0, BOB);
      const second = await move(users, id, 1, CAROL, anUndo(BOB));
      assert.deepEqual(await taken(users, 2, ALICE, BOB, CAROL), [false, true, true]);
      assert.equal(await users.findByUndo(first.tokenHash, at(2)), null);
      assert.equal((await users.findByUndo(second.tokenHash, at(2)))?.id, id);
    },
  },
  {
    name: 'P9: who moves back holds one address, for as long as they stay',
    async run({ users }) {
      const { id } = await users.create(aUser());
      await move(users, id, 0, BOB);
      await move(users, id, 1, ALICE);
      assert.deepEqual(await taken(users, 2, ALICE, BOB), [true, false]);
      assert.deepEqual(await taken(users, UNDO_SECONDS + 1, ALICE, BOB), [true, false]);
      await move(users, id, 2, CAROL);
      assert.deepEqual(await taken(users, 2, ALICE, BOB, CAROL), [true, false, true]);
    },
  },
  {
    name: 'P9: of parallel changes of one user’s address exactly one wins; of the others none is held',
    isRace: true,
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      const changed = await race((racer) => {
        const change = { email: addressOf(`racer-${racer}`), undo: anUndo(ALICE) };
        return users.changeEmail(id, 0, change, [aMessage()], at(1));
      });
      const winners = changed.flatMap((user, racer) => (user ? [addressOf(`racer-${racer}`)] : []));
      assert.equal(winners.length, 1);
      const found = await users.findById(id);
      assert.deepEqual([found?.email, found?.authEpoch], [winners[0], 1]);
      const held = await taken(users, 2, ALICE, ...changed.map((_, racer) => addressOf(`racer-${racer}`)));
      assert.equal(held.filter(Boolean).length, 2);
      assert.equal((await outbox.lease('mail', 100, 60, at(2))).length, 1);
    },
  },
  {
    name: 'P9: of parallel changes by many users to one address, and creations there, exactly one wins',
    isRace: true,
    async run({ users, outbox }) {
      const movers = await race((racer) => users.create(aUser({ email: addressOf(`racer-${racer}`) })));
      const outcomes = await race(async (racer) => {
        const { id, email } = movers[racer]!;
        if (racer % 2 === 0) return created(users, aUser({ createdAt: at(1) }));
        const change = { email: ALICE, undo: anUndo(email) };
        return (await users.changeEmail(id, 0, change, [aMessage()], at(1)))?.id ?? null;
      });
      const winners = outcomes.filter((id) => id !== null);
      assert.equal(winners.length, 1);
      assert.equal((await users.findForLogin(ALICE))?.id, winners[0]);
      const moved = movers.filter(({ id }) => winners.includes(id));
      assert.equal((await outbox.lease('mail', 100, 60, at(2))).length, moved.length);
    },
  },
  {
    name: 'P9: an address that is free again goes to exactly one of those who want it, its former holder among them',
    isRace: true,
    async run({ users }) {
      const { id: alice } = await users.create(aUser());
      await move(users, alice, 0, BOB);
      const movers = await race((racer) => users.create(aUser({ email: addressOf(`racer-${racer}`) })));
      const outcomes = await race(async (racer) => {
        if (racer % 2 === 1) return created(users, aUser({ createdAt: at(UNDO_SECONDS) }));
        const [id, epoch, email] =
          racer === 0 ? [alice, 1, BOB] : [movers[racer]!.id, 0, movers[racer]!.email];
        const change = { email: ALICE, undo: anUndo(email, { expiresAt: at(2 * UNDO_SECONDS) }) };
        return (await users.changeEmail(id, epoch, change, [], at(UNDO_SECONDS)))?.id ?? null;
      });
      const winners = outcomes.filter((id) => id !== null);
      assert.equal(winners.length, 1);
      assert.equal((await users.findForLogin(ALICE))?.id, winners[0]);
      assert.equal((await users.findForLogin(BOB))?.id ?? alice, alice);
    },
  },
];
