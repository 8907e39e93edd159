import type { EmailAddress } from '../../kernel/email-address';
import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { insertChallenge, insertMessage, replacing } from './inserts';
import { date, nullableText, text } from './rows';
import type { Row, Sql } from './sql';
import type { Tables } from './tables';

/** What a challenge has of its own, apart from its kind and subject. */
const OWN = [
  'id',
  'token_hash',
  'auth_epoch',
  'user_id',
  'email',
  'phone_number',
  'payload',
  'created_at',
  'expires_at',
];

export class TypeOrmChallengeRepository extends ChallengeRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async issue(challenge: NewChallenge, message: OutboxMessage | null): Promise<void> {
    const { text: query, params } = insertChallenge(this.tables, challenge);
    const replace = replacing([...OWN, 'guesses', 'used_at']);
    const epoch = `${this.tables.challenges}.auth_epoch`;
    const isNoOlder = `${epoch} IS NULL OR excluded.auth_epoch IS NULL OR ${epoch} <= excluded.auth_epoch`;
    await this.sql.transaction([
      ...(message ? [insertMessage(this.tables, message)] : []),
      { text: `${query} ON CONFLICT (kind, subject_id) DO UPDATE SET ${replace} WHERE ${isNoOlder}`, params },
    ]);
  }

  override async findLive(
    kinds: readonly ChallengeKind[],
    tokenHash: string,
    now: Date,
  ): Promise<Challenge | null> {
    const found = await this.find('token_hash = ?', [tokenHash], now);
    return found && kinds.includes(found.kind) ? found : null;
  }

  override findLiveAbout(kind: ChallengeKind, subjectId: string, now: Date): Promise<Challenge | null> {
    return this.find('kind = ? AND subject_id = ?', [kind, subjectId], now);
  }

  override async countGuess(id: string, limit: number, now: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.challenges} SET guesses = COALESCE(guesses, 0) + 1
      WHERE id = ? AND COALESCE(guesses, 0) < ? AND used_at IS NULL AND expires_at > ? RETURNING id`;
    return (await this.sql.first(query, [id, limit, now])) !== null;
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.challenges} SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ? RETURNING id`;
    return (await this.sql.first(query, [now, id, now])) !== null;
  }

  override async dropAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = `DELETE FROM ${this.tables.challenges} WHERE (subject_id = ? OR user_id = ?) AND auth_epoch < ?`;
    await this.sql.rows(query, [userId, userId, beforeEpoch]);
  }

  private async find(condition: string, params: readonly unknown[], now: Date): Promise<Challenge | null> {
    const query = `SELECT kind, subject_id, guesses, ${OWN.join(', ')} FROM ${this.tables.challenges}
      WHERE ${condition} AND used_at IS NULL AND expires_at > ?`;
    const row = await this.sql.first(query, [...params, now]);
    return row && challengeFrom(row);
  }
}

function challengeFrom(row: Row): Challenge {
  const epoch = row['auth_epoch'];
  return {
    id: text(row['id']),
    kind: text(row['kind']) as ChallengeKind,
    subjectId: text(row['subject_id']),
    userId: nullableText(row['user_id']),
    tokenHash: text(row['token_hash']),
    authEpoch: epoch === null ? null : Number(epoch),
    email: nullableText(row['email']) as EmailAddress | null,
    phoneNumber: nullableText(row['phone_number']),
    payload: nullableText(row['payload']),
    createdAt: date(row['created_at']),
    expiresAt: date(row['expires_at']),
    // Null: of the versions without second factors.
    guesses: Number(row['guesses'] ?? 0),
  };
}
