import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { NewSession } from '../../ports/session.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import { aMessage, aSession, at, aUser, BOB, PHONE, T0 } from './samples';

const CHANGES = { phoneNumber: PHONE, isMfaEnabled: true } as const;

/** A user of epoch 0 with open sessions. */
async function signedIn({ users, sessions }: Store, count: number, email = aUser().email) {
  const { id } = await users.create(aUser({ email }));
  const opened = Array.from({ length: count }, () => aSession(id));
  for (const session of opened) assert.notEqual(await sessions.open(session), null);
  return { id, opened };
}

/** Epochs of the sessions, and of their users. */
async function epochs({ sessions }: Store, opened: readonly NewSession[]): Promise<unknown[]> {
  const found = await Promise.all(opened.map(({ id }) => sessions.authenticate(id, at(1))));
  return found.map((both) => both && [both.session.authEpoch, both.user.authEpoch]);
}

/** What every `UserRepository` keeps of the session that goes on after a change of credentials (P1, R46). */
export const keptSessionContract: readonly ContractCase[] = [
  {
    name: 'P1, R46: the session that is kept goes on with the new epoch; every other one is left with its old one, and so is dead',
    async run(store) {
      const { users, sessions } = store;
      const { id, opened } = await signedIn(store, 3);
      const [, kept] = opened;
      const before = await sessions.authenticate(kept!.id, at(1));
      const user = await users.changeCredentials(id, 0, CHANGES, [], kept!.id);
      assert.deepEqual(user, { ...before?.user, ...CHANGES, authEpoch: 1 });
      assert.deepEqual(await sessions.authenticate(kept!.id, at(1)), {
        user,
        session: { ...before?.session, authEpoch: 1 },
      });
      assert.deepEqual(await epochs(store, opened), [
        [0, 1],
        [1, 1],
        [0, 1],
      ]);
      await sessions.closeAllFor(id, 1);
      assert.deepEqual(await epochs(store, opened), [null, [1, 1], null]);
      assert.deepEqual(idsOf(await sessions.listFor(id, 1, at(1))), [kept!.id]);
    },
  },
  {
    name: 'P1: without a session to keep, or with one that is not there, every session is left with its old epoch',
    async run(store) {
      const { users, sessions } = store;
      const { id } = await users.create(aUser());
      for (const [authEpoch, kept] of [undefined, newId(T0), '', '%'].entries()) {
        const opened = [aSession(id, { authEpoch }), aSession(id, { authEpoch })];
        for (const session of opened) await sessions.open(session);
        const changed = await users.changeCredentials(id, authEpoch, CHANGES, [], kept);
        assert.equal(changed?.authEpoch, authEpoch + 1);
        const dead = [authEpoch, authEpoch + 1];
        assert.deepEqual(await epochs(store, opened), [dead, dead]);
      }
    },
  },
  {
    name: 'P1: a session of somebody else is not kept, and stays theirs',
    async run(store) {
      const { users } = store;
      const alice = await signedIn(store, 1);
      const bob = await signedIn(store, 1, BOB);
      assert.equal(
        (await users.changeCredentials(alice.id, 0, CHANGES, [], bob.opened[0]!.id))?.authEpoch,
        1,
      );
      assert.deepEqual(await epochs(store, [...alice.opened, ...bob.opened]), [
        [0, 1],
        [0, 0],
      ]);
    },
  },
  {
    name: 'P1: a session that an earlier change has ended does not come back by being kept',
    async run(store) {
      const { users } = store;
      const { id, opened } = await signedIn(store, 1);
      await users.changeCredentials(id, 0, CHANGES, []);
      assert.equal((await users.changeCredentials(id, 1, CHANGES, [], opened[0]!.id))?.authEpoch, 2);
      assert.deepEqual(await epochs(store, opened), [[0, 2]]);
    },
  },
  {
    name: 'P1: a change that lost, or is of a disabled user, keeps no session: it stays dead',
    async run(store) {
      const { users, accounts, outbox } = store;
      const { id, opened } = await signedIn(store, 1);
      const kept = opened[0]!.id;
      assert.equal(await users.changeCredentials(id, 7, CHANGES, [aMessage()], kept), null);
      assert.deepEqual(await epochs(store, opened), [[0, 0]]);
      await users.changeCredentials(id, 0, CHANGES, []);
      assert.equal(await users.changeCredentials(id, 0, CHANGES, [aMessage()], kept), null);
      assert.equal(await users.changeCredentials(newId(T0), 0, CHANGES, [aMessage()], kept), null);
      assert.deepEqual(await epochs(store, opened), [[0, 1]]);
      const session = aSession(id, { authEpoch: 1 });
      await store.sessions.open(session);
      await accounts.changeAccount(id, { isActive: false });
      for (const epoch of [1, 2])
        assert.equal(await users.changeCredentials(id, epoch, CHANGES, [aMessage()], session.id), null);
      assert.deepEqual(await epochs(store, [...opened, session]), [
        [0, 2],
        [1, 2],
      ]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), []);
    },
  },
  {
    name: 'P1, R46: of parallel changes that each keep their own session exactly one wins, and its session alone lives',
    isRace: true,
    async run(store) {
      const { id, opened } = await signedIn(store, 32);
      const changed = await race((racer) =>
        store.users.changeCredentials(id, 0, CHANGES, [], opened[racer]!.id),
      );
      const winners = opened.filter((_, racer) => changed[racer] !== null);
      assert.equal(winners.length, 1);
      assert.deepEqual(idsOf(await store.sessions.listFor(id, 1, at(1))), idsOf(winners));
      const expected = opened.map((session) => [session === winners[0] ? 1 : 0, 1]);
      assert.deepEqual(await epochs(store, opened), expected);
    },
  },
];
