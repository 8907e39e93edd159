import { type NewSession, type SessionRecord, SessionRepository } from '../../ports/session.repository';
import type { UserRecord } from '../../ports/user.repository';
import { insert } from './inserts';
import { date, text, USER_COLUMNS, userFrom } from './rows';
import type { Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmSessionRepository extends SessionRepository {
  private readonly authenticateQuery: string;

  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
    const user = USER_COLUMNS.map((column) => `u.${column}`).join(', ');
    // Sessions of the first version know neither their device nor when their user proved to be who they are.
    this.authenticateQuery = `SELECT ${user}, s.auth_epoch AS session_epoch, COALESCE(s.device_id, s.id) AS session_device_id, s.created_at AS session_created_at,
        COALESCE(s.authenticated_at, s.created_at) AS session_authenticated_at, s.expires_at AS session_expires_at
      FROM ${tables.sessions} s JOIN ${tables.users} u ON u.id = s.user_id WHERE s.id = ? AND s.expires_at > ?`;
  }

  override async open(session: NewSession): Promise<UserRecord | null> {
    const note = `UPDATE ${this.tables.users} SET last_login = ? WHERE id = ? AND auth_epoch = ? AND is_active RETURNING ${USER_COLUMNS.join(', ')}`;
    const row = {
      id: session.id,
      user_id: session.userId,
      auth_epoch: session.authEpoch,
      device_id: session.deviceId,
      created_at: session.createdAt,
      authenticated_at: session.createdAt,
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
    const session = {
      id,
      userId: text(row['id']),
      authEpoch: Number(row['session_epoch']),
      deviceId: text(row['session_device_id']),
      createdAt: date(row['session_created_at']),
      authenticatedAt: date(row['session_authenticated_at']),
      expiresAt: date(row['session_expires_at']),
    };
    return { session, user: userFrom(row) };
  }

  override async renew(id: string, authenticatedAt: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.sessions} SET authenticated_at = ? WHERE id = ? RETURNING id`;
    return (await this.sql.first(query, [authenticatedAt, id])) !== null;
  }

  override async close(id: string): Promise<boolean> {
    const query = `DELETE FROM ${this.tables.sessions} WHERE id = ? RETURNING id`;
    return (await this.sql.first(query, [id])) !== null;
  }

  override async closeAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = `DELETE FROM ${this.tables.sessions} WHERE user_id = ? AND auth_epoch < ?`;
    await this.sql.rows(query, [userId, beforeEpoch]);
  }
}
