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
  /** Where it was opened from, for its user to know it by. */
  readonly ip: string | null;
  /** What the client called itself: anybody can write anything there. */
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** A session as the guard reads it. */
export interface SessionRecord extends Omit<NewSession, 'ip' | 'userAgent'> {
  /** When its user last proved to be who they are; at first, when it was opened. */
  readonly authenticatedAt: Date;
  /** Of its last request, to within the time that passes between two notes of it; at first, when it was opened. */
  readonly lastSeenAt: Date;
}

/** A session as its user sees it. */
export type ListedSession = SessionRecord & Pick<NewSession, 'ip' | 'userAgent'>;

/** Sessions that are listed at most. */
export const LISTED_SESSIONS = 500;

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

  /**
   * Notes a request at `now`, if the last note is of `before` or older: of parallel calls one writes. May survive a power cut or not.
   */
  abstract touch(id: string, before: Date, now: Date): Promise<void>;

  /** The sessions of a user that live at `now` and are of this epoch, newest first, at most {@link LISTED_SESSIONS}. */
  abstract listFor(userId: string, authEpoch: number, now: Date): Promise<readonly ListedSession[]>;

  /** Ends one session of a user. True for exactly one of parallel calls; false for one of somebody else. */
  abstract close(userId: string, id: string): Promise<boolean>;

  /** Ends every session of a user but one. */
  abstract closeOthers(userId: string, exceptId: string): Promise<void>;

  /**
   * Ends every session of a user that is of an epoch before this one. Those are dead already, by their epoch; one that was opened
   * with the new credentials in the meantime stays.
   */
  abstract closeAllFor(userId: string, beforeEpoch: number): Promise<void>;
}
