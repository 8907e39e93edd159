import { addSeconds } from '../../kernel/clock';
import { DEAD_LETTERS_KEPT_SECONDS } from '../../ports/sweeper';
import type { Mongo } from './mongo';
import { withChallenge } from './mongoose.due-messages';

/** Dead letters of which nobody will have another one sent. */
export class MongooseDeadLetters {
  constructor(private readonly mongo: Mongo) {}

  /** Removes at most `limit` that were last tried too long ago, or whose challenge is not live any more; answers how many. */
  async purge(limit: number, now: Date): Promise<number> {
    const old = await this.drop(await this.findOld(limit, now));
    return old === limit ? old : old + (await this.drop(await this.findUseless(limit - old, now)));
  }

  private async findOld(limit: number, now: Date): Promise<string[]> {
    const query = { state: 'dead', due_at: { $lte: addSeconds(now, -DEAD_LETTERS_KEPT_SECONDS) } } as const;
    const found = await this.mongo.run(({ outbox }) =>
      outbox.find(query, { projection: { _id: 1 }, limit }).toArray(),
    );
    return found.map(({ _id }) => _id);
  }

  private async findUseless(limit: number, now: Date): Promise<string[]> {
    const live = { $elemMatch: { used_at: null, expires_at: { $gt: now } } };
    const pipeline = [
      { $match: { state: 'dead', challenge_id: { $ne: null } } },
      ...withChallenge(this.mongo),
      { $match: { challenge: { $not: live } } },
      { $limit: limit },
    ];
    const found = await this.mongo.run(({ outbox }) =>
      outbox.aggregate<{ readonly _id: string }>(pipeline).toArray(),
    );
    return found.map(({ _id }) => _id);
  }

  /** One that an admin has had sent again since is no dead letter any more. */
  private async drop(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const query = { _id: { $in: [...ids] }, state: 'dead' as const };
    return (await this.mongo.run(({ outbox }) => outbox.deleteMany(query))).deletedCount;
  }
}
