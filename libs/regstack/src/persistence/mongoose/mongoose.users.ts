import type { mongo } from 'mongoose';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type CredentialChanges,
  EmailTakenError,
  type LoginRecord,
  type NewUser,
  type UserRecord,
  UserRepository,
} from '../../ports/user.repository';
import type { UserDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { plain } from './plain';
import { intentDocument, USER_FIELDS, userDocument, type UserFields, userFrom } from './records';

/** Field of each credential that P1 may change. */
const CREDENTIAL_FIELDS = { passwordHash: 'password_hash', isActive: 'is_active' } as const;

export class MongooseUserRepository extends UserRepository {
  constructor(private readonly mongo: Mongo) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const document = userDocument(user);
    try {
      await this.mongo.run(({ users }) => users.insertOne(document));
    } catch (error) {
      throw error instanceof DuplicateKey ? new EmailTakenError() : error;
    }
    return userFrom(document);
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const query = plain({ _id: id });
    const found = await this.mongo.run(({ users }) =>
      users.findOne<UserFields>(query, { projection: USER_FIELDS }),
    );
    return found && userFrom(found);
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    const query = plain({ email });
    const projection = { ...USER_FIELDS, password_hash: 1 };
    const found = await this.mongo.run(({ users }) =>
      users.findOne<UserFields & Pick<UserDocument, 'password_hash'>>(query, { projection }),
    );
    return found && { ...userFrom(found), passwordHash: found.password_hash };
  }

  override async isTaken(email: EmailAddress): Promise<boolean> {
    const query = plain({ email });
    const found = await this.mongo.run(({ users }) => users.findOne(query, { projection: { _id: 1 } }));
    return found !== null;
  }

  /**
   * P1 and P2 in one write on one document: nothing can come between the change, the new epoch and the notice, which waits in the
   * user's own document. A crash right after it loses nothing: whoever leases messages next carries the notice into the outbox
   * first (`mongoose.intents.ts`).
   */
  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notice: OutboxMessage | null,
  ): Promise<UserRecord | null> {
    const query = plain({ _id: id, auth_epoch: expectedEpoch, is_active: true });
    const update: mongo.UpdateFilter<UserDocument> = {
      ...credentials(changes),
      $inc: { auth_epoch: 1 },
      ...(notice && { $push: { intents: intentDocument(notice) } }),
    };
    const changed = await this.mongo.run(({ users }) =>
      users.findOneAndUpdate(query, update, { returnDocument: 'after', projection: USER_FIELDS }),
    );
    return changed && userFrom(changed);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const query = plain({ _id: id, password_hash: oldHash });
    const $set = plain({ password_hash: newHash });
    const { matchedCount } = await this.mongo.run(({ users }) => users.updateOne(query, { $set }));
    return matchedCount === 1;
  }
}

function credentials(changes: CredentialChanges): mongo.UpdateFilter<UserDocument> {
  const entries = Object.entries(changes) as [keyof CredentialChanges, string | boolean][];
  if (entries.length === 0) return {};
  return {
    $set: plain(Object.fromEntries(entries.map(([name, value]) => [CREDENTIAL_FIELDS[name], value]))),
  };
}
