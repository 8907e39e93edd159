import { Injectable, Logger } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds } from '../kernel/clock';
import { type SessionRecord, SessionRepository } from '../ports/session.repository';

/** Requests of one session within this time are noted once, seconds. */
const NOTED_SECONDS = 60;
/** A short idle limit is noted this often within its time: it would end sessions that are in use otherwise. */
const NOTES_PER_LIMIT = 10;

/** When sessions were last used, and which have not been for too long (ASVS 7.3.1). */
@Injectable()
export class SessionActivity {
  private readonly logger = new Logger('RegStack');
  private readonly idleSeconds: number;
  private readonly stepSeconds: number;

  constructor(
    { sessionIdleSeconds: idle }: RegStackConfig,
    private readonly sessions: SessionRepository,
  ) {
    this.idleSeconds = idle;
    this.stepSeconds = idle === 0 ? NOTED_SECONDS : Math.min(NOTED_SECONDS, idle / NOTES_PER_LIMIT);
  }

  /**
   * False for a session that was idle for `session_idle_seconds`. Its last request may be as much later than the note of it as notes
   * are apart, so it ends that much later at most, and never too early.
   */
  isAlive({ lastSeenAt }: Pick<SessionRecord, 'lastSeenAt'>, now: Date): boolean {
    return this.idleSeconds === 0 || addSeconds(lastSeenAt, this.idleSeconds + this.stepSeconds) > now;
  }

  /** Notes the request, at most once a minute and session. Nobody waits for it, and what becomes of it harms nobody. */
  note({ id, lastSeenAt }: SessionRecord, now: Date): void {
    const before = addSeconds(now, -this.stepSeconds);
    if (lastSeenAt > before) return;
    this.sessions.touch(id, before, now).catch((error: unknown) => {
      this.logger.warn(
        `a session's last use is not noted (${error instanceof Error ? error.name : 'unknown'})`,
      );
    });
  }
}
