import type { UserRecord } from './user.repository';

/** A session to be opened. */
export interface NewSession {
  /** Also the `jti` of its token. */
  readonly id: string;
  readonly userId: string;
  /** The user's epoch as read together with the password hash. */
  readonly authEpoch: number;
  /** The device that it was opened from, as its cookie says. */
  readonly deviceId: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A session as stored. */
export interface SessionRecord extends NewSession {
  /** When its user last proved to be who they are; at first, when it was opened. */
  readonly authenticatedAt: Date;
}

/** Keeps sessions. */
export abstract class SessionRepository {
  /**
   * Opens a session and notes the sign-in on the user, if the user is there, active and of the session's epoch; answers the
   * user. Null otherwise: somebody changed the credentials (or ended the account) while the password was being checked, and no
   * session stays behind (P6).
   */
  abstract open(session: NewSession): Promise<UserRecord | null>;

  /**
   * The session and its user in ONE read, or null when the session is unknown or expired at `now`. The hot read of the guard.
   * Does not judge epoch and status.
   */
  abstract authenticate(id: string, now: Date): Promise<{ session: SessionRecord; user: UserRecord } | null>;

  /** Notes that the user proved again to be who they are. False when the session is gone. */
  abstract renew(id: string, authenticatedAt: Date): Promise<boolean>;

  /** Ends one session. True for exactly one of parallel calls. */
  abstract close(id: string): Promise<boolean>;

  /**
   * Ends every session of a user that is of an epoch before this one. Those are dead already, by their epoch; one that was opened
   * with the new credentials in the meantime stays.
   */
  abstract closeAllFor(userId: string, beforeEpoch: number): Promise<void>;
}
