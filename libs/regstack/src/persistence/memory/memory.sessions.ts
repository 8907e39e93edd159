import {
  LISTED_SESSIONS,
  type ListedSession,
  type NewSession,
  type SessionRecord,
  SessionRepository,
} from '../../ports/session.repository';
import type { UserRecord } from '../../ports/user.repository';
import { type MemoryTables, pageOf, recordOf } from './memory.tables';

export class MemorySessionRepository extends SessionRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async open(session: NewSession): Promise<UserRecord | null> {
    const user = this.tables.users.get(session.userId);
    if (!user?.isActive || user.authEpoch !== session.authEpoch) return null;
    const signedIn = { ...user, lastLogin: session.createdAt };
    this.tables.users.set(user.id, signedIn);
    this.tables.sessions.set(session.id, {
      ...session,
      authenticatedAt: session.createdAt,
      lastSeenAt: session.createdAt,
    });
    return recordOf(signedIn);
  }

  override async authenticate(
    id: string,
    now: Date,
  ): Promise<{ session: SessionRecord; user: UserRecord } | null> {
    const session = this.tables.sessions.get(id);
    const user = session && this.tables.users.get(session.userId);
    if (!session || !user || session.expiresAt <= now) return null;
    const { ip: _, userAgent: __, ...record } = session;
    return { session: record, user: recordOf(user) };
  }

  override async renew(id: string, authenticatedAt: Date): Promise<boolean> {
    const session = this.tables.sessions.get(id);
    if (session) this.tables.sessions.set(id, { ...session, authenticatedAt });
    return session !== undefined;
  }

  override async touch(id: string, before: Date, now: Date): Promise<void> {
    const session = this.tables.sessions.get(id);
    if (session && session.lastSeenAt <= before)
      this.tables.sessions.set(id, { ...session, lastSeenAt: now });
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly ListedSession[]> {
    const live = [...this.tables.sessions.values()].filter(
      (one) => one.userId === userId && one.authEpoch === authEpoch && one.expiresAt > now,
    );
    return pageOf(live, { before: null, limit: LISTED_SESSIONS });
  }

  override async close(userId: string, id: string): Promise<boolean> {
    return this.tables.sessions.get(id)?.userId === userId && this.tables.sessions.delete(id);
  }

  override async closeOthers(userId: string, exceptId: string): Promise<void> {
    for (const session of this.tables.sessions.values()) {
      if (session.userId === userId && session.id !== exceptId) this.tables.sessions.delete(session.id);
    }
  }

  override async closeAllFor(userId: string, beforeEpoch: number): Promise<void> {
    for (const session of this.tables.sessions.values()) {
      if (session.userId === userId && session.authEpoch < beforeEpoch)
        this.tables.sessions.delete(session.id);
    }
  }
}
