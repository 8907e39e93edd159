import { Injectable } from '@nestjs/common';
import type { Origin } from '../kernel/origin';
import { housekeeping } from './housekeeping';
import { SessionAuthenticator } from './session-authenticator';
import { SessionsService } from './sessions.service';

/** Sessions in browsers that another one takes the place of. */
@Injectable()
export class ReplacedSessions {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly sessions: SessionsService,
  ) {}

  /** Somebody has signed in with a browser whose cookie held a session: that one ends (R59). Null: it held none. */
  async end(token: string | null, origin: Origin): Promise<void> {
    if (token === null) return;
    const end = async (): Promise<void> => {
      const replaced = await this.authenticator.authenticate(token, 'cookie');
      if (replaced) await this.sessions.endOwn(replaced, { actor: replaced.user.id, origin });
    };
    await housekeeping('a sign-in by cookie', end());
  }
}
