import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import type { RegStackUser } from '../kernel/regstack-user';
import type { OutboxMessage } from '../ports/outbox.repository';
import {
  type CredentialChanges,
  type EmailChange,
  type EmailUndo,
  type UserRecord,
  UserRepository,
} from '../ports/user.repository';
import { Leftovers } from './leftovers';
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
    private readonly leftovers: Leftovers,
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

  /**
   * The same for a change of second factors.
   * @param keptSessionId the session that made it, which goes on
   */
  async changeFactors(
    { id, authEpoch }: UserRecord,
    changes: CredentialChanges,
    notice: OutboxMessage,
    keptSessionId: string | undefined,
  ): Promise<UserRecord | null> {
    const changed = await this.users.changeCredentials(id, authEpoch, changes, [notice], keptSessionId);
    await this.tidyUp(changed);
    return changed;
  }

  /** The same for a user who is made a superuser, disabled or not; a change of address cannot be taken back any more. */
  async appoint(
    { id, authEpoch }: UserRecord,
    changes: CredentialChanges,
    notices: readonly OutboxMessage[],
  ): Promise<RegStackUser | null> {
    return this.tidyUp(await this.users.appoint(id, authEpoch, changes, notices));
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
    await this.leftovers.clear(changed);
    return publicUser(changed);
  }
}
