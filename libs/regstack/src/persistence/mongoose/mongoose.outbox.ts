import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../kernel/clock';
import { MESSAGE_STATES, type MessageState } from '../../kernel/message-state';
import type { Keyset } from '../../ports/keyset';
import {
  type Channel,
  CHALLENGE_GRACE_SECONDS,
  type LeasedMessage,
  type ListedMessage,
  type MessageCounts,
  type OutboxMessage,
  OutboxRepository,
} from '../../ports/outbox.repository';
import { SENT_KEPT_SECONDS } from '../../ports/sweeper';
import { LISTED_FIELDS, listedFrom } from './listed-messages';
import type { Mongo } from './mongo';
import { type DueMessage, fateOf, lookAtDue, lookAtOne, WINDOW } from './mongoose.due-messages';
import type { MongooseIntents } from './mongoose.intents';
import { behind, NEWEST_FIRST } from './pages';
import { plain, type PlainValues } from './plain';
import { intentDocument, leasedFrom, queuedDocument } from './records';

/** Windows that one call looks at; behind as many of dead messages the next call goes on. */
const WINDOWS = 10;

/** A challenge is stored right after its message. One that is not there by then will hardly come, and is looked for this much later. */
const USUAL_WAIT_SECONDS = 2;
const LATE_WAIT_SECONDS = 20;

/** What a leased message is marked with. */
interface Lease {
  readonly lease_id: string;
  readonly due_at: Date;
}

export class MongooseOutboxRepository extends OutboxRepository {
  constructor(
    private readonly mongo: Mongo,
    private readonly intents: MongooseIntents,
  ) {
    super();
  }

  override async enqueue(message: OutboxMessage): Promise<void> {
    const document = queuedDocument(intentDocument(message));
    await this.mongo.run(({ outbox }) => outbox.insertOne(document));
  }

  /**
   * Looks at what is due, oldest first, a window at a time, until a window had something to win: the lease runs from the beginning
   * of the call, and a worker that got something asks again at once. What it looks at is won, lost to another worker, dead, or left
   * to wait, so no second look is needed. A crash at any point costs nothing: what was marked is due again when its lease ends, as
   * if its worker had died, and the rest is as it was.
   */
  override async lease(
    channel: Channel,
    limit: number,
    leaseSeconds: number,
    now: Date,
  ): Promise<readonly LeasedMessage[]> {
    // What a change leaves in the document of its user is a mail.
    if (channel === 'mail') await this.intents.relay();
    const lease = { lease_id: randomUUID(), due_at: addSeconds(now, leaseSeconds) };
    let won = 0;
    let last: DueMessage | undefined;
    for (let window = 0; window < WINDOWS && won === 0; window++) {
      const due = await lookAtDue(this.mongo, channel, now, last);
      await this.drop(idsOf(due, 'dead', now), now);
      await this.defer(due, now);
      won = await this.take(idsOf(due, 'live', now), limit, lease, now);
      if (due.length < WINDOW) break;
      last = due.at(-1);
    }
    return won === 0 ? [] : this.findLeased(lease);
  }

  override async renew(leaseId: string, leaseSeconds: number, now: Date): Promise<void> {
    const query = plain({ lease_id: leaseId });
    const $set = { due_at: addSeconds(now, leaseSeconds) };
    await this.mongo.run(({ outbox }) => outbox.updateMany(query, { $set }));
  }

  override settle(id: string, leaseId: string, now: Date): Promise<boolean> {
    const expires_at = addSeconds(now, SENT_KEPT_SECONDS);
    return this.report(id, leaseId, {
      state: 'sent',
      sent_at: now,
      recipient: '',
      sealed_body: '',
      expires_at,
    });
  }

  override fail(id: string, leaseId: string, reason: string, retryAt: Date | null): Promise<boolean> {
    const last_error = reason;
    return this.report(
      id,
      leaseId,
      retryAt ? { due_at: retryAt, last_error } : { state: 'dead', last_error },
    );
  }

  /** The lease is part of the condition, so of parallel reports one counts. */
  private async report(id: string, leaseId: string, changes: PlainValues): Promise<boolean> {
    const query = plain({ _id: id, lease_id: leaseId });
    const update = { $set: plain(changes), $unset: { lease_id: '' } } as const;
    const { matchedCount } = await this.mongo.run(({ outbox }) => outbox.updateOne(query, update));
    return matchedCount === 1;
  }

