import { type NewSession, type SessionRecord, SessionRepository } from '../../ports/session.repository';
import type { UserRecord } from '../../ports/user.repository';
import { type MemoryTables, recordOf } from './memory.tables';

export class MemorySessionRepository extends SessionRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async open(session: NewSession): Promise<UserRecord | null> {
    const user = this.tables.users.get(session.userId);
    if (!user?.isActive || user.authEpoch !== session.authEpoch) return null;
    const signedIn = { ...user, lastLogin: session.createdAt };
    this.tables.users.set(user.id, signedIn);
    this.tables.sessions.set(session.id, { ...session, authenticatedAt: session.createdAt });
    return recordOf(signedIn);
  }

  override async authenticate(
    id: string,
    now: Date,
  ): Promise<{ session: SessionRecord; user: UserRecord } | null> {
    const session = this.tables.sessions.get(id);
    const user = session && this.tables.users.get(session.userId);
    if (!session || !user || session.expiresAt <= now) return null;
    return { session, user: recordOf(user) };
  }

  override async renew(id: string, authenticatedAt: Date): Promise<boolean> {
    const session = this.tables.sessions.get(id);
    if (session) this.tables.sessions.set(id, { ...session, authenticatedAt });
    return session !== undefined;
  }

  override async close(id: string): Promise<boolean> {
    return this.tables.sessions.delete(id);
  }

  override async closeAllFor(userId: string, beforeEpoch: number): Promise<void> {
    for (const session of this.tables.sessions.values()) {
      if (session.userId === userId && session.authEpoch < beforeEpoch)
        this.tables.sessions.delete(session.id);
    }
  }
}
