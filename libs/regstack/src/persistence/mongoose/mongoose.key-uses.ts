import type { mongo } from 'mongoose';
import {
  keyIdOf,
  type KeyUse,
  KeyUseRepository,
  type SealedPurpose,
  type SealedText,
  type StoredPurpose,
} from '../../ports/key-use.repository';
import type { Keyset } from '../../ports/keyset';
import type { Mongo } from './mongo';
import type { MongooseIntents } from './mongoose.intents';
import { behind, NEWEST_FIRST } from './pages';
import { plain } from './plain';

/** Keys with the number of those who need them, as an aggregation answers it. */
interface Group {
  readonly _id: string | null;
  readonly rows: number;
}

const WAITING = { state: { $in: ['queued' as const, 'dead' as const] } };

export class MongooseKeyUseRepository extends KeyUseRepository {
  constructor(
    private readonly mongo: Mongo,
    private readonly intents: MongooseIntents,
  ) {
    super();
  }

  override async count(purpose: StoredPurpose): Promise<readonly KeyUse[]> {
    const rows = new Map<string | null, number>();
    for (const group of await this.groups(purpose))
      rows.set(group._id, (rows.get(group._id) ?? 0) + group.rows);
    return Array.from(rows, ([keyId, count]) => ({ keyId, rows: count }));
  }

  override async findSealed(
    purpose: SealedPurpose,
    keyId: string,
    page: Keyset,
  ): Promise<readonly SealedText[]> {
    return purpose === 'totp' ? this.secretsUnder(keyId, page) : this.messagesUnder(keyId, page);
  }

  override async reseal(purpose: SealedPurpose, id: string, from: string, to: string): Promise<boolean> {
    const { matchedCount } = await this.mongo.run<mongo.UpdateResult>(({ users, outbox }) =>
      purpose === 'totp'
        ? users.updateOne(plain({ _id: id, 'totp.secret': from }), { $set: secretUnder(to) })
        : outbox.updateOne(plain({ _id: id, sealed_body: from }), { $set: plain({ sealed_body: to }) }),
    );
    return matchedCount === 1;
  }

  /** Messages wait in the outbox, and in the documents of users whose change they announce (P2). */
  private async groups(purpose: StoredPurpose): Promise<readonly Group[]> {
    if (purpose === 'totp') return this.ofUsers(secrets, '$totp.key_id');
    if (purpose === 'recovery-code') return this.ofUsers(sets, { $ifNull: ['$recovery.key_id', null] });
    const pipeline = [{ $match: WAITING }, grouped(keyIdIn('$sealed_body'))];
    const queued = await this.mongo.run(({ outbox }) => outbox.aggregate<Group>(pipeline).toArray());
    return [...queued, ...(await this.ofUsers(announcements, keyIdIn('$intents.sealed_body')))];
  }

  private ofUsers(steps: readonly mongo.Document[], keyId: unknown): Promise<readonly Group[]> {
    const pipeline = [...steps, grouped(keyId)];
    return this.mongo.run(({ users }) => users.aggregate<Group>(pipeline).toArray());
  }

  private async secretsUnder(keyId: string, page: Keyset): Promise<readonly SealedText[]> {
    const query = { ...plain({ 'totp.key_id': keyId }), ...behind(page) };
    const options = { projection: { 'totp.secret': 1 }, sort: NEWEST_FIRST, limit: page.limit };
    const found = await this.mongo.run(({ users }) => users.find(query, options).toArray());
    return found.map(({ _id: id, totp }) => ({ id, text: totp!.secret }));
  }

  /** What waits in the document of a user is in the outbox first. */
  private async messagesUnder(keyId: string, page: Keyset): Promise<readonly SealedText[]> {
    const { key } = plain({ key: keyId });
    if (page.before === null) await this.intents.relayAll();
    // Behind the dot, which ends the id of a key, comes the slash in the order of characters.
    const query = { ...WAITING, sealed_body: { $gte: `${key}.`, $lt: `${key}/` }, ...behind(page) };
    const options = { projection: { sealed_body: 1 }, sort: NEWEST_FIRST, limit: page.limit };
    const found = await this.mongo.run(({ outbox }) => outbox.find(query, options).toArray());
    return found.map(({ _id: id, sealed_body: text }) => ({ id, text }));
  }
}

/** Those of a user that an index has. */
const secrets = [{ $match: { 'totp.key_id': { $gt: '' } } }];
const sets = [{ $match: { 'recovery.epoch': { $gte: 0 }, 'recovery.codes': { $ne: [] } } }];
const announcements = [{ $match: { 'intents._id': { $gt: '' } } }, { $unwind: '$intents' }];

const grouped = (keyId: unknown): mongo.Document => ({ $group: { _id: keyId, rows: { $sum: 1 } } });

const keyIdIn = (field: string): mongo.Document => ({ $arrayElemAt: [{ $split: [field, '.'] }, 0] });

function secretUnder(text: string) {
  const { secret } = plain({ secret: text });
  return { 'totp.secret': secret, 'totp.key_id': keyIdOf(secret) };
}
