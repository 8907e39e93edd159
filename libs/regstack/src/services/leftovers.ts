import { Injectable } from '@nestjs/common';
import { ChallengeRepository } from '../ports/challenge.repository';
import { SessionRepository } from '../ports/session.repository';
import type { UserRecord } from '../ports/user.repository';
import { housekeeping } from './housekeeping';

/** Sessions and links that a new epoch has killed. */
@Injectable()
export class Leftovers {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly challenges: ChallengeRepository,
  ) {}

  /**
   * Removes them; a crash may skip it. Of the epochs before only: others may have signed in since, or have been mailed a link, by what
   * the change brought about.
   */
  async clear({ id, authEpoch }: UserRecord): Promise<void> {
    const after = 'a change of an account, which has killed sessions and links by their epoch';
    const sessions = this.sessions.closeAllFor(id, authEpoch);
    await housekeeping(after, sessions, this.challenges.dropAllFor(id, authEpoch));
  }
}
