import assert from 'node:assert/strict';
import { canonicalEmail } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
import type { PendingRegistration } from '../../ports/pending-registration.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, race } from './contract';
import { aChallenge, ALICE, aMessage, anAttempt, at, aUser, T0 } from './samples';

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
      const [mail] = await store.outbox.lease(10, 60, at(1));
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
    name: 'P3: activation drops every attempt on the address and their links, and no other',
    async run(store) {
      const [first, second] = [anAttempt(), anAttempt({ passwordHash: '$other' })];
      const bystander = anAttempt({ email: canonicalEmail('bob@example.org') });
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
];
