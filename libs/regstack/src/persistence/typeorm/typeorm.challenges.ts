import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { insertChallenge, insertMessage } from './inserts';
import { date, nullableText, text } from './rows';
import type { Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmChallengeRepository extends ChallengeRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async issue(challenge: NewChallenge, message: OutboxMessage): Promise<void> {
    const { text: query, params } = insertChallenge(this.tables, challenge);
    const replace = ['id', 'token_hash', 'auth_epoch', 'email', 'created_at', 'expires_at', 'used_at']
      .map((column) => `${column} = excluded.${column}`)
      .join(', ');
    const epoch = `${this.tables.challenges}.auth_epoch`;
    const isNoOlder = `${epoch} IS NULL OR ${epoch} <= excluded.auth_epoch`;
    await this.sql.transaction([
      insertMessage(this.tables, message),
      { text: `${query} ON CONFLICT (kind, subject_id) DO UPDATE SET ${replace} WHERE ${isNoOlder}`, params },
    ]);
  }

  override async findLive(
    kinds: readonly ChallengeKind[],
    tokenHash: string,
    now: Date,
  ): Promise<Challenge | null> {
    const query = `SELECT id, kind, subject_id, auth_epoch, email, created_at, expires_at FROM ${this.tables.challenges} WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?`;
    const row = await this.sql.first(query, [tokenHash, now]);
    const kind = row && (text(row['kind']) as ChallengeKind);
    if (!kind || !kinds.includes(kind)) return null;
    const epoch = row['auth_epoch'];
    return {
      id: text(row['id']),
      kind,
      subjectId: text(row['subject_id']),
      tokenHash,
      authEpoch: epoch === null ? null : Number(epoch),
      email: nullableText(row['email']) as EmailAddress | null,
      createdAt: date(row['created_at']),
      expiresAt: date(row['expires_at']),
    };
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.challenges} SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ? RETURNING id`;
    return (await this.sql.first(query, [now, id, now])) !== null;
  }

  override async dropAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = `DELETE FROM ${this.tables.challenges} WHERE subject_id = ? AND auth_epoch < ?`;
    await this.sql.rows(query, [userId, beforeEpoch]);
  }
}
