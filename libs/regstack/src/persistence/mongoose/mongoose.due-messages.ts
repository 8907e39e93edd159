import { addSeconds } from '../../kernel/clock';
import { type Channel, CHALLENGE_GRACE_SECONDS, SMS_PREFIX } from '../../ports/outbox.repository';
import { COLLECTIONS } from './collections';
import type { ChallengeDocument, OutboxDocument } from './documents';
import type { Mongo } from './mongo';
import { plain } from './plain';

/** Messages that one look sees at most. */
export const WINDOW = 100;

/** A message that is due, with its challenge if that is there. Neither recipient nor body. */
export interface DueMessage extends Pick<OutboxDocument, '_id' | 'due_at' | 'created_at' | 'challenge_id'> {
  readonly challenge: readonly Pick<ChallengeDocument, 'used_at' | 'expires_at'>[];
}

const SMS = new RegExp(`^${SMS_PREFIX}`);

/** The next messages of a channel that are due, oldest first, behind `last`. One indexed read, which also serves an idle worker. */
export function lookAtDue(
  mongo: Mongo,
  channel: Channel,
  now: Date,
  last: DueMessage | undefined,
): Promise<DueMessage[]> {
  const kind = channel === 'sms' ? SMS : { $not: SMS };
  // The lower bound is for the index, which an alternative gives none.
  const behind = last && {
    due_at: { $gte: last.due_at, $lte: now },
    $or: [{ due_at: { $gt: last.due_at } }, { due_at: last.due_at, _id: { $gt: last._id } }],
  };
  const pipeline = [
    { $match: { state: 'queued', due_at: { $lte: now }, kind, ...behind } },
    { $sort: { due_at: 1, _id: 1 } },
    { $limit: WINDOW },
    ...withChallenge(mongo),
  ];
  return mongo.run(({ outbox }) => outbox.aggregate<DueMessage>(pipeline).toArray());
}

/** A message, whatever its state, with its challenge if that is there; null where there is none. */
export async function lookAtOne(
  mongo: Mongo,
  id: string,
): Promise<(DueMessage & Pick<OutboxDocument, 'state'>) | null> {
  const pipeline = [{ $match: plain({ _id: id }) }, ...withChallenge(mongo)];
  const [found] = await mongo.run(({ outbox }) =>
    outbox.aggregate<DueMessage & Pick<OutboxDocument, 'state'>>(pipeline).toArray(),
  );
  return found ?? null;
}

/** The steps that join its challenge to a message, and leave out what nobody needs to judge it. */
export function withChallenge(mongo: Mongo) {
  const from = mongo.prefix + COLLECTIONS.challenges;
  return [
    { $lookup: { from, localField: 'challenge_id', foreignField: 'challenge_id', as: 'challenge' } },
    {
      $project: {
        state: 1,
        due_at: 1,
        created_at: 1,
        challenge_id: 1,
        'challenge.used_at': 1,
        'challenge.expires_at': 1,
      },
    },
  ];
}

/** What is to become of a message: sent, left alone until its challenge appears, or removed (P2). */
export function fateOf(
  { challenge_id, challenge: [challenge], created_at }: DueMessage,
  now: Date,
): 'live' | 'waiting' | 'dead' {
  if (challenge_id === null) return 'live';
  if (!challenge) return addSeconds(created_at, CHALLENGE_GRACE_SECONDS) > now ? 'waiting' : 'dead';
  return challenge.used_at === null && challenge.expires_at > now ? 'live' : 'dead';
}
