import assert from 'node:assert/strict';
import { canonicalEmail } from '../../kernel/email-address';
import { DEAD_LETTERS_KEPT_SECONDS, SENT_KEPT_SECONDS, SWEEP_AFTER_SECONDS } from '../../ports/sweeper';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf } from './contract';
import {
  aChallenge,
  aDecoy,
  aDevice,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  aRecord,
  aSession,
  at,
  aUser,
  BOB,
  T0,
} from './samples';

const PAGE = { before: null, limit: 10 };

/** All of what a store keeps, each of it dead or over at `at(100)`. */
async function fill(store: Store) {
  const { users, sessions, challenges, pendingRegistrations, budgets, trustedDevices } = store;
  const expiresAt = at(100);
  const { id } = await users.create(aUser());
  const session = aSession(id, { expiresAt });
  await sessions.open(session);
  const device = aDevice(id, { expiresAt });
  await trustedDevices.trust(device);
  const challenge = aChallenge('subject', { expiresAt });
  await challenges.issue(challenge, aDecoy());
  const attempt = anAttempt({ email: canonicalEmail('bob@example.org'), expiresAt });
  await pendingRegistrations.add(attempt, aChallenge(attempt.id, { expiresAt }), aMessage());
  await budgets.reserve('key', 1, 100, T0);
  return { session, device, challenge, attempt };
}

/** Sweeps until nothing is left; answers how much it was. */
async function sweep({ sweeper }: Store, limit: number, seconds: number, auditedSince = T0): Promise<number> {
  let total = 0;
  for (;;) {
    const purged = await sweeper.purgeExpired(limit, at(seconds), auditedSince);
    assert.ok(purged <= limit, `${purged} rows at a limit of ${limit}`);
    total += purged;
    if (purged < limit) return total;
  }
}

