import { Injectable } from '@nestjs/common';
import type { Origin } from '../../kernel/origin';
import type { Authentication } from '../../services/session-authenticator';
import { SessionsService } from '../../services/sessions.service';

/** The end of a session by whoever holds it. */
@Injectable()
export class LogoutService {
  constructor(private readonly sessions: SessionsService) {}

  /** Ends the session. Its token is dead on the next request, on every node. */
  async logout(caller: Authentication, origin: Origin): Promise<void> {
    await this.sessions.endOwn(caller, { actor: caller.user.id, origin });
  }
}
