import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { Authentication } from '../../services/session-authenticator';
import { type SessionInfo, SessionsService } from '../../services/sessions.service';

/** A session of the caller; one of them is the one that asks. */
export type OwnSession = SessionInfo & { readonly current: boolean };

/** What somebody signed in sees and does of their sessions (ASVS 7.5.2). */
@Injectable()
export class OwnSessionsService {
  constructor(private readonly sessions: SessionsService) {}

  /** The caller's sessions, newest first. */
  async list({ user, sessionId }: Authentication): Promise<readonly OwnSession[]> {
    const found = await this.sessions.listFor(user.id);
    return found.map((session) => ({ ...session, current: session.id === sessionId }));
  }

  /** @throws AccountError `session.not_found`, also for one that is somebody else's */
  async end(caller: Authentication, sessionId: string, origin: Origin): Promise<void> {
    const by = { actor: caller.user.id, origin };
    // The one that asks: that is signing out.
    if (sessionId === caller.sessionId) return this.sessions.endOwn(caller, by);
    if (!(await this.sessions.end(caller.user.id, sessionId, by)))
      throw new AccountError('session.not_found');
  }

  /** Ends every session but the caller's. */
  async endOthers({ user, sessionId }: Authentication, origin: Origin): Promise<void> {
    await this.sessions.endOthers(user.id, sessionId, { actor: user.id, origin });
  }
}