/** What every `Sweeper` keeps. A database may remove by itself what has expired: that is not counted. */
export const sweeperContract: readonly ContractCase[] = [
  {
    name: 'what lives, or ended a moment ago, stays',
    async run(store) {
      const { session, device, challenge, attempt } = await fill(store);
      assert.equal(await sweep(store, 10, 100 + SWEEP_AFTER_SECONDS - 1), 0);
      const { sessions, challenges, budgets, pendingRegistrations, trustedDevices } = store;
      assert.notEqual(await sessions.authenticate(session.id, at(99)), null);
      assert.equal(await trustedDevices.isTrusted(device.userId, device.deviceId, 0, at(99)), true);
      assert.notEqual(await challenges.findLive(['registration'], challenge.tokenHash, at(99)), null);
      assert.deepEqual(await budgets.reserve('key', 1, 100, at(99)), { granted: false, until: at(100) });
      assert.notEqual(await store.users.findById(session.userId), null);
      assert.equal((await pendingRegistrations.activate(attempt.id, at(99)))?.id, attempt.userId);
    },
  },
  {
    name: 'the dead go, no more at a time than asked for, what was counted is gone, and users never go',
    async run(store) {
      const { session, device, challenge, attempt } = await fill(store);
      const total = await sweep(store, 2, 100 + SWEEP_AFTER_SECONDS);
      assert.ok([0, 6].includes(total), `${total} of 6`);
      assert.equal(await sweep(store, 2, 9_999_999), 0);
      const { sessions, challenges, budgets, pendingRegistrations, trustedDevices } = store;
      const left = [
        (await sessions.authenticate(session.id, at(99))) !== null,
        await trustedDevices.isTrusted(device.userId, device.deviceId, 0, at(99)),
        (await challenges.findLive(['registration'], challenge.tokenHash, at(99))) !== null,
        (await pendingRegistrations.findLive(attempt.email, 10, at(99))).length > 0,
        !(await budgets.reserve('key', 1, 100, at(99))).granted,
      ];
      assert.deepEqual(new Set(left), new Set([total === 0]));
      assert.notEqual(await store.users.findById(session.userId), null);
    },
  },
  {
    name: 'the trust in devices goes when its time is over, no more at a time than asked for; that which holds stays',
    async run(store) {
      const { users, trustedDevices } = store;
      const { id } = await users.create(aUser());
      const over = Array.from({ length: 5 }, () => aDevice(id, { expiresAt: at(100) }));
      const held = [101, 9_999_999].map((seconds) => aDevice(id, { expiresAt: at(seconds) }));
      for (const device of [...over, ...held]) await trustedDevices.trust(device);
      const left = async () => idsOf(await trustedDevices.listFor(id, 0, at(99))).toSorted();
      const total = await sweep(store, 2, 100 + SWEEP_AFTER_SECONDS);
      assert.ok([0, 5].includes(total), `${total} of 5`);
      assert.deepEqual(await left(), idsOf(total === 0 ? [...over, ...held] : held).toSorted());
    },
  },
  {
    name: 'P9: an address that can be taken back stays until its time is over; the current one is never swept away',
    async run(store) {
      const { users } = store;
      const { id } = await users.create(aUser());
      const undo = anUndo(ALICE, { expiresAt: at(100) });
      await users.changeEmail(id, 0, { email: BOB, undo }, [], T0);
      await sweep(store, 10, 100 + SWEEP_AFTER_SECONDS - 1);
      assert.equal(await users.isTaken(ALICE, at(99)), true);
      assert.equal((await users.findByUndo(undo.tokenHash, at(99)))?.id, id);
      await sweep(store, 10, 9_999_999);
      const taken = await Promise.all([ALICE, BOB].map((email) => users.isTaken(email, at(9_999_999))));
      assert.deepEqual(taken, [false, true]);
      assert.equal((await users.create(aUser({ createdAt: at(9_999_999) }))).email, ALICE);
    },
  },
  {
    name: 'a sent message goes after a day, a dead letter thirty days after its last attempt; one that waits stays',
    async run(store) {
      const { outbox } = store;
      for (let n = 0; n < 3; n++) await outbox.enqueue(aMessage());
      const [sent, dead, waiting] = await outbox.lease('mail', 3, 60, at(1));
      await outbox.settle(sent!.id, sent!.leaseId, at(2));
      await outbox.fail(dead!.id, dead!.leaseId, 'EENVELOPE', null);
      assert.equal(await sweep(store, 10, 1 + SENT_KEPT_SECONDS), 0);
      const total = await sweep(store, 10, 2 + SENT_KEPT_SECONDS);
      assert.ok([0, 1].includes(total), `${total} of 1`);
      assert.equal(await sweep(store, 10, 61 + DEAD_LETTERS_KEPT_SECONDS - 1), 0);
      assert.equal(await sweep(store, 10, 61 + DEAD_LETTERS_KEPT_SECONDS), 1);
      assert.equal(await sweep(store, 10, 9_999_999), 0);
      assert.deepEqual(idsOf(await outbox.lease('mail', 3, 60, at(SENT_KEPT_SECONDS))), [waiting!.id]);
    },
  },
  {
    name: 'dead letters go with what they carry, when it is used or expired; no more at a time than asked for, those that wait stay',
    async run(store) {
      const { outbox, challenges } = store;
      const [used, over, live] = [
        aChallenge('used'),
        aChallenge('over', { expiresAt: at(100) }),
        aChallenge('live', { expiresAt: at(200) }),
      ] as const;
      for (const one of [used, over, live]) await challenges.issue(one, aDecoy());
      const carried = [used, used, used, over, live].map(({ id }) => aMessage({ challengeId: id }));
      for (const message of [...carried, aMessage()]) await outbox.enqueue(message);
      for (const { id, leaseId } of await outbox.lease('mail', 6, 60, at(1)))
        await outbox.fail(id, leaseId, 'EENVELOPE', null);
      const waiting = aMessage({ challengeId: used.id });
      await outbox.enqueue(waiting);
      await challenges.consume(used.id, at(2));
      assert.equal(await store.sweeper.purgeExpired(2, at(99), T0), 2);
      assert.equal(await sweep(store, 2, 99), 1);
      assert.equal(await sweep(store, 2, 100), 1);
      const left = await outbox.list('dead', PAGE);
      assert.deepEqual(new Set(left.map(({ lastError }) => lastError)), new Set(['EENVELOPE']));
      assert.ok(idsOf(left).includes(carried[4]!.id));
      assert.equal(left.length, 2);
      assert.ok(idsOf(await outbox.list('queued', PAGE)).includes(waiting.id));
    },
  },
  {
    name: 'audit records of before a time go, no more at a time than asked for, on every store; later ones stay',
    async run(store) {
      const { audit } = store;
      const records = [0, 1, 2, 59.999, 60, 61].map((seconds) => aRecord({ at: at(seconds) }));
      await audit.append(records);
      const left = async () => idsOf(await audit.list({ kind: null, names: null }, PAGE));
      assert.equal(await store.sweeper.purgeExpired(3, at(9_999_999), T0), 0);
      assert.equal((await left()).length, 6);
      assert.equal(await store.sweeper.purgeExpired(3, at(61), at(60)), 3);
      assert.equal((await left()).length, 3);
      assert.equal(await sweep(store, 3, 61, at(60)), 1);
      assert.deepEqual((await left()).toSorted(), idsOf(records.slice(4)).toSorted());
    },
  },
  {
    name: 'a sweep removes no more than asked for of all that is over together',
    async run(store) {
      await fill(store);
      await store.audit.append([aRecord(), aRecord(), aRecord()]);
      const total = await sweep(store, 2, 100 + SWEEP_AFTER_SECONDS, at(1));
      assert.ok([3, 9].includes(total), `${total} of 9`);
      assert.equal(await sweep(store, 2, 9_999_999, at(1)), 0);
      assert.deepEqual(Array.from(await store.audit.list({ kind: null, names: null }, PAGE)), []);
    },
  },
];
