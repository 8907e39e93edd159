import { addSeconds } from '../../kernel/clock';
import type { EmailAddress } from '../../kernel/email-address';
import type { DeletingDocument } from './documents';
import type { Mongo } from './mongo';
import type { MongooseIntents } from './mongoose.intents';
import type { MongoosePendingRegistrationRepository } from './mongoose.pending-registrations';

/** A deletion that is this old is nobody's any more, seconds. Two at once would be harmless, and a waste. */
const RESUME_AFTER_SECONDS = 60;

/** Whose documents go as well. */
interface Neighbours {
  readonly intents: MongooseIntents;
  readonly pendingRegistrations: MongoosePendingRegistrationRepository;
}

/**
 * What follows on the first write of a deletion (P6). That write has taken the user away for everybody: no session opens, no change
 * meets it. The user's document goes last, and says until then what is left to do; every step can be done twice. So a crash after any
 * of them leaves a user whom nobody sees and whose address is still held, and the sweeper goes on.
 */
export class MongooseDeletions {
  constructor(
    private readonly mongo: Mongo,
    private readonly neighbours: Neighbours,
  ) {}

  /** Finishes a deletion. True for exactly one of those who do so at once. */
  async finish(userId: string): Promise<boolean> {
    const found = await this.mongo.run(({ users }) => users.findOne({ _id: userId }));
    if (!found?.deleting) return false;
    // All of them: some may be to an address that was held once. Those to one that is held go with the others below.
    await this.neighbours.intents.carryAll(found);
    await this.removeRows(userId, found.deleting);
    const query = { _id: userId, deleting: { $exists: true } };
    const { deletedCount } = await this.mongo.run(({ users }) => users.deleteOne(query));
    return deletedCount === 1;
  }

  /**
   * Finishes what crashes left undone, at most `limit`; answers how many. One that fails holds up none behind it.
   * @param onFailure told of each that fails
   */
  async resume(limit: number, now: Date, onFailure: (error: unknown) => void): Promise<number> {
    const query = { 'deleting.at': { $lte: addSeconds(now, -RESUME_AFTER_SECONDS) } };
    const left = await this.mongo.run(({ users }) =>
      users.find(query, { projection: { _id: 1 }, limit }).toArray(),
    );
    let finished = 0;
    for (const { _id } of left) {
      try {
        if (await this.finish(_id)) finished += 1;
      } catch (error) {
        onFailure(error);
      }
    }
    return finished;
  }

  /** Attempts go before the user: on an address that is free one that is left over would bring the account back. */
  private async removeRows(user_id: string, { addresses, notice_ids }: DeletingDocument): Promise<void> {
    const { mongo } = this;
    await mongo.run(({ sessions }) => sessions.deleteMany({ user_id }));
    await mongo.run(({ challenges }) => challenges.deleteMany({ subject_id: user_id }));
    for (const address of addresses) {
      await this.neighbours.pendingRegistrations.wipe(address as EmailAddress);
    }
    // By state, which has an index. What was sent has no recipient any more.
    const state = { $in: ['queued', 'dead'] as const };
    const messages = { state, recipient: { $in: [...addresses] }, _id: { $nin: [...notice_ids] } };
    await mongo.run(({ outbox }) => outbox.deleteMany(messages));
  }
}
