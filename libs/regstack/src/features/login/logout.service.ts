import { Injectable } from '@nestjs/common';
import { UserLoggedOutEvent } from '../../kernel/account-events';
import type { Origin } from '../../kernel/origin';
import { SessionRepository } from '../../ports/session.repository';
import { housekeeping } from '../../services/housekeeping';
import { SecurityLog } from '../../services/security-log';
import { type Authentication, SessionAuthenticator } from '../../services/session-authenticator';

/** The end of a session by whoever holds it. */
@Injectable()
export class LogoutService {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly sessions: SessionRepository,
    private readonly log: SecurityLog,
  ) {}

  /** Ends the session. Its token is dead on the next request, on every node. */
  async logout({ sessionId, user }: Authentication, origin: Origin): Promise<void> {
    if (!(await this.sessions.close(user.id, sessionId))) return;
    this.log.record(new UserLoggedOutEvent(user), { actor: user.id, origin });
  }

  /** Somebody has signed in with a browser whose cookie held a session: that one ends (R59). */
  async endReplaced(token: string | null, origin: Origin): Promise<void> {
    if (token === null) return;
    const end = async (): Promise<void> => {
      const replaced = await this.authenticator.authenticate(token, 'cookie');
      if (replaced) await this.logout(replaced, origin);
    };
    await housekeeping('a sign-in by cookie', end());
  }
}
