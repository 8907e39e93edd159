import { Injectable } from '@nestjs/common';
import type { Origin } from '../../kernel/origin';
import { housekeeping } from '../../services/housekeeping';
import { type Authentication, SessionAuthenticator } from '../../services/session-authenticator';
import { SessionsService } from '../../services/sessions.service';

/** The end of a session by whoever holds it. */
@Injectable()
export class LogoutService {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly sessions: SessionsService,
  ) {}

  /** Ends the session. Its token is dead on the next request, on every node. */
  async logout(caller: Authentication, origin: Origin): Promise<void> {
    await this.sessions.endOwn(caller, { actor: caller.user.id, origin });
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
