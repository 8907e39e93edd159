import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import { left, recipients, rowsAbout } from './address-rows';
import { type ContractCase, idsOf, race } from './contract';
import {
  addressOf,
  ALICE,
  aMessage,
  anUndo,
  aRecord,
  aRemoval,
  aSession,
  at,
  aUser,
  BOB,
  T0,
  UNDO_SECONDS,
} from './samples';

const CAROL = addressOf('carol');
/** What every `AccountRepository` keeps of deletions (P6, R40). */
export const accountRemovalContract: readonly ContractCase[] = [
  {
    name: 'R40: a removed user is answered as it was, and found by nothing any more',
    async run({ users, accounts, sessions }) {
      const { id } = await users.create(aUser({ attributes: { size: 'L' } }));
      const undo = anUndo(ALICE);
      await users.changeEmail(id, 0, { email: BOB, undo }, [], at(1));
      const before = await users.findById(id);
      assert.deepEqual(await accounts.remove(id, aRemoval({ expectedEpoch: 1 })), before);
      const found = await Promise.all([
        users.findById(id),
        users.findCredentials(id),
        users.findByUndo(undo.tokenHash, at(2)),
        ...[ALICE, BOB].map((email) => users.findForLogin(email)),
        accounts.changeAccount(id, { fullName: 'x' }),
        accounts.remove(id, aRemoval()),
        users.changeCredentials(id, 1, { passwordHash: '$hash-2' }, []),
        users.undoEmailChange(id, undo, [], at(2)),
        sessions.open(aSession(id, { authEpoch: 1 })),
        sessions.open(aSession(id, { authEpoch: 2 })),
      ]);
      assert.deepEqual(new Set(found), new Set([null]));
      assert.equal(await users.replaceHash(id, '$hash-1', '$hash-2'), false);
    },
  },
  {
    name: 'R40: with a user go its sessions, its links, the attempts on its address and the messages to it; the notice is sent',
    async run(store) {
      const user = await store.users.create(aUser());
      const rows = await rowsAbout(store, ALICE, user);
      const removal = aRemoval();
      await store.accounts.remove(user.id, removal);
      assert.equal(await left(store, rows), 0);
      assert.equal(await store.pendingRegistrations.activate(rows.attempt.id, at(5)), null);
      assert.deepEqual(Array.from(await store.sessions.listFor(user.id, 0, at(5))), []);
      assert.equal(await store.sessions.close(user.id, rows.sessions[0]!.id), false);
      const [leased, ...others] = await store.outbox.lease('mail', 100, 60, at(5));
      const { leaseId: _, attempts: __, ...notice } = leased!;
      assert.deepEqual([[notice], others.length], [removal.notices, 0]);
    },
  },
  {
    name: 'R40: a message that a worker holds, or that could not be sent, goes as well and does not come back',
    async run(store) {
      const { users, accounts, outbox } = store;
      const { id } = await users.create(aUser());
      for (let n = 0; n < 3; n++) await outbox.enqueue(aMessage());
      const [held, failed, dead] = await outbox.lease('mail', 3, 60, at(1));
      await outbox.fail(failed!.id, failed!.leaseId, 'ECONNREFUSED', at(30));
      await outbox.fail(dead!.id, dead!.leaseId, 'EENVELOPE', null);
      const removal = aRemoval();
      await accounts.remove(id, removal);
      await outbox.fail(held!.id, held!.leaseId, 'ECONNREFUSED', at(3));
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(9999))), idsOf(removal.notices));
    },
  },
  {
    name: 'R40: the rows of other users and about other addresses stay',
    async run(store) {
      const { users, accounts } = store;
      const [alice, bob] = [await users.create(aUser()), await users.create(aUser({ email: BOB }))];
      const theirs = await rowsAbout(store, BOB, bob);
      const strangers = await rowsAbout(store, CAROL);
      const before = await users.findCredentials(bob.id);
      await accounts.remove(alice.id, aRemoval());
      assert.equal(await left(store, theirs), 1 + theirs.links.length + theirs.sessions.length);
      assert.equal(await left(store, strangers), 1 + strangers.links.length);
      assert.deepEqual(await users.findCredentials(bob.id), before);
      const expected = [ALICE, ...Array<string>(theirs.messages).fill(BOB)];
      assert.deepEqual(await recipients(store), [
        ...expected,
        ...Array<string>(strangers.messages).fill(CAROL),
      ]);
      assert.equal(
        (await store.pendingRegistrations.activate(strangers.attempt.id, at(5)))?.id,
        strangers.attempt.userId,
      );
    },
  },
  {
    name: 'R40, P9: an address that an open undo holds is cleared like the current one, both are free at once, and each notice is sent',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(aUser());
      await users.changeEmail(id, 0, { email: BOB, undo: anUndo(ALICE) }, [], at(1));
      const [former, current] = [
        await rowsAbout(store, ALICE),
        await rowsAbout(store, BOB, { id, authEpoch: 1 }),
      ];
      const notices = [BOB, ALICE].map((recipient) => aMessage({ recipient }));
      const removal = aRemoval({ notices, at: at(2) });
      await accounts.remove(id, removal);
      assert.deepEqual([await left(store, former), await left(store, current)], [0, 0]);
      const leased = idsOf(await store.outbox.lease('mail', 100, 60, at(5)));
      assert.deepEqual(leased.toSorted(), idsOf(notices).toSorted());
      for (const email of [ALICE, BOB]) {
        assert.equal(await users.isTaken(email, at(2)), false);
        assert.equal((await users.create(aUser({ email, createdAt: at(2) }))).email, email);
      }
    },
  },
  {
    name: 'R40, P9: an address that could be taken back once and is somebody else’s by now keeps what is about it',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(aUser());
      await users.changeEmail(id, 0, { email: BOB, undo: anUndo(ALICE) }, [], at(1));
      const heir = await users.create(aUser({ createdAt: at(UNDO_SECONDS) }));
      const rows = await rowsAbout(store, ALICE, heir);
      const notices = [aMessage({ recipient: BOB })];
      await accounts.remove(id, aRemoval({ notices, at: at(UNDO_SECONDS) }));
      assert.equal((await users.findForLogin(ALICE))?.id, heir.id);
      assert.equal(await users.isTaken(ALICE, at(UNDO_SECONDS)), true);
      assert.equal(await left(store, rows), 1 + rows.links.length + rows.sessions.length);
      assert.deepEqual(await recipients(store), [...Array<string>(rows.messages).fill(ALICE), BOB]);
    },
  },
  {
    name: 'R40, P9: what a stranger has begun on an address that can be taken back no more stays, from the moment on at which the undo ends',
    async run(store) {
      const { users, accounts, pendingRegistrations } = store;
      for (const [seconds, isOver] of [
        [1.999, false],
        [2, true],
      ] as const) {
        const [before, now] = [addressOf(`one-${isOver}`), addressOf(`moved-${isOver}`)];
        const { id } = await users.create(aUser({ email: before }));
        const undo = anUndo(before, { expiresAt: at(2) });
        await users.changeEmail(id, 0, { email: now, undo }, [], at(1));
        const [strangers, own] = [await rowsAbout(store, before), await rowsAbout(store, now)];
        const notices = [aMessage({ recipient: now })];
        await accounts.remove(id, aRemoval({ notices, at: at(seconds) }));
        const kept = isOver ? Array<string>(strangers.messages).fill(before) : [];
        assert.deepEqual(await recipients(store), [now, ...kept]);
        assert.deepEqual(
          [await left(store, strangers), await left(store, own)],
          [isOver ? 1 + strangers.links.length : 0, 0],
        );
        const activated = await pendingRegistrations.activate(strangers.attempt.id, at(5));
        assert.equal(activated?.email, isOver ? before : undefined);
      }
    },
  },
  {
    name: 'R40: after a removal somebody else has the address at once, and nothing of the former user',
    async run(store) {
      const { users, accounts, sessions } = store;
      const { id } = await users.create(aUser({ attributes: { size: 'L' } }));
      const session = aSession(id);
      await sessions.open(session);
      await accounts.remove(id, aRemoval());
      assert.equal(await users.isTaken(ALICE, at(1)), false);
      const heir = aUser({ fullName: null, createdAt: at(1) });
      const { attributes, fullName, lastLogin, authEpoch } = await users.create(heir);
      assert.deepEqual([attributes, fullName, lastLogin, authEpoch], [{}, null, null, 0]);
      assert.equal((await users.findForLogin(ALICE))?.id, heir.id);
      assert.equal(await sessions.authenticate(session.id, at(1)), null);
      assert.deepEqual(Array.from(await sessions.listFor(heir.id, 0, at(1))), []);
    },
  },
  {
    name: 'P6: a removal that comes with another epoch, or for nobody, changes nothing and sends nothing',
    async run(store) {
      const { users, accounts, audit } = store;
      const user = await users.create(aUser());
      const rows = await rowsAbout(store, ALICE, user);
      const [before, record] = [await users.findCredentials(user.id), aRecord({ target: user.id })];
      await audit.append([record]);
      const notices = [aMessage({ recipient: CAROL })];
      for (const expectedEpoch of [1, -1])
        assert.equal(await accounts.remove(user.id, aRemoval({ expectedEpoch, notices })), null);
      assert.equal(await accounts.remove(newId(T0), aRemoval({ notices })), null);
      assert.deepEqual(await users.findCredentials(user.id), before);
      assert.equal(await left(store, rows), 1 + rows.links.length + rows.sessions.length);
      assert.deepEqual(await recipients(store), Array<string>(rows.messages).fill(ALICE));
      const all = await audit.list({ kind: null, names: null }, { before: null, limit: 10 });
      assert.deepEqual(Array.from(all), [record]);
    },
  },
  {
    name: 'P6: a user is removed at the epoch that was expected, or at any; one who is disabled as well',
    async run({ users, accounts }) {
      for (const expectedEpoch of [2, null]) {
        const { id } = await users.create(aUser());
        await users.changeCredentials(id, 0, { passwordHash: '$hash-2' }, []);
        await accounts.changeAccount(id, { isActive: false });
        const before = await users.findById(id);
        assert.deepEqual(await accounts.remove(id, aRemoval({ expectedEpoch })), before);
        assert.equal(await users.findById(id), null);
      }
    },
  },
  {
    name: 'P6: of parallel removals exactly one gets the user, and one notice is queued',
    isRace: true,
    async run({ users, accounts, outbox }) {
      const user = await users.create(aUser());
      const removals = Array.from({ length: 32 }, (_, n) => aRemoval({ expectedEpoch: n % 2 ? 0 : null }));
      const answers = await race((n) => accounts.remove(user.id, removals[n]!));
      const winner = removals.find((_, n) => answers[n] !== null);
      assert.deepEqual(
        answers.filter((answer) => answer !== null),
        [user],
      );
      assert.deepEqual(idsOf(await outbox.lease('mail', 100, 60, at(1))), idsOf(winner!.notices));
    },
  },
  {
    name: 'P6: a removal leaves no session, also of openings under way',
    isRace: true,
    async run({ users, accounts, sessions }) {
      const { id } = await users.create(aUser());
      const opened = Array.from({ length: 32 }, () => aSession(id));
      await race((n) => (n === 16 ? accounts.remove(id, aRemoval()) : sessions.open(opened[n]!)));
      const found = await Promise.all(opened.map((one) => sessions.authenticate(one.id, T0)));
      assert.deepEqual(new Set(found), new Set([null]));
      assert.deepEqual(Array.from(await sessions.listFor(id, 0, T0)), []);
      const closed = await Promise.all(opened.map((one) => sessions.close(id, one.id)));
      assert.equal(closed.includes(true), false);
    },
  },
];
