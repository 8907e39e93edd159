import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { MessageState } from '../../kernel/message-state';
import {
  CHALLENGE_GRACE_SECONDS,
  type ListedMessage,
  type OutboxMessage,
} from '../../ports/outbox.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf, race } from './contract';
import { aChallenge, aDecoy, aMessage, at, PHONE, T0 } from './samples';

const ALL = { before: null, limit: 100 };

/** Leases all mails that are due. */
const lease = ({ outbox }: Store, seconds: number) => outbox.lease('mail', 100, 60, at(seconds));

const listed = async ({ outbox }: Store, state: MessageState | null = null): Promise<ListedMessage[]> =>
  Array.from(await outbox.list(state, ALL));

/** A message that nobody took at `at(1)`; due again at that time, or a dead letter. */
async function failed(
  store: Store,
  retryAt: Date | null,
  more: Partial<OutboxMessage> = {},
): Promise<string> {
  const message = aMessage(more);
  await store.outbox.enqueue(message);
  const [leased] = await lease(store, 1);
  await store.outbox.fail(message.id, leased!.leaseId, 'EENVELOPE 550', retryAt);
  return message.id;
}

/** A message that went out at `at(2)`. */
async function sent(store: Store): Promise<string> {
  await store.outbox.enqueue(aMessage());
  const [leased] = await lease(store, 1);
  await store.outbox.settle(leased!.id, leased!.leaseId, at(2));
  return leased!.id;
}

