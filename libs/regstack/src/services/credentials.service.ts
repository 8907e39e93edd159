import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import type { RegStackUser } from '../kernel/regstack-user';
import { ChallengeRepository } from '../ports/challenge.repository';
import type { OutboxMessage } from '../ports/outbox.repository';
import { SessionRepository } from '../ports/session.repository';
import {
  type CredentialChanges,
  type EmailChange,
  type EmailUndo,
  type UserRecord,
  UserRepository,
} from '../ports/user.repository';
import { housekeeping } from './housekeeping';
import { OutboxService } from './outbox.service';
import { publicUser } from './public-user';

/**
 * Changes of credentials in the order of P1. The compare-and-set on the user is the single use of whatever led to it, and kills
 * sessions and challenges by their epoch; removing them afterwards is housekeeping that a crash may skip.
 */
@Injectable()
export class CredentialsService {
  constructor(
    private readonly clock: Clock,
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly challenges: ChallengeRepository,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * @param user as read together with what was proved
   * @returns the user after the change; null when somebody else was first
   */
  async change(
    { id, authEpoch }: UserRecord,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<RegStackUser | null> {
    return this.tidyUp(await this.users.changeCredentials(id, authEpoch, changes, notices));
  }

  /** The same for a move to another address. Null also when that is taken by now. */
  async changeEmail(
    { id, authEpoch }: UserRecord,
    change: EmailChange,
    notices: readonly OutboxMessage[],
  ): Promise<RegStackUser | null> {
    return this.tidyUp(await this.users.changeEmail(id, authEpoch, change, notices, this.clock.now()));
  }

  /** Takes a change of address back, whatever has happened since. Null when the undo was used or is over. */
  async undoEmailChange(
    { id }: UserRecord,
    undo: EmailUndo,
    notices: readonly OutboxMessage[],
  ): Promise<UserRecord | null> {
    const restored = await this.users.undoEmailChange(id, undo, notices, this.clock.now());
    await this.tidyUp(restored);
    return restored;
  }

  private async tidyUp(changed: UserRecord | null): Promise<RegStackUser | null> {
    if (!changed) return null;
    this.outbox.wake();
    // Of the epochs before only: others may have signed in, or have been mailed a link, by what this change brought about.
    const { id, authEpoch } = changed;
    const [sessions, links] = [
      this.sessions.closeAllFor(id, authEpoch),
      this.challenges.dropAllFor(id, authEpoch),
    ];
    await housekeeping(
      'a change of credentials, which has killed sessions and links by their epoch',
      sessions,
      links,
    );
    return publicUser(changed);
  }
}
