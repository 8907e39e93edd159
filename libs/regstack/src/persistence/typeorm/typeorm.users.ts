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
import { claimEmail, insertMessage, keepEmail, insertUser } from './inserts';
import { date, nullableText, USER_COLUMNS, userFrom } from './rows';
import { type Row, type Sql, type Statement, UniqueViolation } from './sql';
import type { Tables } from './tables';

const RETURNED = USER_COLUMNS.join(', ');
const LOGIN = `${RETURNED}, password_hash`;
const CREDENTIALS = `${LOGIN}, undo_email, undo_token_hash, undo_expires_at`;

/** The first proof of the mailbox removes what was planted before it (P10). Every expression sees the row as it was. */
const PROVED = `phone_number = CASE WHEN is_verified THEN phone_number END,
  is_mfa_enabled = (is_verified AND is_mfa_enabled), is_verified = true`;

/** A change of a user under a condition, without the epoch, which every one of them raises. */
interface Change {
  readonly set: readonly string[];
  readonly where: string;
  readonly params: readonly unknown[];
}

export class TypeOrmUserRepository extends UserRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async create(user: NewUser): Promise<UserRecord> {
    const created = await this.unlessTaken(insertUser(this.tables, user));
    if (!created) throw new EmailTakenError();
    return created;
  }

  override async findById(id: string): Promise<UserRecord | null> {
    const row = await this.sql.first(`SELECT ${RETURNED} FROM ${this.tables.users} WHERE id = ?`, [id]);
    return row && userFrom(row);
  }

  override async findForLogin(email: EmailAddress): Promise<LoginRecord | null> {
    const row = await this.sql.first(`SELECT ${LOGIN} FROM ${this.tables.users} WHERE email = ?`, [email]);
    return row && loginFrom(row);
  }

  override async findCredentials(id: string): Promise<CredentialRecord | null> {
    const row = await this.sql.first(`SELECT ${CREDENTIALS} FROM ${this.tables.users} WHERE id = ?`, [id]);
    return row && credentialsFrom(row);
  }

  override async findByUndo(tokenHash: string, now: Date): Promise<CredentialRecord | null> {
    const query = `SELECT ${CREDENTIALS} FROM ${this.tables.users} WHERE undo_token_hash = ? AND undo_expires_at > ?`;
    const row = await this.sql.first(query, [tokenHash, now]);
    return row && credentialsFrom(row);
  }

  override async isTaken(email: EmailAddress, now: Date): Promise<boolean> {
    const { users, emailClaims } = this.tables;
    // A user whom an older version adds beside this one has no claim.
    const query = `SELECT email FROM ${emailClaims} WHERE email = ? AND (expires_at IS NULL OR expires_at > ?)
      UNION ALL SELECT email FROM ${users} WHERE email = ?`;
    return (await this.sql.first(query, [email, now, email])) !== null;
  }

  override async changeCredentials(
    id: string,
    expectedEpoch: number,
    { passwordHash, isVerified }: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const change = this.change({
      set: [
        ...(passwordHash === undefined ? [] : ['password_hash = ?']),
        ...(isVerified === undefined ? [] : [PROVED]),
      ],
      where: 'id = ? AND auth_epoch = ?',
      params: [...(passwordHash === undefined ? [] : [passwordHash]), id, expectedEpoch],
    });
    const done = await this.sql.transaction([change, ...this.queue(notices)]);
    return done && userFrom(done[0]![0]!);
  }

  override async changeEmail(
    id: string,
    expectedEpoch: number,
    { email, undo }: EmailChange,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const { emailClaims } = this.tables;
    const change = this.change({
      set: ['email = ?', 'undo_email = ?', 'undo_token_hash = ?', 'undo_expires_at = ?', PROVED],
      where: 'id = ? AND auth_epoch = ?',
      params: [email, undo.email, undo.tokenHash, undo.expiresAt, id, expectedEpoch],
    });
    const letGo = `DELETE FROM ${emailClaims} WHERE user_id = ? AND email NOT IN (?, ?)`;
    const statements = [
      change,
      { text: letGo, params: [id, email, undo.email] },
      ...(undo.email === email ? [] : [keepEmail(this.tables, undo, id)]),
      claimEmail(this.tables, email, id, now),
      ...this.queue(notices),
    ];
    return this.unlessTaken(statements);
  }

  override async undoEmailChange(
    id: string,
    { email, tokenHash }: EmailUndo,
    notices: readonly OutboxMessage[],
    now: Date,
  ): Promise<UserRecord | null> {
    const change = this.change({
      set: [
        'email = ?, password_hash = NULL, undo_email = NULL, undo_token_hash = NULL, undo_expires_at = NULL',
        PROVED,
      ],
      where: 'id = ? AND undo_token_hash = ? AND undo_expires_at > ?',
      params: [email, id, tokenHash, now],
    });
    const letGo = `DELETE FROM ${this.tables.emailClaims} WHERE user_id = ? AND email <> ?`;
    const statements = [
      change,
      { text: letGo, params: [id, email] },
      claimEmail(this.tables, email, id, now),
      ...this.queue(notices),
    ];
    return this.unlessTaken(statements);
  }

  override async replaceHash(id: string, oldHash: string, newHash: string): Promise<boolean> {
    const query = `UPDATE ${this.tables.users} SET password_hash = ? WHERE id = ? AND password_hash = ? RETURNING id`;
    return (await this.sql.first(query, [newHash, id, oldHash])) !== null;
  }

  private change({ set, where, params }: Change): Statement {
    const changes = [...set, 'auth_epoch = auth_epoch + 1'].join(', ');
    const text = `UPDATE ${this.tables.users} SET ${changes} WHERE ${where} AND is_active RETURNING ${RETURNED}`;
    return { text, params, mustTouch: true };
  }

  private queue(notices: readonly OutboxMessage[]): readonly Statement[] {
    return notices.map((notice) => insertMessage(this.tables, notice));
  }

  /** The user that the first statement answers; null when an address or an id is in use, or nothing was touched. */
  private async unlessTaken(statements: readonly Statement[]): Promise<UserRecord | null> {
    try {
      const done = await this.sql.transaction(statements);
      return done && userFrom(done[0]![0]!);
    } catch (error) {
      if (error instanceof UniqueViolation) return null;
      throw error;
    }
  }
}

function loginFrom(row: Row): LoginRecord {
  return { ...userFrom(row), passwordHash: nullableText(row['password_hash']) };
}

function credentialsFrom(row: Row): CredentialRecord {
  const email = nullableText(row['undo_email']) as EmailAddress | null;
  const emailUndo =
    email === null
      ? null
      : { email, tokenHash: row['undo_token_hash'] as string, expiresAt: date(row['undo_expires_at']) };
  return { ...loginFrom(row), emailUndo };
}
