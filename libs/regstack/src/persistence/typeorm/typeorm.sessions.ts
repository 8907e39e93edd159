import {
  LISTED_SESSIONS,
  type ListedSession,
  type NewSession,
  type SessionRecord,
  SessionRepository,
} from '../../ports/session.repository';
import type { UserRecord } from '../../ports/user.repository';
import { insert } from './inserts';
import { date, nullableText, text, USER_COLUMNS, userFrom } from './rows';
import type { Row, Sql } from './sql';
import type { Tables } from './tables';

/** What the guard reads of a session. Sessions of older versions know neither their device nor when their user was there. */
const SESSION = `s.auth_epoch AS session_epoch, COALESCE(s.device_id, s.id) AS session_device_id, s.created_at AS session_created_at,
  COALESCE(s.authenticated_at, s.created_at) AS session_authenticated_at, COALESCE(s.last_seen_at, s.created_at) AS session_last_seen_at,
  s.expires_at AS session_expires_at`;

export class TypeOrmSessionRepository extends SessionRepository {
  private readonly authenticateQuery: string;

  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
    const user = USER_COLUMNS.map((column) => `u.${column}`).join(', ');
    this.authenticateQuery = `SELECT ${user}, ${SESSION} FROM ${tables.sessions} s JOIN ${tables.users} u ON u.id = s.user_id WHERE s.id = ? AND s.expires_at > ?`;
  }

  override async open(session: NewSession): Promise<UserRecord | null> {
    const note = `UPDATE ${this.tables.users} SET last_login = ? WHERE id = ? AND auth_epoch = ? AND is_active RETURNING ${USER_COLUMNS.join(', ')}`;
    const row = {
      id: session.id,
      user_id: session.userId,
      auth_epoch: session.authEpoch,
      device_id: session.deviceId,
      ip: session.ip,
      user_agent: session.userAgent,
      created_at: session.createdAt,
      authenticated_at: session.createdAt,
      last_seen_at: session.createdAt,
      expires_at: session.expiresAt,
    };
    const done = await this.sql.transaction([
      { text: note, params: [session.createdAt, session.userId, session.authEpoch], mustTouch: true },
      insert(this.tables.sessions, row),
    ]);
    return done && userFrom(done[0]![0]!);
  }

  override async authenticate(
    id: string,
    now: Date,
  ): Promise<{ session: SessionRecord; user: UserRecord } | null> {
    const row = await this.sql.first(this.authenticateQuery, [id, now]);
    if (!row) return null;
    const user = userFrom(row);
    return { session: sessionFrom(row, id, user.id), user };
  }

  override async renew(id: string, authenticatedAt: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.sessions} SET authenticated_at = ? WHERE id = ? RETURNING id`;
    return (await this.sql.first(query, [authenticatedAt, id])) !== null;
  }

  override async touch(id: string, before: Date, now: Date): Promise<void> {
    const query = `UPDATE ${this.tables.sessions} SET last_seen_at = ? WHERE id = ? AND COALESCE(last_seen_at, created_at) <= ?`;
    await this.sql.rows(query, [now, id, before], 'in-order');
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly ListedSession[]> {
    const query = `SELECT s.id, s.ip, s.user_agent, ${SESSION} FROM ${this.tables.sessions} s
      WHERE s.user_id = ? AND s.auth_epoch = ? AND s.expires_at > ? ORDER BY s.id DESC LIMIT ${LISTED_SESSIONS}`;
    const rows = await this.sql.rows(query, [userId, authEpoch, now]);
    return rows.map((row) => ({
      ...sessionFrom(row, text(row['id']), userId),
      ip: nullableText(row['ip']),
      userAgent: nullableText(row['user_agent']),
    }));
  }

  override async close(userId: string, id: string): Promise<boolean> {
    const query = `DELETE FROM ${this.tables.sessions} WHERE id = ? AND user_id = ? RETURNING id`;
    return (await this.sql.first(query, [id, userId])) !== null;
  }

  override async closeOthers(userId: string, exceptId: string): Promise<void> {
    await this.sql.rows(`DELETE FROM ${this.tables.sessions} WHERE user_id = ? AND id <> ?`, [
      userId,
      exceptId,
    ]);
  }

  override async closeAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = `DELETE FROM ${this.tables.sessions} WHERE user_id = ? AND auth_epoch < ?`;
    await this.sql.rows(query, [userId, beforeEpoch]);
  }
}

function sessionFrom(row: Row, id: string, userId: string): SessionRecord {
  return {
    id,
    userId,
    authEpoch: Number(row['session_epoch']),
    deviceId: text(row['session_device_id']),
    createdAt: date(row['session_created_at']),
    authenticatedAt: date(row['session_authenticated_at']),
    lastSeenAt: date(row['session_last_seen_at']),
    expiresAt: date(row['session_expires_at']),
  };
}