/** What every `OutboxRepository` keeps for those who look after it. */
export const outboxListContract: readonly ContractCase[] = [
  {
    name: 'a message is listed with what the queue knows of it, and without what it says',
    async run(store) {
      await store.outbox.enqueue(aMessage({ kind: 'sms-proof', recipient: PHONE }));
      const [fresh] = await listed(store);
      const { id } = fresh!;
      const is = { id, kind: 'sms-proof', recipient: PHONE, createdAt: T0 };
      assert.deepEqual(fresh, { ...is, state: 'queued', attempts: 0, lastError: null, dueAt: T0 });
    },
  },
  {
    name: 'of a message that failed the reason is listed; of one that was sent no recipient is left',
    async run(store) {
      const waiting = await failed(store, at(30), { id: newId(at(3)) });
      const dead = await failed(store, null, { id: newId(at(2)) });
      const gone = await sent(store);
      const seen = (await listed(store)).map(
        ({ id, state, attempts, lastError }) => [id, state, attempts, lastError] as const,
      );
      assert.deepEqual(new Set(seen.map(([id]) => id)), new Set([waiting, dead, gone]));
      assert.deepEqual(seen.find(([id]) => id === waiting)?.slice(1), ['queued', 1, 'EENVELOPE 550']);
      assert.deepEqual(seen.find(([id]) => id === dead)?.slice(1), ['dead', 1, 'EENVELOPE 550']);
      assert.deepEqual(seen.find(([id]) => id === gone)?.slice(1), ['sent', 1, null]);
      const recipients = (await listed(store, 'sent')).map(({ recipient }) => recipient);
      assert.deepEqual(recipients, ['']);
    },
  },
  {
    name: 'messages are listed by descending id, page by page, of one state or of all, and are counted by state',
    async run(store) {
      assert.deepEqual({ ...(await store.outbox.counts()) }, { queued: 0, sent: 0, dead: 0 });
      const ids: string[] = [];
      for (let n = 0; n < 4; n++) ids.push(await failed(store, null, { id: newId(at(n)) }));
      const other = await sent(store);
      for (let n = 4; n < 7; n++) {
        ids.push(newId(at(n)));
        await store.outbox.enqueue(aMessage({ id: ids.at(-1)! }));
      }
      const newest = [...ids, other].toSorted().toReversed();
      assert.deepEqual(idsOf(await listed(store)), newest);
      assert.deepEqual(idsOf(await listed(store, 'queued')), ids.slice(4).toReversed());
      assert.deepEqual(idsOf(await listed(store, 'sent')), [other]);
      const page = async (before: string | null) =>
        idsOf(await store.outbox.list('dead', { before, limit: 3 }));
      assert.deepEqual(await page(null), ids.slice(1, 4).toReversed());
      assert.deepEqual(await page(ids[1]!), [ids[0]]);
      assert.deepEqual(await page(ids[0]!), []);
      assert.deepEqual({ ...(await store.outbox.counts()) }, { queued: 3, sent: 1, dead: 4 });
    },
  },
  {
    name: 'a dead letter, and a message that waits for its next attempt, are due at once when they are retried',
    async run(store) {
      const dead = await failed(store, null);
      const waiting = await failed(store, at(500));
      for (const id of [dead, waiting]) {
        const retried = await store.outbox.retry(id, at(10));
        assert.ok(retried !== null && retried !== 'expired');
        const { state, dueAt, attempts, lastError } = retried;
        assert.deepEqual([state, dueAt, attempts, lastError], ['queued', at(10), 1, 'EENVELOPE 550']);
      }
      const leased = await lease(store, 10);
      assert.deepEqual(idsOf(leased).toSorted(), [dead, waiting].toSorted());
      assert.deepEqual(new Set(leased.map(({ sealedBody }) => sealedBody)), new Set([aMessage().sealedBody]));
    },
  },
  {
    name: 'a retry leaves a message that is due, or under a lease, as it is, and says of one that was sent that it was',
    async run(store) {
      const { outbox } = store;
      await outbox.enqueue(aMessage());
      const [due] = await listed(store);
      assert.deepEqual(await outbox.retry(due!.id, at(9)), due);
      const [leased] = await lease(store, 10);
      const held = await outbox.retry(due!.id, at(11));
      assert.deepEqual(held, { ...due, attempts: 1, dueAt: at(70) });
      assert.deepEqual(idsOf(await lease(store, 69)), []);
      assert.equal(await outbox.settle(due!.id, leased!.leaseId, at(12)), true);
      const gone = await outbox.retry(due!.id, at(13));
      assert.ok(gone !== null && gone !== 'expired');
      assert.deepEqual([gone.state, gone.recipient], ['sent', '']);
      assert.deepEqual(idsOf(await lease(store, 9999)), []);
      assert.equal(await outbox.retry(newId(T0), at(13)), null);
    },
  },
  {
    name: 'a lease that is over is not taken from its worker by a retry: it may be about to report',
    async run(store) {
      await store.outbox.enqueue(aMessage());
      const [leased] = await lease(store, 1);
      await store.outbox.retry(leased!.id, at(100));
      assert.equal(await store.outbox.settle(leased!.id, leased!.leaseId, at(101)), true);
    },
  },
  {
    name: 'a message whose challenge is used or expired is not retried; one whose challenge is not there yet waits on',
    async run(store) {
      const { outbox, challenges } = store;
      const [live, used, over] = [
        aChallenge('a'),
        aChallenge('b'),
        aChallenge('c', { expiresAt: at(30) }),
      ] as const;
      for (const one of [live, used, over]) await challenges.issue(one, aDecoy());
      const ids: string[] = [];
      for (const { id: challengeId } of [live, used, over])
        ids.push(await failed(store, null, { challengeId }));
      await challenges.consume(used.id, at(2));
      const retries = await Promise.all(ids.map((id) => outbox.retry(id, at(30))));
      assert.deepEqual(
        retries.map((one) => (one === null || one === 'expired' ? one : one.state)),
        ['queued', 'expired', 'expired'],
      );
      const early = aMessage({ challengeId: newId(T0) });
      await outbox.enqueue(early);
      const waits = await outbox.retry(early.id, at(CHALLENGE_GRACE_SECONDS - 1));
      assert.ok(waits !== null && waits !== 'expired');
      assert.equal(await outbox.retry(early.id, at(CHALLENGE_GRACE_SECONDS)), 'expired');
      assert.deepEqual(idsOf(await lease(store, 30)), [ids[0]]);
    },
  },
  {
    name: 'of parallel retries and leases a dead letter goes to exactly one worker',
    isRace: true,
    async run(store) {
      const id = await failed(store, null);
      const leased = await race(async () => {
        const retried = await store.outbox.retry(id, at(10));
        assert.ok(retried !== null && retried !== 'expired');
        return lease(store, 10);
      });
      assert.deepEqual(idsOf(leased.flat()), [id]);
    },
  },
];