  /** Tries the oldest first, then as many of the next as other workers were faster at. Answers how many were won. */
  private async take(live: readonly string[], limit: number, lease: Lease, now: Date): Promise<number> {
    let won = 0;
    for (let next = 0; next < live.length && won < limit;) {
      const some = live.slice(next, next + limit - won);
      next += some.length;
      won += await this.mark(some, lease, now);
    }
    return won;
  }

  /** Each document is marked only while it is due, and no longer is once it is marked: so it goes to exactly one worker. */
  private async mark(ids: readonly string[], lease: Lease, now: Date): Promise<number> {
    const update = { $set: lease, $inc: { attempts: 1 } };
    const { modifiedCount } = await this.mongo.run(({ outbox }) =>
      outbox.updateMany(stillDue(ids, now), update),
    );
    return modifiedCount;
  }

  /**
   * What has waited longer than a challenge takes to appear is looked at again later: the decoys of a flood would stand in front of every
   * mail until their grace is over.
   */
  private async defer(due: readonly DueMessage[], now: Date): Promise<void> {
    const late = due.filter(
      (message) =>
        fateOf(message, now) === 'waiting' && message.created_at <= addSeconds(now, -USUAL_WAIT_SECONDS),
    );
    if (late.length === 0) return;
    const graceEnds = Math.min(
      ...late.map(({ created_at }) => addSeconds(created_at, CHALLENGE_GRACE_SECONDS).getTime()),
    );
    const $set = { due_at: new Date(Math.min(graceEnds, addSeconds(now, LATE_WAIT_SECONDS).getTime())) };
    const ids = late.map(({ _id }) => _id);
    await this.mongo.run(({ outbox }) => outbox.updateMany(stillDue(ids, now), { $set }));
  }

  /** Also what is dead is removed only while it is due: a challenge that appeared at the last moment may have sent it on its way. */
  private async drop(ids: readonly string[], now: Date): Promise<void> {
    if (ids.length > 0) await this.mongo.run(({ outbox }) => outbox.deleteMany(stillDue(ids, now)));
  }

  private async findLeased({ lease_id }: Lease): Promise<readonly LeasedMessage[]> {
    const found = await this.mongo.run(({ outbox }) =>
      outbox.find({ lease_id }, { sort: { created_at: 1, _id: 1 } }).toArray(),
    );
    return found.map((document) => leasedFrom(document, lease_id));
  }

  override async list(state: MessageState | null, page: Keyset): Promise<readonly ListedMessage[]> {
    const query = { ...(state !== null && plain({ state })), ...behind(page) };
    const options = { projection: LISTED_FIELDS, sort: NEWEST_FIRST, limit: page.limit };
    const found = await this.mongo.run(({ outbox }) => outbox.find(query, options).toArray());
    return found.map(listedFrom);
  }

  override async counts(): Promise<MessageCounts> {
    const counted = MESSAGE_STATES.map(async (state) => {
      const messages = await this.mongo.run(({ outbox }) => outbox.countDocuments({ state }));
      return [state, messages] as const;
    });
    return Object.fromEntries(await Promise.all(counted)) as MessageCounts;
  }

  /** What is looked at before only says whether it would be dropped; the write has its own condition. */
  override async retry(id: string, now: Date): Promise<ListedMessage | 'expired' | null> {
    const before = await lookAtOne(this.mongo, id);
    if (!before || before.state === 'sent') return before && this.findListed(id);
    if (fateOf(before, now) === 'dead') return 'expired';
    const waits = { state: 'queued', lease_id: { $exists: false }, due_at: { $gt: now } } as const;
    const query = { ...plain({ _id: id }), $or: [{ state: 'dead' as const }, waits] };
    const $set = { state: 'queued', due_at: now } as const;
    await this.mongo.run(({ outbox }) => outbox.updateOne(query, { $set }));
    return this.findListed(id);
  }

  private async findListed(id: string): Promise<ListedMessage | null> {
    const query = plain({ _id: id });
    const found = await this.mongo.run(({ outbox }) => outbox.findOne(query, { projection: LISTED_FIELDS }));
    return found && listedFrom(found);
  }
}

function stillDue(ids: readonly string[], now: Date) {
  return { _id: { $in: [...ids] }, state: 'queued' as const, due_at: { $lte: now } };
}

function idsOf(due: readonly DueMessage[], fate: ReturnType<typeof fateOf>, now: Date): string[] {
  return due.filter((message) => fateOf(message, now) === fate).map(({ _id }) => _id);
}
