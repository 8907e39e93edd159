import type { EmailAddress } from '../../kernel/email-address';
import type { NewChallenge } from '../../ports/challenge.repository';
import type { Keyset } from '../../ports/keyset';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type ListedAttempt,
  type LiveAttempt,
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import type { NewUser, UserRecord } from '../../ports/user.repository';
import { isFree } from './held-addresses';
import { insert, insertChallenge, insertMessage, insertUser } from './inserts';
import { attributesFrom, date, nullableText, text, userFrom } from './rows';
import { type Row, type Sql, type Statement, UniqueViolation } from './sql';
import type { Tables } from './tables';

export class TypeOrmPendingRegistrationRepository extends PendingRegistrationRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async add(attempt: PendingRegistration, link: NewChallenge, mail: OutboxMessage): Promise<void> {
    const row = {
      id: attempt.id,
      user_id: attempt.userId,
      email: attempt.email,
      password_hash: attempt.passwordHash,
      full_name: attempt.fullName,
      attributes: JSON.stringify(attempt.attributes),
      created_at: attempt.createdAt,
      expires_at: attempt.expiresAt,
    };
    await this.sql.transaction([
      insertMessage(this.tables, mail),
      insert(this.tables.pending, row),
      insertChallenge(this.tables, link),
    ]);
  }

  override async activate(id: string, now: Date): Promise<UserRecord | null> {
    const { pending } = this.tables;
    const attempt = await this.sql.first(
      `SELECT user_id, email, password_hash, full_name, attributes FROM ${pending} WHERE id = ? AND expires_at > ?`,
      [id, now],
    );
    if (!attempt) return null;
    // Read and dropped since: whoever has had the address in the meantime has deleted their account. After the insert, as in every
    // transaction that is about an address.
    const isThere = `SELECT id FROM ${pending} WHERE id = ? ${this.sql.dialect.locked}`;
    return this.store(userOf(attempt, now), [{ text: isThere, params: [id], mustTouch: true }]);
  }

  override settle(user: NewUser): Promise<UserRecord | null> {
    return this.store(user, []);
  }

  private async store(user: NewUser, conditions: readonly Statement[]): Promise<UserRecord | null> {
    try {
      const statements = [...insertUser(this.tables, user), ...conditions, ...this.drop(user.email)];
      const done = await this.sql.transaction(statements);
      return done && userFrom(done[0]![0]!);
    } catch (error) {
      if (error instanceof UniqueViolation) return null;
      throw error;
    }
  }

  override async findLive(email: EmailAddress, limit: number, now: Date): Promise<readonly LiveAttempt[]> {
    const query = `SELECT id, expires_at FROM ${this.tables.pending} WHERE email = ? AND expires_at > ? ORDER BY created_at, id LIMIT ?`;
    const rows = await this.sql.rows(query, [email, now, limit]);
    return rows.map((row) => ({ id: text(row['id']), expiresAt: date(row['expires_at']) }));
  }

  override async list({ before, limit }: Keyset, now: Date): Promise<readonly ListedAttempt[]> {
    const { pending } = this.tables;
    const older = before === null ? '' : 'AND p.id < ?';
    const query = `SELECT p.id, p.email, p.full_name, p.created_at, p.expires_at FROM ${pending} p
      WHERE p.expires_at > ? AND ${isFree(this.tables, 'p.email')} ${older} ORDER BY p.id DESC LIMIT ?`;
    const rows = await this.sql.rows(query, [now, now, ...(before === null ? [] : [before]), limit]);
    return rows.map(listedFrom);
  }

  override async dropAllFor(email: EmailAddress): Promise<void> {
    await this.sql.transaction(this.drop(email));
  }

  private drop(email: EmailAddress): readonly Statement[] {
    const { pending, challenges } = this.tables;
    const attempts = `SELECT id FROM ${pending} WHERE email = ?`;
    return [
      {
        text: `DELETE FROM ${challenges} WHERE subject_id = ? OR subject_id IN (${attempts})`,
        params: [email, email],
      },
      { text: `DELETE FROM ${pending} WHERE email = ?`, params: [email] },
    ];
  }
}

function listedFrom(row: Row): ListedAttempt {
  return {
    id: text(row['id']),
    email: text(row['email']) as EmailAddress,
    fullName: nullableText(row['full_name']),
    createdAt: date(row['created_at']),
    expiresAt: date(row['expires_at']),
  };
}

function userOf(attempt: Row, now: Date): NewUser {
  return {
    id: text(attempt['user_id']),
    email: text(attempt['email']) as EmailAddress,
    passwordHash: text(attempt['password_hash']),
    fullName: nullableText(attempt['full_name']),
    isVerified: true,
    isSuperuser: false,
    attributes: attributesFrom(attempt),
    createdAt: now,
  };
}
