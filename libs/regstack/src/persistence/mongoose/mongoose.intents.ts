import type { IntentDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { queuedDocument } from './records';

/** Users whose messages one relay carries at most; the others have their turn at the next. */
const USERS_PER_RELAY = 50;

/** Carries the messages that a change of credentials left in the document of its user into the outbox (P2). */
export class MongooseIntents {
  constructor(private readonly mongo: Mongo) {}

  /** Carries what waits. Any number of relays may run at once. Where nothing waits it is one read of an index without entries. */
  async relay(): Promise<void> {
    const query = { 'intents._id': { $gt: '' } };
    const waiting = await this.mongo.run(({ users }) =>
      users.find(query, { projection: { intents: 1 }, limit: USERS_PER_RELAY }).toArray(),
    );
    for (const { _id, intents } of waiting) {
      for (const intent of intents) await this.carry(_id, intent);
    }
  }

  /**
   * Copy, then remove. After a crash between the two, or with another relay in between, the copy meets its own id in the outbox:
   * twice is once. That id stays there for a day after it was sent, which is longer than a relay can be held up between its read and
   * its write: each of its operations has a time-out.
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
