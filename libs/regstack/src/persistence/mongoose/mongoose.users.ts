import type { mongo } from 'mongoose';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type CredentialChanges,
  type CredentialRecord,
  type EmailChange,
  EmailTakenError,
  type EmailUndo,
  type LoginRecord,
  type NewUser,
  type UserRecord,
  UserRepository,
} from '../../ports/user.repository';
import { PRESENT } from './account.steps';
import { CREDENTIAL_FIELDS, type CredentialFields, credentialsFrom } from './credentials';
import type { SessionDocument, UserDocument } from './documents';
import { literal, literals } from './expressions';
import { FACTORS_BEFORE_UNDO, factorsOf, proved, type Sets } from './factors';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { plain } from './plain';
import {
  intentDocument,
  undoDocument,
  USER_FIELDS,
  userDocument,
  type UserFields,
  userFrom,
} from './records';

export class MongooseUserRepository extends UserRepository {
  constructor(private readonly mongo: Mongo) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const document = userDocument(user);
    const created = await this.unlessTaken(user.email, user.createdAt, () => this.insert(document));
    if (!created && !(await this.moveIn(document))) throw new EmailTakenError();
    return userFrom(document);
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const query = { ...plain({ _id: id }), ...PRESENT };
    const found = await this.mongo.run(({ users }) =>
      users.findOne<UserFields>(query, { projection: USER_FIELDS }),
    );
    return found && userFrom(found);
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    const query = { ...plain({ email }), ...PRESENT };
    const projection = { ...USER_FIELDS, password_hash: 1 };
    const found = await this.mongo.run(({ users }) =>
      users.findOne<UserFields & Pick<UserDocument, 'password_hash'>>(query, { projection }),
    );
    return found && { ...userFrom(found), passwordHash: found.password_hash };
  }

  override async findCredentials(id: string): Promise<CredentialRecord | null> {
    return this.findOne(plain({ _id: id }));
  }

  override async findByUndo(tokenHash: string, now: Date): Promise<CredentialRecord | null> {
    return this.findOne({ ...plain({ 'undo.token_hash': tokenHash }), 'undo.expires_at': { $gt: now } });
  }

  override async isTaken(email: EmailAddress, now: Date): Promise<boolean> {
    const query = {
      $or: [
        plain({ email }),
        { ...plain({ claims: email, 'undo.email': email }), 'undo.expires_at': { $gt: now } },
        // What a deletion has not let go of yet.
        { ...plain({ claims: email }), 'deleting.at': { $exists: true } },
      ],
    };
    const found = await this.mongo.run(({ users }) => users.findOne(query, { projection: { _id: 1 } }));
    return found !== null;
  }

  /**
   * P1 and P2 in one write on one document: nothing can come between the change, the new epoch and the notices, which wait in the
   * user's own document. A crash right after it loses nothing: whoever leases messages next carries them into the outbox first
   * (`mongoose.intents.ts`).
   *
   * The session that goes on follows: of the new epoch it must not be before the user is, or it would outlive a change that loses.
   */
  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
    keptSessionId?: string,
  ): Promise<UserRecord | null> {
    const epoch = plain({ auth_epoch: expectedEpoch });
    const kept = keptSessionId === undefined ? null : plain({ _id: keptSessionId, user_id: id, ...epoch });
    const changed = await this.change(
      activeOf(id, expectedEpoch),
      credentialsOf(changes, expectedEpoch + 1),
      notices,
    );
    if (changed && kept) await this.keep(kept, changed);
    return changed;
  }

  /** A superuser more needs no turn among those who take one away (`mongoose.admins.ts`), so all of it is one write. */
  override appoint(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const query = { ...plain({ _id: id, auth_epoch: expectedEpoch }), ...PRESENT };
    const over = { claims: ['$email'], undo: '$$REMOVE' };
    const set = { ...credentialsOf(changes, expectedEpoch + 1), ...over, is_superuser: true };
    return this.change(query, set, notices);
  }

  /** Address, claims, epoch and undo in one write on one document (P9). */
  override async changeEmail(
    id: string,
    expectedEpoch: number,
    { email, undo }: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const claims = [...new Set([email, undo.email])].map(literal);
    const set = { ...literals({ email, is_verified: true }), claims, undo: literals(undoDocument(undo)) };
    return this.unlessTaken(email, now, () => this.change(activeOf(id, expectedEpoch), set, notices));
  }

  override async undoEmailChange(
    id: string,
    { email, tokenHash }: EmailUndo,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const query = {
      ...plain({ _id: id, 'undo.token_hash': tokenHash }),
      'undo.expires_at': { $gt: now },
      is_active: true,
    };
    const restored = literals({ email, password_hash: null, is_verified: true });
    const set = { ...FACTORS_BEFORE_UNDO, ...restored, claims: [literal(email)], undo: '$$REMOVE' };
    return this.unlessTaken(email, now, () => this.change(query, set, notices));
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const query = { ...plain({ _id: id, password_hash: oldHash }), ...PRESENT };
    const $set = plain({ password_hash: newHash });
    const { matchedCount } = await this.mongo.run(({ users }) => users.updateOne(query, { $set }));
    return matchedCount === 1;
  }

  override async useTotpStep(id: string, authEpoch: number, step: number): Promise<boolean> {
    const query = { ...activeOf(id, authEpoch), 'totp.last_step': { $lt: plain({ step }).step } };
    const $set = { 'totp.last_step': step };
    const { matchedCount } = await this.mongo.run(({ users }) => users.updateOne(query, { $set }));
    return matchedCount === 1;
  }

  override async useRecoveryCode(id: string, authEpoch: number, codeHash: string): Promise<number | null> {
    const code = plain({ 'recovery.codes': codeHash });
    const used = await this.mongo.run(({ users }) =>
      users.findOneAndUpdate(
        { ...activeOf(id, authEpoch), ...code },
        { $pull: code },
        { returnDocument: 'after', projection: { 'recovery.codes': 1 } },
      ),
    );
    return used && (used.recovery?.codes.length ?? 0);
  }

  /** The index has an entry for those users only who have the factor, and the server steps from one id to the next. */
  override async totpKeyIds(): Promise<readonly string[]> {
    const pipeline = [{ $match: { 'totp.key_id': { $gt: '' } } }, { $group: { _id: '$totp.key_id' } }];
    const found = await this.mongo.run(({ users }) => users.aggregate<{ _id: string }>(pipeline).toArray());
    return found.map(({ _id }) => _id);
  }

  private insert(document: UserDocument): Promise<unknown> {
    return this.mongo.run(({ users }) => users.insertOne(document));
  }

  /**
   * Stores a user whose insert was refused although nobody stands in its way; false when somebody does. SecantusDB 0.5.3 keeps the
   * entry that an insert made in a unique index when an update takes the value away, and refuses each later insert of it, while an
   * update is judged by what is there. So the user comes without an address first, as one that nobody can be, and moves in by an
   * update. A crash in between leaves that: an id in use, which ends the proof that it came from.
   */
  private async moveIn(document: UserDocument): Promise<boolean> {
    const { _id, email, claims } = document;
    const inTheWay = { $or: [plain({ _id }), plain({ email }), plain({ claims: email })] };
    if (await this.mongo.run(({ users }) => users.findOne(inTheWay, { projection: { _id: 1 } })))
      return false;
    const nowhere = `${_id} has no address yet`;
    const absent = { ...document, email: nowhere, claims: [nowhere], is_active: false };
    if ((await orTaken(() => this.insert(absent))) === TAKEN) return false;
    const query = plain({ _id, email: nowhere });
    const $set = { email, claims, is_active: true };
    const moved = await orTaken(() => this.mongo.run(({ users }) => users.updateOne(query, { $set })));
    if (moved !== TAKEN) return true;
    await this.mongo.run(({ users }) => users.deleteOne(query));
    return false;
  }

  private async findOne(query: mongo.Filter<UserDocument>): Promise<CredentialRecord | null> {
    const found = await this.mongo.run(({ users }) =>
      users.findOne<CredentialFields>({ ...query, ...PRESENT }, { projection: CREDENTIAL_FIELDS }),
    );
    return found && credentialsFrom(found);
  }

  /** Every change of credentials: with a new epoch, and with its notices. */
  private async change(
    query: mongo.Filter<UserDocument>,
    set: Sets,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const intents = notices.map((notice) => literals(intentDocument(notice)));
    const $set = {
      ...set,
      auth_epoch: { $add: ['$auth_epoch', 1] },
      intents: { $concatArrays: ['$intents', intents] },
    };
    const changed = await this.mongo.run(({ users }) =>
      users.findOneAndUpdate(query, [{ $set }], {
        returnDocument: 'after',
        projection: USER_FIELDS,
      }),
    );
    return changed && userFrom(changed);
  }

  /** The change stands: a session that misses it ends, as after a crash, and that is no failure of the change. */
  private async keep(session: mongo.Filter<SessionDocument>, { authEpoch }: UserRecord): Promise<void> {
    const $set = { auth_epoch: authEpoch };
    await this.mongo.run(({ sessions }) => sessions.updateOne(session, { $set })).catch(() => {});
  }

  /**
   * The write, or null when somebody else holds the address. One who held it for an undo that is over by now lets go of it first;
   * of those who find it free then, the unique index lets one in.
   */
  private async unlessTaken<T>(email: string, now: Date, write: () => Promise<T>): Promise<T | null> {
    const first = await orTaken(write);
    if (first !== TAKEN) return first;
    const query = {
      ...plain({ claims: email, 'undo.email': email }),
      email: { $ne: email },
      'undo.expires_at': { $lte: now },
      // A deletion goes by the addresses that it noted: until it is finished nobody else has one of them.
      ...PRESENT,
    };
    const update = { $pull: { claims: email }, $unset: { undo: '' } } as const;
    const { modifiedCount } = await this.mongo.run(({ users }) => users.updateOne(query, update));
    const second = modifiedCount === 0 ? TAKEN : await orTaken(write);
    return second === TAKEN ? null : second;
  }
}

/** A user who can use and change what they sign in with. One who is being deleted is not active. */
function activeOf(id: string, authEpoch: number) {
  return { ...plain({ _id: id, auth_epoch: authEpoch }), is_active: true };
}

/** What a change of credentials sets. A factor that is set is one of `epoch`, the new one. */
function credentialsOf(changes: CredentialChanges, epoch: number): Sets {
  const { passwordHash, isVerified } = changes;
  const set = {
    ...(passwordHash !== undefined && literals({ password_hash: passwordHash })),
    ...factorsOf(changes, epoch),
  };
  return isVerified ? proved(set) : set;
}

const TAKEN = Symbol('taken');

async function orTaken<T>(write: () => Promise<T>): Promise<T | typeof TAKEN> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof DuplicateKey) return TAKEN;
    throw error;
  }
}
