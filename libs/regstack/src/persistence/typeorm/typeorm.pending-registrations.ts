import type { EmailAddress } from '../../kernel/email-address';
import type { NewChallenge } from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import type { UserRecord } from '../../ports/user.repository';
import { insert, insertChallenge, insertMessage, insertUser } from './inserts';
import { nullableText, text, userFrom } from './rows';
import { type Row, type Sql, UniqueViolation } from './sql';
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
      `SELECT user_id, email, password_hash, full_name FROM ${pending} WHERE id = ? AND expires_at > ?`,
      [id, now],
    );
    if (!attempt) return null;
    try {
      const done = await this.sql.transaction([
        this.userOf(attempt, now),
        ...this.dropAttempts(text(attempt['email'])),
      ]);
      return done && userFrom(done[0]![0]!);
    } catch (error) {
      if (error instanceof UniqueViolation) return null;
      throw error;
    }
  }

  private userOf(attempt: Row, now: Date) {
    return insertUser(this.tables, {
      id: text(attempt['user_id']),
      email: text(attempt['email']) as EmailAddress,
      passwordHash: text(attempt['password_hash']),
      fullName: nullableText(attempt['full_name']),
      isVerified: true,
      createdAt: now,
    });
  }

  private dropAttempts(email: string) {
    const { pending, challenges } = this.tables;
    const subjects = `SELECT id FROM ${pending} WHERE email = ?`;
    return [
      { text: `DELETE FROM ${challenges} WHERE subject_id IN (${subjects})`, params: [email] },
      { text: `DELETE FROM ${pending} WHERE email = ?`, params: [email] },
    ];
  }
}
