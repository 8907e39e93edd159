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
import { type Assignments, setList } from './assignments';
import { claimEmail, insertMessage, keepEmail, insertUser } from './inserts';
import { isRecoveryHash, recoveryCount, recoveryEntry } from './recovery-codes';
import { date, nullableText, text, USER_COLUMNS, userFrom } from './rows';
import { changesOf, factorsBeforeUndo } from './second-factors';
import { type Row, type Sql, type Statement, UniqueViolation } from './sql';
import type { Tables } from './tables';

const RETURNED = USER_COLUMNS.join(', ');
const LOGIN = `${RETURNED}, password_hash`;
const CREDENTIALS = `${LOGIN}, undo_email, undo_token_hash, undo_expires_at, undo_epoch, totp_secret, totp_last_step, recovery_codes`;

/** A change of a user under a condition, without the epoch, which every one of them raises. */
interface Change {
  readonly set: Assignments;
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
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
    keptSessionId?: string,
  ): Promise<UserRecord | null> {
    const change = this.change({
      set: changesOf(changes, expectedEpoch + 1),
      where: 'id = ? AND auth_epoch = ? AND is_active',
      params: [id, expectedEpoch],
    });
    const kept = keptSessionId === undefined ? [] : [this.keep(keptSessionId, id, expectedEpoch)];
    const done = await this.sql.transaction([change, ...kept, ...this.queue(notices)]);
    return done && userFrom(done[0]![0]!);
  }

  override async appoint(
    id: string,
    expectedEpoch: number,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const { users, emailClaims } = this.tables;
    const change = this.change({
      set: { ...changesOf(changes, expectedEpoch + 1), ...undoColumns(null), is_superuser: ['true'] },
      where: 'id = ? AND auth_epoch = ?',
      params: [id, expectedEpoch],
    });
    const letGo = `DELETE FROM ${emailClaims} WHERE user_id = ? AND email <> (SELECT email FROM ${users} WHERE id = ?)`;
    const statements = [change, { text: letGo, params: [id, id] }, ...this.queue(notices)];
    const done = await this.sql.transaction(statements);
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
      set: { email: ['?', email], ...undoColumns(undo), is_verified: ['true'] },
      where: 'id = ? AND auth_epoch = ? AND is_active',
      params: [id, expectedEpoch],
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
      set: {
        email: ['?', email],
        password_hash: ['NULL'],
        ...undoColumns(null),
        ...factorsBeforeUndo(),
        is_verified: ['true'],
      },
      where: 'id = ? AND undo_token_hash = ? AND undo_expires_at > ? AND is_active',
      params: [id, tokenHash, now],
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

  override async useTotpStep(id: string, authEpoch: number, step: number): Promise<boolean> {
    const query = `UPDATE ${this.tables.users} SET totp_last_step = ? WHERE id = ? AND auth_epoch = ? AND is_active
      AND totp_secret IS NOT NULL AND totp_last_step < ? RETURNING id`;
    return (await this.sql.first(query, [step, id, authEpoch, step])) !== null;
  }

  override async useRecoveryCode(id: string, authEpoch: number, codeHash: string): Promise<number | null> {
    if (!isRecoveryHash(codeHash)) return null;
    const entry = recoveryEntry(codeHash);
    const query = `UPDATE ${this.tables.users} SET recovery_codes = REPLACE(recovery_codes, ?, '') WHERE id = ? AND auth_epoch = ? AND is_active
      AND recovery_codes <> REPLACE(recovery_codes, ?, '') RETURNING recovery_codes`;
    const row = await this.sql.first(query, [entry, id, authEpoch, entry]);
    return row && recoveryCount(text(row['recovery_codes']));
  }

  override async totpKeyIds(): Promise<readonly string[]> {
    const { users } = this.tables;
    // From one to the next in the index: as many steps as there are keys, however many users there are.
    const query = `WITH RECURSIVE keys(kid) AS (
        SELECT MIN(totp_kid) FROM ${users} WHERE totp_kid IS NOT NULL
        UNION ALL SELECT (SELECT MIN(totp_kid) FROM ${users} WHERE totp_kid > keys.kid) FROM keys WHERE keys.kid IS NOT NULL)
      SELECT kid FROM keys WHERE kid IS NOT NULL`;
    return (await this.sql.rows(query)).map((row) => text(row['kid']));
  }

  private change({ set, where, params }: Change): Statement {
    const changes = setList({ ...set, auth_epoch: ['auth_epoch + 1'] });
    return {
      text: `UPDATE ${this.tables.users} SET ${changes.text} WHERE ${where} RETURNING ${RETURNED}`,
      params: [...changes.params, ...params],
      mustTouch: true,
    };
  }

  /** The session goes on with the next epoch of its user. One that has ended meanwhile holds nobody up. */
  private keep(sessionId: string, userId: string, epoch: number): Statement {
    return {
      text: `UPDATE ${this.tables.sessions} SET auth_epoch = ? WHERE id = ? AND user_id = ? AND auth_epoch = ?`,
      params: [epoch + 1, sessionId, userId, epoch],
    };
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
  const sealedSecret = nullableText(row['totp_secret']);
  return {
    ...loginFrom(row),
    emailUndo: undoFrom(row),
    totp: sealedSecret === null ? null : { sealedSecret, lastStep: Number(row['totp_last_step']) },
    recoveryCodesLeft: recoveryCount(nullableText(row['recovery_codes'])),
  };
}

function undoFrom(row: Row): EmailUndo | null {
  const email = nullableText(row['undo_email']) as EmailAddress | null;
  if (email === null) return null;
  return {
    email,
    tokenHash: text(row['undo_token_hash']),
    expiresAt: date(row['undo_expires_at']),
    // Older versions noted none: every factor is later.
    authEpoch: Number(row['undo_epoch'] ?? -1),
  };
}

function undoColumns(undo: EmailUndo | null): Assignments {
  return {
    undo_email: ['?', undo && undo.email],
    undo_token_hash: ['?', undo && undo.tokenHash],
    undo_expires_at: ['?', undo && undo.expiresAt],
    undo_epoch: ['?', undo && undo.authEpoch],
  };
}
