import {
  LISTED_SESSIONS,
  type ListedSession,
  type NewSession,
  type SessionRecord,
  SessionRepository,
} from '../../ports/session.repository';
import type { UserRecord } from '../../ports/user.repository';
import { COLLECTIONS } from './collections';
import type { SessionDocument, UserDocument } from './documents';
import type { Mongo } from './mongo';
import { NEWEST_FIRST } from './pages';
import { plain } from './plain';
import { listedFrom, sessionDocument, sessionFrom, USER_FIELDS, type UserFields, userFrom } from './records';

/** What the guard's read answers: a session and whoever has its user's id. */
interface Joined extends SessionDocument {
  readonly user: readonly (UserFields & Pick<UserDocument, 'deleting'>)[];
}

export class MongooseSessionRepository extends SessionRepository {
  private readonly join: readonly Record<string, unknown>[];

  constructor(private readonly mongo: Mongo) {
    super();
    const from = mongo.prefix + COLLECTIONS.users;
    const userFields = Object.keys(USER_FIELDS).map((field) => [`user.${field}`, 1] as const);
    this.join = [
      { $lookup: { from, localField: 'user_id', foreignField: '_id', as: 'user' } },
      {
        $project: {
          user_id: 1,
          auth_epoch: 1,
          device_id: 1,
          created_at: 1,
          authenticated_at: 1,
          last_seen_at: 1,
          expires_at: 1,
          'user.deleting': 1,
          ...Object.fromEntries(userFields),
        },
      },
    ];
  }

  /**
   * The session first, then the user (P6). Against a change of credentials that is followed by `closeAllFor`, one of two holds:
   *
   * - the note on the user comes after the change: it finds another epoch, and the session is taken back before anybody is
   *   answered;
   * - it comes before the change: then the session was stored before the change, so before the closing began, which finds it.
   *
   * With the note first, a session could be stored after the closing had passed. A crash between the two writes leaves a session
   * that nobody was told of: its id is in no token.
   */
  override async open(session: NewSession): Promise<UserRecord | null> {
    const document = sessionDocument(session);
    await this.mongo.run(({ sessions }) => sessions.insertOne(document));
    const query = { _id: document.user_id, auth_epoch: document.auth_epoch, is_active: true };
    const signedIn = await this.mongo.run(({ users }) =>
      users.findOneAndUpdate(
        query,
        { $set: { last_login: document.created_at } },
        { returnDocument: 'after', projection: USER_FIELDS },
      ),
    );
    if (signedIn) return userFrom(signedIn);
    await this.close(session.userId, session.id);
    return null;
  }

  override async authenticate(
    id: string,
    now: Date,
  ): Promise<{ session: SessionRecord; user: UserRecord } | null> {
    const query = { ...plain({ _id: id }), expires_at: { $gt: now } };
    const [found] = await this.mongo.run(({ sessions }) =>
      sessions.aggregate<Joined>([{ $match: query }, ...this.join]).toArray(),
    );
    const user = found?.user[0];
    if (!user || user.deleting) return null;
    return { session: sessionFrom(found), user: userFrom(user) };
  }

  override async renew(id: string, authenticatedAt: Date): Promise<boolean> {
    const query = plain({ _id: id });
    const $set = plain({ authenticated_at: authenticatedAt });
    const { matchedCount } = await this.mongo.run(({ sessions }) => sessions.updateOne(query, { $set }));
    return matchedCount === 1;
  }

  /** The one write that nobody waits for the disk for: a note that a power cut takes back is made again by the next request. */
  override async touch(id: string, before: Date, now: Date): Promise<void> {
    const query = {
      ...plain({ _id: id }),
      $or: [
        { last_seen_at: { $lte: before } },
        { last_seen_at: { $exists: false }, created_at: { $lte: before } },
      ],
    };
    const update = { $set: plain({ last_seen_at: now }) };
    await this.mongo.run(({ sessions }) => sessions.updateOne(query, update, { writeConcern: { w: 1 } }));
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly ListedSession[]> {
    const query = { ...plain({ user_id: userId, auth_epoch: authEpoch }), expires_at: { $gt: now } };
    const options = { sort: NEWEST_FIRST, limit: LISTED_SESSIONS };
    const found = await this.mongo.run(({ sessions }) => sessions.find(query, options).toArray());
    return found.map(listedFrom);
  }

  override async close(userId: string, id: string): Promise<boolean> {
    const query = plain({ _id: id, user_id: userId });
    const { deletedCount } = await this.mongo.run(({ sessions }) => sessions.deleteOne(query));
    return deletedCount === 1;
  }

  override async closeOthers(userId: string, exceptId: string): Promise<void> {
    const query = { ...plain({ user_id: userId }), _id: { $ne: plain({ exceptId }).exceptId } };
    await this.mongo.run(({ sessions }) => sessions.deleteMany(query));
  }

  override async closeAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = { ...plain({ user_id: userId }), auth_epoch: { $lt: beforeEpoch } };
    await this.mongo.run(({ sessions }) => sessions.deleteMany(query));
  }
}
