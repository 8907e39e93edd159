import assert from 'node:assert/strict';
import { CHALLENGE_GRACE_SECONDS } from '../../ports/outbox.repository';
import { type ContractCase, idsOf, race } from './contract';
import { aChallenge, aDecoy, aMessage, at, T0 } from './samples';

const LEASE = 60;

/** What every `OutboxRepository` keeps. */
export const outboxContract: readonly ContractCase[] = [
  {
    name: 'a message is leased whole, with its first attempt counted',
    async run({ outbox }) {
      const message = aMessage({ recipient: 'zoë@example.org' });
      await outbox.enqueue(message);
      const [leased, ...others] = await outbox.lease('mail', 10, LEASE, at(1));
      assert.equal(others.length, 0);
      const { leaseId, attempts, ...rest } = leased!;
      assert.deepEqual([rest, attempts, typeof leaseId], [message, 1, 'string']);
    },
  },
  {
    name: 'the oldest are leased first, no more than asked for, and not before they are due',
    async run({ outbox }) {
      const messages = [3, 1, 2].map((seconds) => aMessage({ createdAt: at(seconds) }));
      for (const message of messages) await outbox.enqueue(message);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, T0)), []);
      const leased = await outbox.lease('mail', 2, LEASE, at(5));
      assert.deepEqual(idsOf(leased), [messages[1]!.id, messages[2]!.id]);
    },
  },
  {
    name: 'a leased message is nobody else’s until the lease ends, then it is due again',
    async run({ outbox }) {
      await outbox.enqueue(aMessage());
      const [first] = await outbox.lease('mail', 10, LEASE, at(1));
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(LEASE))), []);
      const [second] = await outbox.lease('mail', 10, LEASE, at(1 + LEASE));
      assert.equal(second?.attempts, 2);
      assert.notEqual(second?.leaseId, first?.leaseId);
      assert.equal(await outbox.settle(first!.id, first!.leaseId, at(62)), false);
      assert.equal(await outbox.settle(second.id, second.leaseId, at(62)), true);
    },
  },
  {
    name: 'mails and texts are leased apart, each oldest first; the kind tells which a message is',
    async run({ outbox }) {
      const kinds = ['sms-sign-in', 'password-reset', 'sms-of-another-version', 'message-by-sms-'];
      const messages = kinds.map((kind, n) => aMessage({ kind, createdAt: at(n) }));
      for (const message of messages) await outbox.enqueue(message);
      const [text, mail, otherText, otherMail] = messages.map(({ id }) => id);
      assert.deepEqual(idsOf(await outbox.lease('sms', 1, LEASE, at(5))), [text]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(5))), [mail, otherMail]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(5))), []);
      assert.deepEqual(idsOf(await outbox.lease('sms', 10, LEASE, at(5))), [otherText]);
    },
  },
  {
    name: 'texts in any number that wait, are dead or cannot be sent keep no mail back',
    async run({ outbox, challenges }) {
      const [live, used] = [aChallenge('a'), aChallenge('b')];
      const texts = [live.id, used.id, 'never-issued'].flatMap((challengeId) =>
        Array.from({ length: 10 }, () => aMessage({ kind: 'sms-sign-in', challengeId })),
      );
      const mail = aMessage({ createdAt: at(1) });
      for (const message of [...texts, mail]) await outbox.enqueue(message);
      for (const challenge of [live, used]) await challenges.issue(challenge, aDecoy());
      await challenges.consume(used.id, at(1));
      assert.deepEqual(idsOf(await outbox.lease('mail', 1, LEASE, at(2))), [mail.id]);
      assert.equal((await outbox.lease('sms', 100, LEASE, at(2))).length, 10);
    },
  },
  {
    name: 'a renewed lease holds on; one that was lost cannot be renewed',
    async run({ outbox }) {
      await outbox.enqueue(aMessage());
      await outbox.enqueue(aMessage());
      const [first] = await outbox.lease('mail', 10, LEASE, at(1));
      await outbox.renew(first!.leaseId, LEASE, at(40));
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(99))), []);
      const again = await outbox.lease('mail', 10, LEASE, at(100));
      assert.equal(again.length, 2);
      await outbox.renew(first!.leaseId, 9999, at(101));
      assert.equal((await outbox.lease('mail', 10, LEASE, at(160))).length, 2);
    },
  },
  {
    name: 'a settled message never comes again',
    async run({ outbox }) {
      await outbox.enqueue(aMessage());
      const [leased] = await outbox.lease('mail', 10, LEASE, at(1));
      const { id, leaseId } = leased!;
      assert.equal(await outbox.settle(id, leaseId, at(2)), true);
      assert.equal(await outbox.settle(id, leaseId, at(2)), false);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(9999))), []);
    },
  },
  {
    name: 'a failed message is due again at its time; a dead letter never',
    async run({ outbox }) {
      await outbox.enqueue(aMessage());
      const [first] = await outbox.lease('mail', 10, LEASE, at(1));
      assert.equal(await outbox.fail(first!.id, first!.leaseId, 'ECONNREFUSED', at(30)), true);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(29))), []);
      const [second] = await outbox.lease('mail', 10, LEASE, at(30));
      assert.equal(second?.attempts, 2);
      assert.equal(await outbox.fail(second.id, 'another lease', 'EENVELOPE', null), false);
      assert.equal(await outbox.fail(second.id, second.leaseId, 'EENVELOPE 550', null), true);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(9999))), []);
    },
  },
  {
    name: 'P2: a message is sent while its challenge is live, and dropped when that is used or expired',
    async run({ outbox, challenges }) {
      const [live, used, expired] = [
        aChallenge('a'),
        aChallenge('b'),
        aChallenge('c', { expiresAt: at(30) }),
      ] as const;
      const messages = [live, used, expired].map(({ id }) => aMessage({ challengeId: id }));
      for (const message of messages) await outbox.enqueue(message);
      for (const challenge of [live, used, expired]) await challenges.issue(challenge, aDecoy());
      await challenges.consume(used.id, at(1));
      const leased = await outbox.lease('mail', 10, LEASE, at(30));
      assert.deepEqual(idsOf(leased), [messages[0]!.id]);
      await outbox.settle(leased[0]!.id, leased[0]!.leaseId, at(31));
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(9999))), []);
    },
  },
  {
    name: 'P2: a message whose challenge is not there yet waits for it, and not for ever',
    async run({ outbox, challenges }) {
      const challenge = aChallenge('a');
      const message = aMessage({ challengeId: challenge.id });
      await outbox.enqueue(message);
      await outbox.enqueue(aMessage({ challengeId: 'never-issued' }));
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, LEASE, at(CHALLENGE_GRACE_SECONDS - 1))), []);
      await challenges.issue(challenge, aDecoy());
      const leased = await outbox.lease('mail', 10, LEASE, at(CHALLENGE_GRACE_SECONDS + 1));
      assert.deepEqual(idsOf(leased), [message.id]);
    },
  },
  {
    name: 'of parallel leases each message goes to exactly one worker',
    isRace: true,
    async run({ outbox }) {
      for (let n = 0; n < 40; n++) await outbox.enqueue(aMessage());
      const leased = (await race(() => outbox.lease('mail', 3, LEASE, at(1)))).flat();
      assert.equal(leased.length, 40);
      assert.equal(new Set(leased.map(({ id }) => id)).size, 40);
    },
  },
  {
    name: 'of parallel reports on one lease exactly one counts',
    isRace: true,
    async run({ outbox }) {
      await outbox.enqueue(aMessage());
      const [leased] = await outbox.lease('mail', 1, LEASE, at(1));
      const reports = await race((racer) =>
        racer < 16
          ? outbox.settle(leased!.id, leased!.leaseId, at(2))
          : outbox.fail(leased!.id, leased!.leaseId, 'ETIMEDOUT', at(3)),
      );
      assert.equal(reports.filter(Boolean).length, 1);
    },
  },
];
