import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { ChallengeRepository } from '../../ports/challenge.repository';
import { type ContractCase, race } from './contract';
import { aChallenge, aDecoy, at, T0 } from './samples';

const LIMIT = 5;

/** A code by SMS that ends after a minute. */
async function issued(challenges: ChallengeRepository, subject = 'sign-in') {
  const challenge = aChallenge(subject, { kind: 'sms-code', authEpoch: 0, expiresAt: at(60) });
  await challenges.issue(challenge, null);
  return challenge;
}

/** Answers to that many guesses, one after the other. */
async function guesses(challenges: ChallengeRepository, id: string, count: number): Promise<boolean[]> {
  const answers = [];
  for (let n = 0; n < count; n++) answers.push(await challenges.countGuess(id, LIMIT, at(1)));
  return answers;
}

/** What every `ChallengeRepository` keeps of guesses (P7, R43, W06, W07). */
export const challengeGuessContract: readonly ContractCase[] = [
  {
    name: 'R43: a challenge has its number of guesses over its whole life, and is found and used up whatever they were',
    async run({ challenges }) {
      const challenge = await issued(challenges);
      assert.deepEqual(await guesses(challenges, challenge.id, 7), [
        true,
        true,
        true,
        true,
        true,
        false,
        false,
      ]);
      assert.equal(await challenges.countGuess(challenge.id, LIMIT, at(59.999)), false);
      const stored = { ...challenge, guesses: LIMIT };
      assert.deepEqual(await challenges.findLive(['sms-code'], challenge.tokenHash, at(1)), stored);
      assert.deepEqual(await challenges.findLiveAbout('sms-code', 'sign-in', at(1)), stored);
      assert.equal(await challenges.consume(challenge.id, at(1)), true);
    },
  },
  {
    name: 'R43: guesses at two challenges are counted apart, and a limit may differ from one to the next',
    async run({ challenges }) {
      const [one, two] = [await issued(challenges, 'one'), await issued(challenges, 'two')];
      await guesses(challenges, one.id, 5);
      assert.equal(await challenges.countGuess(one.id, 5, at(1)), false);
      assert.equal(await challenges.countGuess(one.id, 6, at(1)), true);
      assert.equal(await challenges.countGuess(two.id, 0, at(1)), false);
      assert.deepEqual(await guesses(challenges, two.id, 6), [true, true, true, true, true, false]);
    },
  },
  {
    name: 'R43: no guess counts at a challenge that is used, replaced, dropped, unknown or over, to the millisecond',
    async run({ challenges }) {
      const used = await issued(challenges, 'used');
      await challenges.consume(used.id, at(1));
      const replaced = await issued(challenges, 'replaced');
      await issued(challenges, 'replaced');
      const dropped = await issued(challenges, 'dropped');
      await challenges.dropAllFor('dropped', 1);
      for (const id of [used.id, replaced.id, dropped.id, newId(T0), ''])
        assert.equal(await challenges.countGuess(id, LIMIT, at(2)), false);
      const { id } = await issued(challenges, 'over');
      assert.equal(await challenges.countGuess(id, LIMIT, at(59.999)), true);
      assert.equal(await challenges.countGuess(id, LIMIT, at(60)), false);
    },
  },
  {
    name: 'R43: a challenge that takes the place of another starts without guesses; the other one’s are lost with it',
    async run({ challenges }) {
      const older = await issued(challenges);
      await guesses(challenges, older.id, 5);
      const newer = aChallenge('sign-in', { kind: 'sms-code', authEpoch: 0 });
      await challenges.issue(newer, aDecoy());
      assert.deepEqual(await guesses(challenges, newer.id, 6), [true, true, true, true, true, false]);
      assert.equal(await challenges.countGuess(older.id, LIMIT, at(1)), false);
    },
  },
  {
    name: 'R30, R43: a challenge of an older epoch, dead as it comes, neither takes guesses nor gives any back',
    async run({ challenges }) {
      const newer = aChallenge('user', { kind: 'phone-setup', authEpoch: 2 });
      await challenges.issue(newer, null);
      await guesses(challenges, newer.id, 4);
      const dead = aChallenge('user', { kind: 'phone-setup', authEpoch: 1 });
      await challenges.issue(dead, null);
      assert.equal(await challenges.countGuess(dead.id, LIMIT, at(1)), false);
      assert.deepEqual(await guesses(challenges, newer.id, 2), [true, false]);
    },
  },
  {
    name: 'R43, W06: of parallel guesses exactly the limit counts',
    isRace: true,
    async run({ challenges }) {
      const { id } = await issued(challenges);
      const counted = await race(() => challenges.countGuess(id, LIMIT, at(1)));
      assert.equal(counted.filter(Boolean).length, LIMIT);
      assert.equal(await challenges.countGuess(id, LIMIT, at(1)), false);
    },
  },
  {
    name: 'P7, W07: of parallel guesses that are all right exactly one uses the challenge up, and none counts afterwards',
    isRace: true,
    async run({ challenges }) {
      const { id } = await issued(challenges);
      const used = await race(
        async () => (await challenges.countGuess(id, 32, at(1))) && (await challenges.consume(id, at(1))),
      );
      assert.equal(used.filter(Boolean).length, 1);
      assert.equal(await challenges.countGuess(id, 99, at(1)), false);
    },
  },
];
