import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { PendingRegistration } from '../../ports/pending-registration.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import {
  aChallenge,
  aDecoy,
  addressOf,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  at,
  ATTRIBUTES,
  aUser,
  BOB,
  T0,
} from './samples';

/** Adds an attempt with link and mail; answers the token hash of the link and the id of the mail. */
async function add({ pendingRegistrations }: Store, attempt: PendingRegistration) {
  const link = aChallenge(attempt.id);
  const mail = aMessage({ kind: 'registration-verify', challengeId: link.id });
  await pendingRegistrations.add(attempt, link, mail);
  return { tokenHash: link.tokenHash, mailId: mail.id };
}

/** What every `PendingRegistrationRepository` keeps. */
export const pendingRegistrationContract: readonly ContractCase[] = [
  {
    name: 'P2: an attempt is stored with its link and its mail',
    async run(store) {
      const attempt = anAttempt();
      const { tokenHash, mailId } = await add(store, attempt);
      const link = await store.challenges.findLive(['registration'], tokenHash, at(1));
      assert.equal(link?.subjectId, attempt.id);
      const [mail] = await store.outbox.lease('mail', 10, 60, at(1));
      assert.equal(mail?.id, mailId);
      assert.equal(await store.users.isTaken(ALICE, at(1)), false);
    },
  },
  {
    name: 'P3: activation makes the verified user of that attempt, under the id that the attempt carries',
    async run(store) {
      const attempt = anAttempt({ fullName: 'Zoë 😀', passwordHash: '$typed-here' });
      await add(store, attempt);
      const user = await store.pendingRegistrations.activate(attempt.id, at(5));
      assert.deepEqual(
        [user?.id, user?.email, user?.fullName, user?.isVerified, user?.isActive, user?.createdAt],
        [attempt.userId, ALICE, 'Zoë 😀', true, true, at(5)],
      );
      assert.equal((await store.users.findForLogin(ALICE))?.passwordHash, '$typed-here');
    },
  },
  {
    name: 'P3: attributes that were typed with an attempt are those of its user, and no others',
    async run(store) {
      const attempts = [anAttempt({ attributes: ATTRIBUTES }), anAttempt({ email: BOB })];
      for (const attempt of attempts) await add(store, attempt);
      await add(store, anAttempt({ attributes: { text: 'other' } }));
      for (const { id, userId, attributes } of attempts) {
        const user = await store.pendingRegistrations.activate(id, at(5));
        assert.deepEqual([user?.attributes, user?.isSuperuser, user?.roles], [attributes, false, []]);
        assert.deepEqual(await store.users.findById(userId), user);
      }
    },
  },
  {
    name: 'P3: activation drops every attempt on the address and their links, and no other',
    async run(store) {
      const [first, second] = [anAttempt(), anAttempt({ passwordHash: '$other' })];
      const bystander = anAttempt({ email: BOB });
      const links = [await add(store, first), await add(store, second), await add(store, bystander)];
      await store.pendingRegistrations.activate(first.id, at(5));
      const live = await Promise.all(
        links.map(async ({ tokenHash }) => store.challenges.findLive(['registration'], tokenHash, at(6))),
      );
      assert.deepEqual(
        live.map((link) => link?.subjectId ?? null),
        [null, null, bystander.id],
      );
      assert.equal(await store.pendingRegistrations.activate(second.id, at(6)), null);
    },
  },
  {
    name: 'P3: an attempt that is unknown or expired, or whose address was taken meanwhile, makes nobody',
    async run(store) {
      const attempt = anAttempt();
      await add(store, attempt);
      assert.equal(await store.pendingRegistrations.activate(newId(T0), at(5)), null);
      assert.equal(await store.pendingRegistrations.activate(attempt.id, at(3600)), null);
      await store.users.create(aUser());
      assert.equal(await store.pendingRegistrations.activate(attempt.id, at(5)), null);
    },
  },
  {
    name: 'P11: settling makes the user, and drops every attempt on the address and every link that leads to one',
    async run(store) {
      const { pendingRegistrations, challenges, users } = store;
      const [first, second, bystander] = [anAttempt(), anAttempt(), anAttempt({ email: BOB })];
      const links = [await add(store, first), await add(store, second), await add(store, bystander)];
      const mailboxes = [ALICE, BOB].map((email) => aChallenge(email, { kind: 'mailbox', email }));
      for (const mailbox of mailboxes) await challenges.issue(mailbox, aDecoy());
      const { passwordHash, ...user } = aUser({ passwordHash: '$chosen-with-the-proof', createdAt: at(5) });
      const made = await pendingRegistrations.settle({ ...user, passwordHash });
      assert.deepEqual(made, await users.findById(user.id));
      assert.deepEqual(await users.findForLogin(ALICE), { ...made, passwordHash });
      const left = await Promise.all(
        [...links, ...mailboxes].map(({ tokenHash }) =>
          challenges.findLive(['registration', 'mailbox'], tokenHash, at(6)),
        ),
      );
      assert.deepEqual(
        left.map((link) => link?.subjectId ?? null),
        [null, null, bystander.id, null, BOB],
      );
      assert.equal((await pendingRegistrations.findLive(ALICE, 10, at(6))).length, 0);
      assert.equal((await pendingRegistrations.findLive(BOB, 10, at(6))).length, 1);
    },
  },
  {
    name: 'P11: settling makes nobody, and drops nothing, where the address or the id is in use',
    async run(store) {
      const { pendingRegistrations, users } = store;
      const { id } = await users.create(aUser());
      await users.changeEmail(id, 0, { email: BOB, undo: anUndo(ALICE) }, [], at(1));
      await add(store, anAttempt());
      const [current, former, again] = [
        aUser({ email: BOB }),
        aUser({ createdAt: at(2) }),
        aUser({ id, email: addressOf('carol') }),
      ];
      for (const user of [current, former, again])
        assert.equal(await pendingRegistrations.settle(user), null);
      assert.equal((await pendingRegistrations.findLive(ALICE, 10, at(2))).length, 1);
      assert.equal(await users.isTaken(addressOf('carol'), at(2)), false);
    },
  },
  {
    name: 'the live attempts on an address are found, the oldest first, no more than asked for',
    async run(store) {
      const attempts = [3, 1, 2, 0].map((seconds) =>
        anAttempt({ createdAt: at(seconds), expiresAt: at(60 + seconds) }),
      );
      for (const attempt of [...attempts, anAttempt({ email: BOB })]) await add(store, attempt);
      const [third, first, second, oldest] = attempts.map(({ id, expiresAt }) => ({ id, expiresAt }));
      const find = async (limit: number, seconds: number) =>
        Array.from(await store.pendingRegistrations.findLive(ALICE, limit, at(seconds)));
      assert.deepEqual(await find(10, 10), [oldest, first, second, third]);
      assert.deepEqual(await find(2, 10), [oldest, first]);
      assert.deepEqual(await find(2, 61), [second, third]);
      assert.deepEqual(await find(10, 63), []);
      assert.deepEqual(
        Array.from(await store.pendingRegistrations.findLive(addressOf('carol'), 10, at(1))),
        [],
      );
    },
  },
  {
    name: 'attempts are listed by descending id, page by page, those that live and whose address nobody has, without their hash',
    async run(store) {
      const attempts = [2, 0, 3, 1].map((seconds) =>
        anAttempt({
          id: newId(at(seconds)),
          fullName: seconds ? `Zoë ${seconds}` : null,
          createdAt: at(9 - seconds),
          expiresAt: at(60 + seconds),
        }),
      );
      const taken = anAttempt({ email: BOB });
      for (const attempt of [...attempts, taken]) await add(store, attempt);
      await store.users.create(aUser({ email: BOB }));
      const [third, first, fourth, second] = attempts.map(
        ({ id, email, fullName, createdAt, expiresAt }) => ({
          id,
          email,
          fullName,
          createdAt,
          expiresAt,
        }),
      );
      const list = async (before: string | null, limit: number, seconds: number) =>
        Array.from(await store.pendingRegistrations.list({ before, limit }, at(seconds)));
      assert.deepEqual(await list(null, 10, 59.999), [fourth, third, second, first]);
      assert.deepEqual(await list(null, 2, 10), [fourth, third]);
      assert.deepEqual(await list(third!.id, 2, 10), [second, first]);
      assert.deepEqual(await list(second!.id, 2, 10), [first]);
      assert.deepEqual(await list(null, 10, 61), [fourth, third]);
      assert.deepEqual(await list(null, 10, 63), []);
    },
  },
  {
    name: 'P3: an address loses its attempts and the links that lead to one, and its mails are never sent',
    async run(store) {
      const { pendingRegistrations, challenges, outbox } = store;
      const [attempt, bystander] = [anAttempt(), anAttempt({ email: BOB })];
      const [dropped, kept] = [await add(store, attempt), await add(store, bystander)];
      const mailbox = aChallenge(ALICE, { kind: 'mailbox', email: ALICE });
      await challenges.issue(mailbox, aMessage({ challengeId: mailbox.id }));
      await pendingRegistrations.dropAllFor(ALICE);
      await pendingRegistrations.dropAllFor(ALICE);
      assert.equal(await pendingRegistrations.activate(attempt.id, at(5)), null);
      const found = await Promise.all(
        [dropped, kept, mailbox].map(({ tokenHash }) =>
          challenges.findLive(['registration', 'mailbox'], tokenHash, at(5)),
        ),
      );
      assert.deepEqual(
        found.map((link) => link?.subjectId ?? null),
        [null, bystander.id, null],
      );
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(5))), [kept.mailId]);
      assert.equal((await pendingRegistrations.activate(bystander.id, at(5)))?.id, bystander.userId);
    },
  },
  {
    name: 'P3: of parallel activations of one attempt exactly one gets the user',
    isRace: true,
    async run(store) {
      const attempt = anAttempt();
      await add(store, attempt);
      const users = await race(() => store.pendingRegistrations.activate(attempt.id, at(5)));
      assert.deepEqual(
        users.filter((user) => user !== null).map(({ id }) => id),
        [attempt.userId],
      );
    },
  },
  {
    name: 'P3: of parallel activations of many attempts on one address exactly one wins, with its own password',
    isRace: true,
    async run(store) {
      const attempts = Array.from({ length: 32 }, (_, n) => anAttempt({ passwordHash: `$typed-in-${n}` }));
      for (const attempt of attempts) await add(store, attempt);
      const users = await race((racer) => store.pendingRegistrations.activate(attempts[racer]!.id, at(5)));
      const winners = users.flatMap((user, racer) => (user ? [racer] : []));
      assert.equal(winners.length, 1);
      const login = await store.users.findForLogin(ALICE);
      assert.deepEqual(
        [login?.id, login?.passwordHash],
        [attempts[winners[0]!]!.userId, `$typed-in-${winners[0]}`],
      );
    },
  },
  {
    name: 'P11: of parallel uses of one proof exactly one gets the user',
    isRace: true,
    async run(store) {
      const id = newId(T0);
      const users = await race((racer) =>
        store.pendingRegistrations.settle(aUser({ id, passwordHash: `$typed-in-${racer}` })),
      );
      const winners = users.flatMap((user, racer) => (user ? [racer] : []));
      assert.equal(winners.length, 1);
      const login = await store.users.findForLogin(ALICE);
      assert.deepEqual([login?.id, login?.passwordHash], [id, `$typed-in-${winners[0]}`]);
    },
  },
  {
    name: 'P11: of parallel activations and proofs of the mailbox on one address exactly one wins, with its own password',
    isRace: true,
    async run(store) {
      const { pendingRegistrations } = store;
      const attempts = Array.from({ length: 32 }, (_, n) => anAttempt({ passwordHash: `$typed-in-${n}` }));
      for (const attempt of attempts) await add(store, attempt);
      const users = await race((racer) =>
        racer % 2 === 0
          ? pendingRegistrations.activate(attempts[racer]!.id, at(5))
          : pendingRegistrations.settle(aUser({ passwordHash: `$typed-in-${racer}`, createdAt: at(5) })),
      );
      const winners = users.flatMap((user, racer) => (user ? [racer] : []));
      assert.equal(winners.length, 1);
      const login = await store.users.findForLogin(ALICE);
      assert.deepEqual([login?.id, login?.passwordHash], [users[winners[0]!]!.id, `$typed-in-${winners[0]}`]);
    },
  },
];
