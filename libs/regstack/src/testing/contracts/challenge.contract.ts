import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import { type ContractCase, race } from './contract';
import { aChallenge, aDecoy, at, T0 } from './samples';

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
