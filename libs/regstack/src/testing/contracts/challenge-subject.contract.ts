import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { ChallengeKind, NewChallenge } from '../../ports/challenge.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import { aChallenge, aDecoy, aMessage, at, ATTRIBUTES, BOB, OTHER_PHONE, PHONE, T0 } from './samples';

/** Kinds whose subject is not the user. */
const FACTOR_KINDS: readonly ChallengeKind[] = [
  'sign-in',
  'enrolment',
  'sms-code',
  'phone-setup',
  'totp-setup',
];

/** A challenge of that user and epoch, about something of its own. */
const ofEpoch = (kind: ChallengeKind, userId: string | null, authEpoch: number | null) =>
  aChallenge(newId(T0), { kind, userId, authEpoch });

/** Which of these challenges live. */
async function live({ challenges }: Store, issued: readonly NewChallenge[]): Promise<boolean[]> {
  const found = await Promise.all(
    issued.map(({ kind, tokenHash }) => challenges.findLive([kind], tokenHash, at(1))),
  );
  return found.map((one) => one !== null);
}

/** What every `ChallengeRepository` keeps of what a challenge is about, and whose it is. */
export const challengeSubjectContract: readonly ContractCase[] = [
  {
    name: 'W21: a challenge comes back with the user, the number and the text that it was issued with, by token and by subject, whatever its kind',
    async run({ challenges }) {
      const texts = [
        '',
        ATTRIBUTES.text,
        JSON.stringify(ATTRIBUTES),
        'null',
        '{"a":1}',
        'x'.repeat(4000),
        null,
      ];
      const kinds = [...FACTOR_KINDS, 'email-change', 'verification'] as const;
      for (const [n, kind] of kinds.entries()) {
        const challenge = aChallenge(newId(T0), {
          kind,
          userId: n % 2 ? newId(T0) : null,
          phoneNumber: n % 3 ? PHONE : null,
          payload: texts[n]!,
          email: n % 4 ? null : BOB,
          authEpoch: n,
          createdAt: at(0.007),
        });
        await challenges.issue(challenge, null);
        assert.deepEqual(await challenges.findLive([kind], challenge.tokenHash, at(1)), challenge);
        assert.deepEqual(await challenges.findLiveAbout(kind, challenge.subjectId, at(1)), challenge);
      }
    },
  },
  {
    name: 'W21: a newer challenge brings its own user, number and text, and nothing of the one before',
    async run({ challenges }) {
      const older = { kind: 'phone-setup', userId: newId(T0), phoneNumber: PHONE, payload: 'old' } as const;
      await challenges.issue(aChallenge('user', { ...older, authEpoch: 0 }), null);
      const changed = aChallenge('user', {
        ...older,
        phoneNumber: OTHER_PHONE,
        payload: 'new',
        authEpoch: 0,
      });
      await challenges.issue(changed, aDecoy());
      assert.deepEqual(await challenges.findLiveAbout('phone-setup', 'user', at(1)), changed);
      const bare = aChallenge('user', { kind: 'phone-setup', authEpoch: 0 });
      await challenges.issue(bare, null);
      assert.deepEqual(await challenges.findLiveAbout('phone-setup', 'user', at(1)), bare);
    },
  },
  {
    name: 'a challenge without a message queues none, takes the place of one that had one, and that is not sent any more',
    async run({ challenges, outbox }) {
      const [older, newer] = [aChallenge('user'), aChallenge('user')];
      await challenges.issue(older, aMessage({ challengeId: older.id }));
      await challenges.issue(newer, null);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), []);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(999))), []);
      assert.equal(await challenges.findLive(['registration'], older.tokenHash, at(1)), null);
      assert.deepEqual(await challenges.findLive(['registration'], newer.tokenHash, at(1)), newer);
    },
  },
  {
    name: 'a challenge is found by its kind and subject until it is used or over, to the millisecond; a newer one is found in its place',
    async run({ challenges }) {
      const about = (seconds: number, kind: ChallengeKind = 'totp-setup', subject = 'user') =>
        challenges.findLiveAbout(kind, subject, at(seconds));
      assert.equal(await about(1), null);
      const [older, newer] = [60, 90].map((seconds) =>
        aChallenge('user', { kind: 'totp-setup', authEpoch: 0, expiresAt: at(seconds) }),
      );
      await challenges.issue(older!, null);
      assert.deepEqual([await about(1), await about(59.999)], [older, older]);
      assert.equal(await about(60), null);
      assert.equal(await about(1, 'phone-setup'), null);
      assert.equal(await about(1, 'totp-setup', 'other'), null);
      await challenges.issue(newer!, null);
      assert.deepEqual([await about(1), await about(89.999)], [newer, newer]);
      assert.equal(await about(90), null);
      await challenges.consume(newer!.id, at(2));
      assert.equal(await about(3), null);
    },
  },
  {
    name: 'several sign-ins of one user are under way side by side, each with its own code by SMS',
    async run(store) {
      const { challenges } = store;
      const userId = newId(T0);
      const signIns = Array.from({ length: 3 }, () =>
        aChallenge(newId(T0), { kind: 'sign-in', userId, authEpoch: 0 }),
      );
      const codes = signIns.map(({ id }) => aChallenge(id, { kind: 'sms-code', userId, authEpoch: 0 }));
      for (const challenge of [...signIns, ...codes]) await challenges.issue(challenge, null);
      assert.deepEqual(await live(store, [...signIns, ...codes]), Array<boolean>(6).fill(true));
      const again = aChallenge(signIns[1]!.id, { kind: 'sms-code', userId, authEpoch: 0 });
      await challenges.issue(again, null);
      assert.deepEqual(await live(store, [...codes, again]), [true, false, true, true]);
      await challenges.consume(signIns[0]!.id, at(1));
      assert.deepEqual(await live(store, signIns), [false, true, true]);
    },
  },
  {
    name: 'dropping the challenges of a user drops those that are theirs by user too, of earlier epochs only, with the messages that carry them; nobody else’s',
    async run(store) {
      const { challenges, outbox } = store;
      const [userId, other] = [newId(T0), newId(T0)];
      const dead = [0, 1].flatMap((epoch) => FACTOR_KINDS.map((kind) => ofEpoch(kind, userId, epoch)));
      const kept = [
        ...FACTOR_KINDS.map((kind) => ofEpoch(kind, userId, 2)),
        ofEpoch('sign-in', userId, 3),
        ofEpoch('sign-in', other, 0),
        ofEpoch('sign-in', null, 0),
        ofEpoch('registration', userId, null),
      ];
      const all = [...dead, ...kept];
      const messages = all.map(({ id }) => aMessage({ challengeId: id, recipient: PHONE }));
      for (const [n, challenge] of all.entries()) await challenges.issue(challenge, messages[n]!);
      await challenges.dropAllFor(userId, 2);
      assert.deepEqual(await live(store, dead), Array<boolean>(dead.length).fill(false));
      assert.deepEqual(await live(store, kept), Array<boolean>(kept.length).fill(true));
      const sent = idsOf(await outbox.lease('mail', 100, 60, at(1)));
      assert.deepEqual(sent.toSorted(), idsOf(messages.slice(dead.length)).toSorted());
    },
  },
  {
    name: 'R30: of parallel issues of a number’s code one challenge lives, with the number and the code of one and the same issue',
    isRace: true,
    async run({ challenges }) {
      const issued = await race(async (racer) => {
        const own = { phoneNumber: `+4915100000${racer}`, payload: `text-${racer}` };
        const challenge = aChallenge('user', { kind: 'phone-setup', authEpoch: 0, ...own });
        await challenges.issue(challenge, null);
        return challenge;
      });
      const found = await challenges.findLiveAbout('phone-setup', 'user', at(1));
      assert.deepEqual(
        found,
        issued.find(({ id }) => id === found?.id),
      );
      const byToken = await Promise.all(
        issued.map(({ tokenHash }) => challenges.findLive(['phone-setup'], tokenHash, at(1))),
      );
      assert.deepEqual(
        byToken.filter((one) => one !== null),
        [found],
      );
    },
  },
];
