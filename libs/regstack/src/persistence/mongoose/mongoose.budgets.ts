import { addSeconds } from '../../kernel/clock';
import { unavailable } from '../../kernel/errors';
import { BudgetRepository, BURST_SECONDS, type Reservation } from '../../ports/budget.repository';
import { SWEEP_AFTER_SECONDS } from '../../ports/sweeper';
import type { BudgetDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { plain } from './plain';

/** More rounds than a document can change between two commands. */
const ROUNDS = 16;

/** Field `refusal`: nobody was refused in this window; somebody was, and was granted since; the last call was refused. */
const NONE = 0;
const EARLIER = 1;
const LAST = 2;

/** A condition or a value of an aggregation expression. */
type Expression = unknown;

export class MongooseBudgetRepository extends BudgetRepository {
  constructor(private readonly mongo: Mongo) {
    super();
  }

  /**
   * Counting, deciding and noting a refusal are one update of one document (P4). No upsert: of parallel ones some are counted and
   * answer nothing. So a key that is not there is inserted, and who comes second starts over.
   */
  override async reserve(key: string, limit: number, windowSeconds: number, now: Date): Promise<Reservation> {
    const id = plain({ _id: key });
    const fresh = { ...id, ...windowFrom(now, windowSeconds) };
    for (let round = 0; round < ROUNDS; round++) {
      const noted = (await this.take(fresh, limit, now)) ?? (await this.findFull(key, now));
      if (noted) return reservation(noted, limit);
      if (await this.insert(fresh)) return reservation(fresh, limit);
      // Somebody else inserted it, or it was released since it was read: there is a document to count on again.
    }
    throw unavailable(new Error('the budget changes faster than it can be read'));
  }

  override async isSpent(key: string, limit: number, now: Date): Promise<boolean> {
    const query = { ...plain({ _id: key }), ends_at: { $gt: now }, used: { $gte: plain({ limit }).limit } };
    const found = await this.mongo.run(({ budgets }) => budgets.findOne(query, { projection: { _id: 1 } }));
    return found !== null;
  }

  override async refund(key: string, openedAt: Date): Promise<void> {
    const query = { ...plain({ _id: key, opened_at: openedAt }), used: { $gt: 0 } };
    await this.mongo.run(({ budgets }) => budgets.updateOne(query, { $inc: { used: -1 } }));
  }

  override async release(key: string, now: Date): Promise<void> {
    const [unrefused, refused] = [ending(now), ending(addSeconds(now, BURST_SECONDS))];
    const query = {
      ...plain({ _id: key }),
      $or: [
        { refusal: NONE, ends_at: { $gt: unrefused.ends_at } },
        { refusal: { $ne: NONE }, ends_at: { $gt: refused.ends_at } },
      ],
    };
    const isUnrefused = { $eq: ['$refusal', NONE] };
    const $set = {
      ends_at: either(isUnrefused, unrefused.ends_at, refused.ends_at),
      expires_at: either(isUnrefused, unrefused.expires_at, refused.expires_at),
    };
    await this.mongo.run(({ budgets }) => budgets.updateOne(query, [{ $set }]));
  }

  override async forget(key: string): Promise<void> {
    const query = plain({ _id: key });
    await this.mongo.run(({ budgets }) => budgets.deleteOne(query));
  }

  /** The document after the call was noted; null where there is none, or where its refusal stands noted already. */
  private take(fresh: BudgetDocument, limit: number, now: Date): Promise<BudgetDocument | null> {
    const { _id } = fresh;
    const query = {
      _id,
      $or: [{ ends_at: { $lte: now } }, { used: { $lt: limit } }, { refusal: { $ne: LAST } }],
    };
    // Every expression sees the document as it was before.
    const isOver = { $lte: ['$ends_at', now] };
    const hasRoom = { $lt: ['$used', limit] };
    const $set = {
      used: either(isOver, 1, either(hasRoom, { $add: ['$used', 1] }, '$used')),
      refusal: either(isOver, NONE, either(hasRoom, { $min: ['$refusal', EARLIER] }, LAST)),
      opened_at: either(isOver, fresh.opened_at, '$opened_at'),
      ends_at: either(isOver, fresh.ends_at, '$ends_at'),
      expires_at: either(isOver, fresh.expires_at, '$expires_at'),
    };
    return this.mongo.run(({ budgets }) =>
      budgets.findOneAndUpdate(query, [{ $set }], { returnDocument: 'after' }),
    );
  }

  private findFull(key: string, now: Date): Promise<BudgetDocument | null> {
    const query = { _id: key, refusal: LAST, ends_at: { $gt: now } };
    return this.mongo.run(({ budgets }) => budgets.findOne(query));
  }

  private async insert(fresh: BudgetDocument): Promise<boolean> {
    try {
      await this.mongo.run(({ budgets }) => budgets.insertOne(fresh));
      return true;
    } catch (error) {
      if (error instanceof DuplicateKey) return false;
      throw error;
    }
  }
}

/** A window with its first count. */
function windowFrom(now: Date, windowSeconds: number): Omit<BudgetDocument, '_id'> {
  return { used: 1, refusal: NONE, opened_at: now, ...ending(addSeconds(now, windowSeconds)) };
}

/** The end of a window and of its document, which outlives it: the clocks of several processes and of the server differ. */
function ending(ends_at: Date): Pick<BudgetDocument, 'ends_at' | 'expires_at'> {
  return { ends_at, expires_at: addSeconds(ends_at, SWEEP_AFTER_SECONDS) };
}

function either(condition: Expression, yes: Expression, no: Expression): Expression {
  return { $cond: [condition, yes, no] };
}

function reservation({ used, refusal, opened_at, ends_at }: BudgetDocument, limit: number): Reservation {
  if (refusal === LAST) return { granted: false, until: ends_at };
  return { granted: true, openedAt: opened_at, remaining: limit - used };
}
