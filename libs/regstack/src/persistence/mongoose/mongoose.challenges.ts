import type { mongo } from 'mongoose';
import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { OutboxMessage, OutboxRepository } from '../../ports/outbox.repository';
import type { ChallengeDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { plain } from './plain';
import { challengeDocument, challengeFrom, challengeKey } from './records';

/** More rounds than a document can vanish between two writes; an id or token hash that is in use elsewhere needs them all. */
const ROUNDS = 8;

export class MongooseChallengeRepository extends ChallengeRepository {
  constructor(
    private readonly mongo: Mongo,
    private readonly outbox: Pick<OutboxRepository, 'enqueue'>,
  ) {
    super();
  }

  override async issue(challenge: NewChallenge, message: OutboxMessage | null): Promise<void> {
    // A crash after this leaves a message without a challenge: it waits for its grace and is dropped, never sent.
    if (message) await this.outbox.enqueue(message);
    await this.store(challengeDocument(challenge));
  }

  /**
   * Kind and subject are the document's `_id`, so there is never a second one; whoever writes last has the challenge that lives. One
   * write, whether there is one to replace or none. Of parallel ones that find none some are refused, and find it then.
   */
  async store(document: ChallengeDocument): Promise<void> {
    for (let round = 0; ; round++) {
      try {
        return await this.put(document);
      } catch (error) {
        if (!(error instanceof DuplicateKey) || round === ROUNDS) throw error;
        if (await this.isDeadBeside(document)) return;
      }
    }
  }

  override async findLive(
    kinds: readonly ChallengeKind[],
    tokenHash: string,
    now: Date,
  ): Promise<Challenge | null> {
    const query = { ...plain({ token_hash: tokenHash }), ...liveAt(now) };
    const found = await this.mongo.run(({ challenges }) => challenges.findOne(query));
    const challenge = found && challengeFrom(found);
    return challenge && kinds.includes(challenge.kind) ? challenge : null;
  }

  override async findLiveAbout(kind: ChallengeKind, subjectId: string, now: Date): Promise<Challenge | null> {
    const query = { ...challengeKey(kind, subjectId), ...liveAt(now) };
    const found = await this.mongo.run(({ challenges }) => challenges.findOne(query));
    return found && challengeFrom(found);
  }

  override async countGuess(id: string, limit: number, now: Date): Promise<boolean> {
    const query = {
      ...plain({ challenge_id: id }),
      ...liveAt(now),
      guesses: { $lt: plain({ limit }).limit },
    };
    return this.change(query, { $inc: { guesses: 1 } });
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    return this.change({ ...plain({ challenge_id: id }), ...liveAt(now) }, { $set: { used_at: now } });
  }

  override async dropAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = { ...challengesOf(userId), auth_epoch: { $lt: beforeEpoch } };
    await this.mongo.run(({ challenges }) => challenges.deleteMany(query));
  }

  /** Deciding and changing are one write: of parallel calls each meets what the ones before it left. */
  private async change(
    query: mongo.Filter<ChallengeDocument>,
    update: mongo.UpdateFilter<ChallengeDocument>,
  ): Promise<boolean> {
    const { matchedCount } = await this.mongo.run(({ challenges }) => challenges.updateOne(query, update));
    return matchedCount === 1;
  }

  private async put({ _id, ...document }: ChallengeDocument): Promise<void> {
    const query = { _id, $nor: [newerThan(document)] };
    await this.mongo.run(({ challenges }) => challenges.replaceOne(query, document, { upsert: true }));
  }

  /** What stands in the way is of a newer epoch, and so is what counts. */
  private async isDeadBeside(document: ChallengeDocument): Promise<boolean> {
    const query = { _id: document._id, ...newerThan(document) };
    const found = await this.mongo.run(({ challenges }) =>
      challenges.findOne(query, { projection: { _id: 1 } }),
    );
    return found !== null;
  }
}

/** Challenges about a user, and theirs. */
export function challengesOf(userId: string): mongo.Filter<ChallengeDocument> {
  const [subject, whose] = [plain({ subject_id: userId }), plain({ user_id: userId })];
  return { $or: [subject, whose] };
}

/** Neither used nor over. One that is over may still be there: the server looks once a minute. */
function liveAt(now: Date) {
  return { used_at: null, expires_at: { $gt: now } };
}

/** Of a newer epoch than this one. A comparison with null, which stands where there is no user yet, matches no number. */
function newerThan({ auth_epoch }: Pick<ChallengeDocument, 'auth_epoch'>) {
  return { auth_epoch: { $gt: auth_epoch } };
}
