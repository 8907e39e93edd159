import { Injectable } from '@nestjs/common';
import { UserLoggedOutEvent } from '../kernel/account-events';
import { Clock } from '../kernel/clock';
import { looksLikeId } from '../kernel/ids';
import { type By, BY_THE_APP } from '../kernel/origin';
import { type ListedSession, SessionRepository } from '../ports/session.repository';
import { UserRepository } from '../ports/user.repository';
import { AccountChangeService } from './account-change.service';
import { findUser } from './find-user';
import { SecurityLog } from './security-log';
import type { Authentication } from './session-authenticator';
import { SessionActivity } from './session-activity';

/** A session as it may be shown to its user. */
export type SessionInfo = Pick<
  ListedSession,
  'id' | 'createdAt' | 'lastSeenAt' | 'expiresAt' | 'ip' | 'userAgent'
>;

/** Sessions of users, for the code of the host as well. Whoever calls this decides who may. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly clock: Clock,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly activity: SessionActivity,
    private readonly changes: AccountChangeService,
    private readonly log: SecurityLog,
  ) {}

  /** The live sessions of a user, newest first, the newest 500 of them; none for an unknown user. */
  async listFor(userId: string): Promise<readonly SessionInfo[]> {
    const user = await findUser(this.users, userId);
    if (!user?.isActive) return [];
    const now = this.clock.now();
    const found = await this.sessions.listFor(userId, user.authEpoch, now);
    return found
      .filter((session) => this.activity.isAlive(session, now))
      .map(({ id, createdAt, lastSeenAt, expiresAt, ip, userAgent }) => ({
        id,
        createdAt,
        lastSeenAt,
        expiresAt,
        ip,
        userAgent,
      }));
  }

  /** Ends one session of a user; its token is dead on the next request, on every node. False when there is no such session. */
  async end(userId: string, sessionId: string, by: By = BY_THE_APP): Promise<boolean> {
    const isEnded = looksLikeId(sessionId) && (await this.sessions.close(userId, sessionId));
    if (isEnded) this.log.note('session.revoked', by, { target: userId });
    return isEnded;
  }

  /** Signs out: ends the session that somebody came with. */
  async endOwn({ user, sessionId }: Authentication, by: By): Promise<void> {
    if (await this.sessions.close(user.id, sessionId)) this.log.record(new UserLoggedOutEvent(user), by);
  }

  /** Ends every session of a user but one. */
  async endOthers(userId: string, exceptId: string, by: By = BY_THE_APP): Promise<void> {
    if (!looksLikeId(userId)) return;
    await this.sessions.closeOthers(userId, exceptId);
    this.log.note('session.others_revoked', by, { target: userId });
  }

  /**
   * Ends every session of a user, those that are being opened right now too, and every link that was mailed to them: the epoch rises.
   * False when there is no such user.
   */
  async endAll(userId: string, by: By = BY_THE_APP): Promise<boolean> {
    return (await this.changes.change(userId, { endSessions: true }, by)) !== null;
  }
}
