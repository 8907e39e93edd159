import { Injectable, Logger } from '@nestjs/common';
import { UserDisabledEvent, UserPasswordChangedEvent } from '../kernel/account-events';
import { canonicalEmail } from '../kernel/email-address';
import type { RegStackUser } from '../kernel/regstack-user';
import { EventPublisher } from '../ports/event.publisher';
import { SessionRepository } from '../ports/session.repository';
import { type CredentialChanges, UserRepository } from '../ports/user.repository';
import { PasswordService } from './password.service';
import { publicUser } from './public-user';

/** Users for the code of the host. Whoever calls this decides who may. */
@Injectable()
export class UsersService {
  private readonly logger = new Logger('RegStack');

  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionRepository,
    private readonly passwords: PasswordService,
    private readonly events: EventPublisher,
  ) {}

  /** The user, or null. */
  async findById(id: string): Promise<RegStackUser | null> {
    const user = await this.users.findById(id);
    return user && publicUser(user);
  }

  /**
   * The user with this address, in whatever case it is typed, or null.
   * @throws AccountError `email.invalid`
   */
  async findByEmail(email: string): Promise<RegStackUser | null> {
    const user = await this.users.findForLogin(canonicalEmail(email));
    return user && publicUser(user);
  }

  /**
   * Sets a password and ends every session. Null when the user is unknown, disabled, or was changed at the same moment.
   * @throws AccountError `password.*` when the policy refuses it
   */
  async setPassword(id: string, password: string): Promise<RegStackUser | null> {
    const passwordHash = await this.passwords.hashNew(password);
    const user = await this.changeCredentials(id, { passwordHash });
    if (user) this.events.publish(new UserPasswordChangedEvent(user));
    return user;
  }

  /** Disables the account and ends every session. Null when the user is unknown, disabled already, or was changed at the same moment. */
  async disable(id: string): Promise<RegStackUser | null> {
    const user = await this.changeCredentials(id, { isActive: false });
    if (user) this.events.publish(new UserDisabledEvent(user));
    return user;
  }

  /** P1: the compare-and-set kills the sessions by their epoch; removing them afterwards is housekeeping that a crash may skip. */
  private async changeCredentials(id: string, changes: CredentialChanges): Promise<RegStackUser | null> {
    const user = await this.users.findById(id);
    const changed = user && (await this.users.changeCredentials(id, user.authEpoch, changes, null));
    if (!changed) return null;
    await this.sessions.closeAllFor(id).catch((error: unknown) => this.leaveToTheEpoch(error));
    return publicUser(changed);
  }

  private leaveToTheEpoch(error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown';
    this.logger.warn(`ended sessions are not removed yet, they are dead by their epoch (${reason})`);
  }
}
