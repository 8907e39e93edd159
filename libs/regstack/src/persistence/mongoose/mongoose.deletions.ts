import type { mongo } from 'mongoose';
import { addSeconds } from '../../kernel/clock';
import type { EmailAddress } from '../../kernel/email-address';
import type { DeletingDocument, OutboxDocument, UserDocument } from './documents';
import type { Mongo } from './mongo';
import { challengesOf } from './mongoose.challenges';
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
    await this.removeRows(found, found.deleting);
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
  private async removeRows({ _id, phone_number }: UserDocument, deleting: DeletingDocument): Promise<void> {
    const { mongo } = this;
    const { addresses } = deleting;
    await mongo.run(({ sessions }) => sessions.deleteMany({ user_id: _id }));
    await mongo.run(({ trustedDevices }) => trustedDevices.deleteMany({ user_id: _id }));
    await this.removeChallenges(_id, deleting);
    for (const address of addresses) {
      await this.neighbours.pendingRegistrations.wipe(address as EmailAddress);
    }
    const recipients = phone_number === null ? [...addresses] : [...addresses, phone_number];
    await this.removeMessages({ recipient: { $in: recipients } }, deleting);
  }

  /** The messages that carry them first: they may be to anybody, and are found by their challenges only. */
  private async removeChallenges(userId: string, deleting: DeletingDocument): Promise<void> {
    const theirs = challengesOf(userId);
    const found = await this.mongo.run(({ challenges }) =>
      challenges.find(theirs, { projection: { challenge_id: 1 } }).toArray(),
    );
    const ids = found.map(({ challenge_id }) => challenge_id);
    if (ids.length > 0) await this.removeMessages({ challenge_id: { $in: ids } }, deleting);
    await this.mongo.run(({ challenges }) => challenges.deleteMany(theirs));
  }

  /** By state, which has an index. What was sent has no recipient any more. */
  private async removeMessages(
    which: mongo.Filter<OutboxDocument>,
    { notice_ids }: DeletingDocument,
  ): Promise<void> {
    const query = { ...which, state: { $in: ['queued', 'dead'] as const }, _id: { $nin: [...notice_ids] } };
    await this.mongo.run(({ outbox }) => outbox.deleteMany(query));
  }
}
