import { Injectable } from '@nestjs/common';
import { ChallengeRepository } from '../ports/challenge.repository';
import { SessionRepository } from '../ports/session.repository';
import { TrustedDeviceRepository } from '../ports/trusted-device.repository';
import type { UserRecord } from '../ports/user.repository';
import { housekeeping } from './housekeeping';

/** Sessions, links and trust in devices that a new epoch has killed. */
@Injectable()
export class Leftovers {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly challenges: ChallengeRepository,
    private readonly devices: TrustedDeviceRepository,
  ) {}

  /**
   * Removes them; a crash may skip it. Of the epochs before only: others may have signed in since, or have been mailed a link, by what
   * the change brought about.
   */
  async clear({ id, authEpoch }: UserRecord): Promise<void> {
    const after = 'a change of an account, which has killed sessions and links by their epoch';
    await housekeeping(
      after,
      this.sessions.closeAllFor(id, authEpoch),
      this.challenges.dropAllFor(id, authEpoch),
      this.devices.distrustAllFor(id, authEpoch),
    );
  }
}
