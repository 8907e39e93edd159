import {
  type Challenge,
  type ChallengeKind,
  ChallengeRepository,
  type NewChallenge,
} from '../../ports/challenge.repository';
import { insertChallenge } from './inserts';
import { date, text } from './rows';
import type { Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmChallengeRepository extends ChallengeRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async issue(challenge: NewChallenge): Promise<void> {
    const { text: query, params } = insertChallenge(this.tables, challenge);
    const replace = ['id', 'token_hash', 'created_at', 'expires_at', 'used_at']
      .map((column) => `${column} = excluded.${column}`)
      .join(', ');
    await this.sql.rows(`${query} ON CONFLICT (kind, subject_id) DO UPDATE SET ${replace}`, params);
  }

  override async findLive(kind: ChallengeKind, tokenHash: string, now: Date): Promise<Challenge | null> {
    const query = `SELECT id, subject_id, created_at, expires_at FROM ${this.tables.challenges} WHERE token_hash = ? AND kind = ? AND used_at IS NULL AND expires_at > ?`;
    const row = await this.sql.first(query, [tokenHash, kind, now]);
    if (!row) return null;
    return {
      id: text(row['id']),
      kind,
      subjectId: text(row['subject_id']),
      tokenHash,
      createdAt: date(row['created_at']),
      expiresAt: date(row['expires_at']),
    };
  }

  override async consume(id: string, now: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.challenges} SET used_at = ? WHERE id = ? AND used_at IS NULL AND expires_at > ? RETURNING id`;
    return (await this.sql.first(query, [now, id, now])) !== null;
  }
}
