import assert from 'node:assert/strict';
import { canonicalEmail } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
import { type ContractCase, race } from './contract';
import { ALICE, aSession, at, aUser, T0 } from './samples';

/** What every `SessionRepository` keeps. */
export const sessionContract: readonly ContractCase[] = [
  {
    name: 'an opened session is read back with its user, and the sign-in is noted',
    async run({ users, sessions }) {
      const user = await users.create(aUser());
      const session = aSession(user.id, { createdAt: at(10) });
      const signedIn = { ...user, lastLogin: at(10) };
      assert.deepEqual(await sessions.open(session), signedIn);
      const { ip: _, userAgent: __, ...read } = session;
      assert.deepEqual(await sessions.authenticate(session.id, at(11)), {
        session: { ...read, authenticatedAt: at(10), lastSeenAt: at(10) },
        user: signedIn,
      });
    },
  },
  {
    name: 'a session knows its device, and when its user last proved to be who they are',
    async run({ users, sessions }) {
      const { id } = await users.create(aUser());
      const [one, other] = [aSession(id, { deviceId: 'device-1' }), aSession(id, { deviceId: 'device-2' })];
      for (const session of [one, other]) await sessions.open(session);
      assert.equal(await sessions.renew(one.id, at(50.007)), true);
      const found = await Promise.all(
        [one, other].map((session) => sessions.authenticate(session.id, at(60))),
      );
      assert.deepEqual(
        found.map((both) => [both?.session.deviceId, both?.session.authenticatedAt]),
        [
          ['device-1', at(50.007)],
          ['device-2', T0],
        ],
      );
    },
  },
  {
    name: 'a session that is gone is not renewed, nor does it come back',
    async run({ users, sessions }) {
      const session = aSession((await users.create(aUser())).id);
      await sessions.open(session);
      await sessions.close(session.userId, session.id);
      assert.equal(await sessions.renew(session.id, at(1)), false);
      assert.equal(await sessions.renew(newId(T0), at(1)), false);
      assert.equal(await sessions.authenticate(session.id, at(2)), null);
    },
  },
  {
    name: 'what the guard reads never holds the hash',
    async run({ users, sessions }) {
      const { id } = await users.create(aUser({ passwordHash: '$secret-hash' }));
      const session = aSession(id);
      await sessions.open(session);
      assert.equal(
        JSON.stringify(await sessions.authenticate(session.id, T0)).includes('secret-hash'),
        false,
      );
    },
  },
  {
    name: 'a session ends at its time, to the millisecond',
    async run({ users, sessions }) {
      const session = aSession((await users.create(aUser())).id, { expiresAt: at(60) });
      await sessions.open(session);
      assert.notEqual(await sessions.authenticate(session.id, at(59.999)), null);
      assert.equal(await sessions.authenticate(session.id, at(60)), null);
    },
  },
  {
    name: 'P6: no session opens for a user who is gone, disabled or of another epoch',
    async run({ users, accounts, sessions }) {
      assert.equal(await sessions.open(aSession(newId(T0))), null);
      const { id } = await users.create(aUser());
      assert.equal(await sessions.open(aSession(id, { authEpoch: 1 })), null);
      await accounts.changeAccount(id, { isActive: false });
      const late = aSession(id, { authEpoch: 1 });
      assert.equal(await sessions.open(late), null);
      assert.equal(await sessions.authenticate(late.id, T0), null);
      assert.equal((await users.findForLogin(ALICE))?.lastLogin, null);
    },
  },
  {
    name: 'a closed session is unknown; closing one leaves the others',
    async run({ users, sessions }) {
      const { id } = await users.create(aUser());
      const [one, other] = [aSession(id), aSession(id)];
      await sessions.open(one);
      await sessions.open(other);
      assert.equal(await sessions.close(id, one.id), true);
      assert.equal(await sessions.authenticate(one.id, T0), null);
      assert.equal((await sessions.authenticate(other.id, T0))?.session.id, other.id);
      assert.equal(await sessions.close(id, one.id), false);
    },
  },
  {
    name: 'closing the sessions of a user before an epoch ends them, and neither later ones nor somebody else’s',
    async run({ users, sessions }) {
      const [alice, bob] = [
        await users.create(aUser()),
        await users.create(aUser({ email: canonicalEmail('bob@example.org') })),
      ];
      const old = [aSession(alice.id), aSession(alice.id), aSession(bob.id)];
      for (const session of old) await sessions.open(session);
      await users.changeCredentials(alice.id, 0, { passwordHash: '$hash-2' }, []);
      const all = [...old, aSession(alice.id, { authEpoch: 1 })];
      await sessions.open(all[3]!);
      await sessions.closeAllFor(alice.id, 1);
      const found = await Promise.all(all.map(({ id }) => sessions.authenticate(id, T0)));
      assert.deepEqual(
        found.map((one) => one?.session.id ?? null),
        [null, null, all[2]!.id, all[3]!.id],
      );
    },
  },
  {
    name: 'of parallel closings exactly one ends the session',
    isRace: true,
    async run({ users, sessions }) {
      const session = aSession((await users.create(aUser())).id);
      await sessions.open(session);
      const closed = await race(() => sessions.close(session.userId, session.id));
      assert.equal(closed.filter(Boolean).length, 1);
    },
  },
  {
    name: 'W12: a change of credentials followed by closing leaves no session, also of openings under way',
    isRace: true,
    async run({ users, sessions }) {
      const { id } = await users.create(aUser());
      const change = async (): Promise<void> => {
        await users.changeCredentials(id, 0, { passwordHash: '$hash-2' }, []);
        await sessions.closeAllFor(id, 1);
      };
      const opening = race(async () => {
        const session = aSession(id);
        await sessions.open(session);
        return session;
      });
      const [opened] = await Promise.all([opening, change()]);
      for (const session of opened) assert.equal(await sessions.authenticate(session.id, T0), null);
    },
  },
];
