import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { NewSession } from '../../ports/session.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import { aSession, at, aUser, BOB, T0 } from './samples';

/** Opens sessions; all of them must open. */
async function open({ sessions }: Store, ...opened: readonly NewSession[]): Promise<void> {
  for (const session of opened) assert.notEqual(await sessions.open(session), null);
}

/** When a session was last seen, as the guard reads it. */
async function lastSeen({ sessions }: Store, id: string): Promise<Date | undefined> {
  return (await sessions.authenticate(id, at(3599)))?.session.lastSeenAt;
}

/** What every `SessionRepository` keeps of the sessions that its user sees and ends. */
export const sessionListContract: readonly ContractCase[] = [
  {
    name: 'sessions are listed whole, by descending id, with where they were opened from and when they were last seen',
    async run(store) {
      const { id } = await store.users.create(aUser());
      const opened = [
        aSession(id, { id: newId(at(1)), createdAt: at(1) }),
        aSession(id, { id: newId(at(3)), createdAt: at(3), ip: null, userAgent: null }),
        aSession(id, { id: newId(at(2)), createdAt: at(2), ip: '2001:db8::7', userAgent: `it's "$1" 😀 \\` }),
      ];
      await open(store, ...opened);
      await store.sessions.touch(opened[0]!.id, at(60), at(90.007));
      await store.sessions.renew(opened[1]!.id, at(70));
      const [first, third, second] = opened.map((session) => ({
        ...session,
        authenticatedAt: session.createdAt,
        lastSeenAt: session.createdAt,
      }));
      assert.deepEqual(Array.from(await store.sessions.listFor(id, 0, at(100))), [
        { ...third, authenticatedAt: at(70) },
        second,
        { ...first, lastSeenAt: at(90.007) },
      ]);
    },
  },
  {
    name: 'sessions are listed of this user only, of this epoch only, and until they end, to the millisecond',
    async run(store) {
      const { users, accounts, sessions } = store;
      const [alice, bob] = [await users.create(aUser()), await users.create(aUser({ email: BOB }))];
      const [old, theirs] = [aSession(alice.id), aSession(bob.id)];
      await open(store, old, theirs);
      await accounts.changeAccount(alice.id, { endSessions: true });
      const mine = [newId(at(2)), newId(at(1))].map((id, n) =>
        aSession(alice.id, { id, authEpoch: 1, expiresAt: at(60 + n) }),
      );
      await open(store, ...mine);
      const list = async (userId: string, epoch: number, seconds: number) =>
        idsOf(await sessions.listFor(userId, epoch, at(seconds)));
      assert.deepEqual(await list(alice.id, 1, 59.999), idsOf(mine));
      assert.deepEqual(await list(alice.id, 1, 60), [mine[1]!.id]);
      assert.deepEqual(await list(alice.id, 1, 61), []);
      assert.deepEqual(await list(alice.id, 0, 59), [old.id]);
      assert.deepEqual(await list(alice.id, 2, 59), []);
      assert.deepEqual(await list(bob.id, 0, 59), [theirs.id]);
      assert.deepEqual(await list(newId(T0), 0, 59), []);
    },
  },
  {
    name: 'what the guard reads tells when the session was last seen, and not from where it was opened',
    async run(store) {
      const { id } = await store.users.create(aUser());
      const session = aSession(id, { ip: '192.0.2.77', userAgent: 'a secret browser' });
      await open(store, session);
      const read = await store.sessions.authenticate(session.id, at(1));
      assert.deepEqual(read?.session.lastSeenAt, T0);
      assert.deepEqual(
        ['ip', 'userAgent'].filter((field) => field in read.session),
        [],
      );
      assert.equal(/192\.0\.2\.77|secret browser/.test(JSON.stringify(read)), false);
    },
  },
  {
    name: 'a request is noted where the last note is of that instant or older, to the millisecond, and nothing else changes',
    async run(store) {
      const { id } = await store.users.create(aUser());
      const [session, other] = [aSession(id, { createdAt: at(10) }), aSession(id)];
      await open(store, session, other);
      const before = await store.sessions.authenticate(session.id, at(11));
      const touch = async (limit: number, now: number) => {
        await store.sessions.touch(session.id, at(limit), at(now));
        return lastSeen(store, session.id);
      };
      assert.deepEqual(await touch(9.999, 20), at(10));
      assert.deepEqual(await touch(10, 70), at(70));
      assert.deepEqual(await touch(69, 80), at(70));
      assert.deepEqual(await touch(75, 135.5), at(135.5));
      const lastSeenAt = at(135.5);
      assert.deepEqual(await store.sessions.authenticate(session.id, at(11)), {
        ...before,
        session: { ...before!.session, lastSeenAt },
      });
      assert.deepEqual(await lastSeen(store, other.id), T0);
    },
  },
  {
    name: 'noting a request of a session that is gone, or never was, brings nothing back',
    async run(store) {
      const { users, sessions } = store;
      const { id } = await users.create(aUser());
      const session = aSession(id);
      await open(store, session);
      await sessions.close(id, session.id);
      await sessions.touch(session.id, at(60), at(60));
      await sessions.touch(newId(T0), at(60), at(60));
      assert.equal(await sessions.authenticate(session.id, at(61)), null);
      assert.deepEqual(idsOf(await sessions.listFor(id, 0, at(61))), []);
    },
  },
  {
    name: 'nobody ends the session of somebody else',
    async run(store) {
      const { users, sessions } = store;
      const [alice, bob] = [await users.create(aUser()), await users.create(aUser({ email: BOB }))];
      const session = aSession(alice.id);
      await open(store, session);
      for (const id of [bob.id, newId(T0)]) assert.equal(await sessions.close(id, session.id), false);
      assert.equal((await sessions.authenticate(session.id, T0))?.session.id, session.id);
      assert.equal(await sessions.close(alice.id, newId(T0)), false);
      assert.equal(await sessions.close(alice.id, session.id), true);
    },
  },
  {
    name: 'ending the others leaves the one session of its user, and everybody else’s',
    async run(store) {
      const { users, accounts, sessions } = store;
      const [alice, bob] = [await users.create(aUser()), await users.create(aUser({ email: BOB }))];
      const [theirs, old] = [aSession(bob.id), aSession(alice.id)];
      await open(store, theirs, old);
      await accounts.changeAccount(alice.id, { endSessions: true });
      const mine = Array.from({ length: 3 }, () => aSession(alice.id, { authEpoch: 1 }));
      await open(store, ...mine);
      await sessions.closeOthers(alice.id, mine[1]!.id);
      const found = await Promise.all([theirs, old, ...mine].map(({ id }) => sessions.authenticate(id, T0)));
      assert.deepEqual(
        found.map((one) => one?.session.id ?? null),
        [theirs.id, null, null, mine[1]!.id, null],
      );
      await sessions.closeOthers(alice.id, newId(T0));
      assert.deepEqual(idsOf(await sessions.listFor(alice.id, 1, T0)), []);
      assert.deepEqual(idsOf(await sessions.listFor(bob.id, 0, T0)), [theirs.id]);
    },
  },
  {
    name: 'of parallel notes exactly one is written, and none that comes later with what they went by',
    isRace: true,
    async run(store) {
      const { id } = await store.users.create(aUser());
      const session = aSession(id);
      await open(store, session);
      await race((racer) => store.sessions.touch(session.id, T0, at(60 + racer)));
      const noted = await lastSeen(store, session.id);
      assert.ok(noted && noted >= at(60) && noted < at(60 + 32), String(noted));
      await store.sessions.touch(session.id, T0, at(999));
      assert.deepEqual(await lastSeen(store, session.id), noted);
    },
  },
];
