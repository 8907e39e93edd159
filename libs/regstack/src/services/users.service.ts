import { Injectable } from '@nestjs/common';
import { UserDisabledEvent, UserPasswordChangedEvent } from '../kernel/account-events';
import { canonicalEmail } from '../kernel/email-address';
import type { RegStackUser } from '../kernel/regstack-user';
import { EventPublisher } from '../ports/event.publisher';
import { UserRepository } from '../ports/user.repository';
import { PasswordService } from './password.service';
import { CredentialsService } from './credentials.service';
import { SecurityNotices } from './security-notices';
import { publicUser } from './public-user';

/** Users for the code of the host. Whoever calls this decides who may. */
@Injectable()
export class UsersService {
  constructor(
    private readonly users: UserRepository,
    private readonly passwords: PasswordService,
    private readonly credentials: CredentialsService,
    private readonly notices: SecurityNotices,
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
   * Sets a password, ends every session and tells the user by mail. Null when the user is unknown, disabled, or was changed at the
   * same moment.
   * @throws AccountError `password.*` when the policy refuses it
   */
  async setPassword(id: string, password: string): Promise<RegStackUser | null> {
    const user = await this.users.findById(id);
    if (!user) return null;
    const passwordHash = await this.passwords.hashNew(password, user);
    const notice = await this.notices.passwordChanged(user.email, 'the app itself');
    const changed = await this.credentials.change(user, { passwordHash }, [notice]);
    if (changed) this.events.publish(new UserPasswordChangedEvent(changed));
    return changed;
  }

  /** Disables the account and ends every session. Null when the user is unknown, disabled already, or was changed at the same moment. */
  async disable(id: string): Promise<RegStackUser | null> {
    const user = await this.users.findById(id);
    const changed = user && (await this.credentials.change(user, { isActive: false }, []));
    if (changed) this.events.publish(new UserDisabledEvent(changed));
    return changed;
  }
}
