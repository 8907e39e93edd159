import type { IntentDocument, UserDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { queuedDocument } from './records';

/** Messages that one relay carries at most; the others have their turn at the next. */
const INTENTS_PER_RELAY = 20;

/** Carries the messages that a change of credentials left in the document of its user into the outbox (P2). */
export class MongooseIntents {
  constructor(private readonly mongo: Mongo) {}

  /**
   * Carries what waits. Any number of relays may run at once. Where nothing waits it is one read of an index without entries.
   * Answers how many were carried.
   */
  async relay(): Promise<number> {
    const query = { 'intents._id': { $gt: '' } };
    const waiting = await this.mongo.run(({ users }) =>
      users.find(query, { projection: { intents: 1 }, limit: INTENTS_PER_RELAY }).toArray(),
    );
    const all = waiting.flatMap(({ _id, intents }) => intents.map((intent) => ({ _id, intent })));
    const some = all.slice(0, INTENTS_PER_RELAY);
    for (const { _id, intent } of some) await this.carry(_id, intent);
    return some.length;
  }

  /** The same, until nothing waits any more. */
  async relayAll(): Promise<void> {
    while ((await this.relay()) > 0);
  }

  /** Carries all that waits in the document of one user, who is about to go. */
  async carryAll({ _id, intents }: Pick<UserDocument, '_id' | 'intents'>): Promise<void> {
    for (const intent of intents) await this.carry(_id, intent);
  }

  /**
   * Copy, then remove. After a crash between the two, or with another relay in between, the copy meets its own id in the outbox:
   * twice is once. That id stays there for a day after it was sent. Assumed is that no relay stands still for longer between its read
   * and its write: each of its operations has a time-out, and a process that is stopped for a day is not expected to go on.
   */
  private async carry(userId: string, intent: IntentDocument): Promise<void> {
    await this.copy(intent);
    const $pull = { intents: { _id: intent._id } };
    await this.mongo.run(({ users }) => users.updateOne({ _id: userId }, { $pull }));
  }

  private async copy(intent: IntentDocument): Promise<void> {
    try {
      await this.mongo.run(({ outbox }) => outbox.insertOne(queuedDocument(intent)));
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
  }
}
