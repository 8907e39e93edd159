import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import type { RegStackUser } from '../kernel/regstack-user';
import { SessionRepository } from '../ports/session.repository';
import { publicUser } from './public-user';
import { SessionActivity } from './session-activity';
import { TokenService, type Transport } from './token.service';

/** Who is calling, and by which session. */
export interface Authentication {
  readonly user: RegStackUser;
  readonly sessionId: string;
  /** Of the session, and of its user when it was looked at. */
  readonly authEpoch: number;
  /** The device that the session was opened from. */
  readonly deviceId: string;
  /** When the user last proved to be who they are. */
  readonly authenticatedAt: Date;
}

/** Turns a session token into its user. No I/O for a token that is not ours, ONE read for one that is. */
@Injectable()
export class SessionAuthenticator {
  constructor(
    private readonly tokens: TokenService,
    private readonly sessions: SessionRepository,
    private readonly activity: SessionActivity,
    private readonly clock: Clock,
  ) {}

  /**
   * The caller, or null whatever the reason. Rights and status are those of this very moment (ASVS 8.3.2); epochs of
   * row and user are compared for equality, so no clock decides about revocation (W12).
   * @throws AccountError `service.unavailable` when the database cannot answer: never a pass (R63)
   */
  async authenticate(token: string, transport: Transport = 'bearer'): Promise<Authentication | null> {
    const claims = this.tokens.verify(token, transport);
    if (!claims) return null;
    const now = this.clock.now();
    const found = await this.sessions.authenticate(claims.sessionId, now);
    if (!found) return null;
    const { session, user } = found;
    // The token of a session that outlived a change of second factors is of the epoch before: what counts is the row.
    const sameEpoch = claims.authEpoch <= session.authEpoch && session.authEpoch === user.authEpoch;
    if (!sameEpoch || !user.isActive || session.userId !== claims.userId) return null;
    if (!this.activity.isAlive(session, now)) return null;
    this.activity.note(session, now);
    const { id: sessionId, authEpoch, deviceId, authenticatedAt } = session;
    return { user: publicUser(user), sessionId, authEpoch, deviceId, authenticatedAt };
  }
}
