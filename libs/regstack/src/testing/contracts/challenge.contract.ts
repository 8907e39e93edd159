import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import { CHALLENGE_GRACE_SECONDS } from '../../ports/outbox.repository';
import { type ContractCase, idsOf, race } from './contract';
import { aChallenge, aDecoy, aMessage, at, BOB, T0 } from './samples';

/** What every `ChallengeRepository` keeps. */
export const challengeContract: readonly ContractCase[] = [
  {
    name: 'a live challenge is found by kind and token hash, as often as one looks',
    async run({ challenges }) {
      const challenge = aChallenge('subject');
      await challenges.issue(challenge, aDecoy());
      assert.deepEqual(await challenges.findLive(['registration'], challenge.tokenHash, at(1)), challenge);
      assert.deepEqual(await challenges.findLive(['registration'], challenge.tokenHash, at(1)), challenge);
      assert.equal(await challenges.findLive(['password-reset'], challenge.tokenHash, at(1)), null);
      assert.equal(await challenges.findLive(['registration'], 'unknown', at(1)), null);
    },
  },
  {
    name: 'a challenge is found among several kinds, with the epoch and the address that it was issued for',
    async run({ challenges }) {
      const [reset, change] = [
        aChallenge('user', { kind: 'password-reset', authEpoch: 7 }),
        aChallenge('user', { kind: 'email-change', authEpoch: 0, email: BOB }),
      ];
      for (const challenge of [reset, change]) await challenges.issue(challenge, aDecoy());
      const kinds = ['verification', 'password-reset', 'email-change'] as const;
      assert.deepEqual(await challenges.findLive(kinds, reset.tokenHash, at(1)), reset);
      assert.deepEqual(await challenges.findLive(kinds, change.tokenHash, at(1)), change);
      assert.equal(await challenges.findLive(['verification', 'mailbox'], reset.tokenHash, at(1)), null);
      assert.equal(await challenges.findLive([], reset.tokenHash, at(1)), null);
    },
  },
  {
    name: 'a newer challenge brings its own epoch and address',
    async run({ challenges }) {
      await challenges.issue(aChallenge('user', { authEpoch: 1, email: BOB }), aDecoy());
      const newer = aChallenge('user', { authEpoch: 2 });
      await challenges.issue(newer, aDecoy());
      assert.deepEqual(await challenges.findLive(['registration'], newer.tokenHash, at(1)), newer);
    },
  },
  {
    name: 'P2: the message of an issue goes out while its challenge lives, and no longer once a newer one took its place',
    async run({ challenges, outbox }) {
      const [older, newer] = [aChallenge('user'), aChallenge('user')];
      const [stale, fresh] = [older, newer].map(({ id }) => aMessage({ challengeId: id }));
      await challenges.issue(older, stale!);
      await challenges.issue(newer, fresh!);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), [fresh!.id]);
    },
  },
  {
    name: 'P2: a message whose challenge is nowhere is never leased',
    async run({ challenges, outbox }) {
      await challenges.issue(aChallenge('user'), aDecoy());
      for (const seconds of [1, CHALLENGE_GRACE_SECONDS - 1, CHALLENGE_GRACE_SECONDS, 3600])
        assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(seconds))), []);
    },
  },
  {
    name: 'a subject loses its challenges of every kind, with the messages that carry them; nobody else does',
    async run({ challenges, outbox }) {
      const [reset, change, foreign] = [
        aChallenge('user', { kind: 'password-reset', authEpoch: 0 }),
        aChallenge('user', { kind: 'email-change', authEpoch: 0, email: BOB }),
        aChallenge('other', { kind: 'password-reset', authEpoch: 0 }),
      ];
      const message = aMessage({ challengeId: foreign.id });
      await challenges.issue(reset, aMessage({ challengeId: reset.id }));
      await challenges.issue(change, aMessage({ challengeId: change.id }));
      await challenges.issue(foreign, message);
      await challenges.dropAllFor('user', 1);
      await challenges.dropAllFor('nobody', 1);
      const kinds = ['password-reset', 'email-change'] as const;
      const found = await Promise.all(
        [reset, change, foreign].map(({ tokenHash }) => challenges.findLive(kinds, tokenHash, at(1))),
      );
      assert.deepEqual(
        found.map((one) => one?.id ?? null),
        [null, null, foreign.id],
      );
      assert.equal(await challenges.consume(reset.id, at(1)), false);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), [message.id]);
    },
  },
  {
    name: 'R29: a challenge ends at its time, to the millisecond, and cannot be consumed afterwards',
    async run({ challenges }) {
      const challenge = aChallenge('subject', { expiresAt: at(60) });
      await challenges.issue(challenge, aDecoy());
      assert.notEqual(await challenges.findLive(['registration'], challenge.tokenHash, at(59.999)), null);
      assert.equal(await challenges.findLive(['registration'], challenge.tokenHash, at(60)), null);
      assert.equal(await challenges.consume(challenge.id, at(60)), false);
    },
  },
  {
    name: 'R30: a newer challenge of a kind and subject kills the older one, and nobody else’s',
    async run({ challenges }) {
      const [older, newer, foreign] = [aChallenge('one'), aChallenge('one'), aChallenge('two')];
      for (const challenge of [older, foreign, newer]) await challenges.issue(challenge, aDecoy());
      const found = await Promise.all(
        [older, newer, foreign].map(({ tokenHash }) => challenges.findLive(['registration'], tokenHash, T0)),
      );
      assert.deepEqual(
        found.map((one) => one?.id ?? null),
        [null, newer.id, foreign.id],
      );
    },
  },
  {
    name: 'R30: a challenge of an older epoch, dead as it comes, leaves the newer one in its place',
    async run({ challenges }) {
      const [newer, dead] = [aChallenge('user', { authEpoch: 2 }), aChallenge('user', { authEpoch: 1 })];
      for (const challenge of [newer, dead]) await challenges.issue(challenge, aDecoy());
      assert.deepEqual(await challenges.findLive(['registration'], newer.tokenHash, T0), newer);
      assert.equal(await challenges.findLive(['registration'], dead.tokenHash, T0), null);
      const later = aChallenge('user', { authEpoch: 2 });
      await challenges.issue(later, aDecoy());
      assert.equal(await challenges.findLive(['registration'], newer.tokenHash, T0), null);
      assert.deepEqual(await challenges.findLive(['registration'], later.tokenHash, T0), later);
    },
  },
  {
    name: 'dropping the challenges of a user before an epoch leaves later ones, and somebody else’s',
    async run({ challenges }) {
      const all = [
        aChallenge('one', { authEpoch: 0 }),
        aChallenge('one', { authEpoch: 1, kind: 'email-change' }),
        aChallenge('one', { authEpoch: 2, kind: 'password-reset' }),
        aChallenge('two', { authEpoch: 0 }),
      ];
      for (const challenge of all) await challenges.issue(challenge, aDecoy());
      await challenges.dropAllFor('one', 2);
      const found = await Promise.all(
        all.map(({ kind, tokenHash }) => challenges.findLive([kind], tokenHash, T0)),
      );
      assert.deepEqual(
        found.map((one) => one?.id ?? null),
        [null, null, all[2]!.id, all[3]!.id],
      );
    },
  },
  {
    name: 'a consumed challenge is as if unknown',
    async run({ challenges }) {
      const challenge = aChallenge('subject');
      await challenges.issue(challenge, aDecoy());
      assert.equal(await challenges.consume(challenge.id, at(1)), true);
      assert.equal(await challenges.findLive(['registration'], challenge.tokenHash, at(2)), null);
      assert.equal(await challenges.consume(challenge.id, at(2)), false);
      assert.equal(await challenges.consume(newId(T0), at(2)), false);
    },
  },
  {
    name: 'R30: of parallel issues for one subject exactly one challenge lives, and it can be used',
    isRace: true,
    async run({ challenges }) {
      const issued = await race(async () => {
        const challenge = aChallenge('subject');
        await challenges.issue(challenge, aDecoy());
        return challenge;
      });
      const found = await Promise.all(
        issued.map(({ tokenHash }) => challenges.findLive(['registration'], tokenHash, at(1))),
      );
      const live = found.flatMap((one) => (one ? [one] : []));
      assert.equal(live.length, 1);
      assert.equal(await challenges.consume(live[0]!.id, at(1)), true);
    },
  },
  {
    name: 'R28: of parallel uses exactly one consumes the challenge',
    isRace: true,
    async run({ challenges }) {
      const challenge = aChallenge('subject');
      await challenges.issue(challenge, aDecoy());
      const consumed = await race(() => challenges.consume(challenge.id, at(1)));
      assert.equal(consumed.filter(Boolean).length, 1);
    },
  },
];
