import { Injectable } from '@nestjs/common';
import { UserLockedOutEvent, UserLoggedOutEvent, UserLoginFailedEvent } from '../../kernel/account-events';
import { canonicalEmail } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import type { RegStackUser } from '../../kernel/regstack-user';
import { EventPublisher } from '../../ports/event.publisher';
import { SessionRepository } from '../../ports/session.repository';
import { type LoginRecord, UserRepository } from '../../ports/user.repository';
import { housekeeping } from '../../services/housekeeping';
import { KnownDevices } from '../../services/known-devices';
import { type LoginAttempt, LockoutService, refundIfThrown } from '../../services/lockout.service';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { type SignedIn, SignInService } from '../../services/sign-in.service';

/** Signing in by password, and out. */
@Injectable()
export class LoginService {
  constructor(
    private readonly lockout: LockoutService,
    private readonly devices: KnownDevices,
    private readonly users: UserRepository,
    private readonly passwords: PasswordService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionRepository,
    private readonly events: EventPublisher,
  ) {}

  /**
   * Signs in. Unknown address, wrong password, no password: one answer, after the same work (W13, R13).
   * The user is read first, because a device is known to somebody; the attempt is counted before the password is looked at.
   *
   * @param deviceToken from the cookie of a device that may be known
   * @throws AccountError `login.locked`, `login.invalid_credentials`; with the right password only, `account.disabled` and
   *   `account.unverified`
   */
  async login(typedEmail: string, password: string, deviceToken: string | null): Promise<SignedIn> {
    const email = canonicalEmail(typedEmail);
    const user = await this.users.findForLogin(email);
    const device = user && this.devices.recognise(deviceToken, user);
    const attempt = await this.lockout.reserve(email, device);
    if (!(await refundIfThrown(attempt, () => this.passwords.verify(password, user))) || !user)
      return this.refuse(user, attempt);
    const signedIn = await refundIfThrown(attempt, () =>
      this.signIn.complete(user, ['password'], device?.id),
    );
    await housekeeping('a sign-in', this.tidyUp(attempt, password, user));
    return signedIn;
  }

  /** Ends the session. Its token is dead on the next request, on every node. */
  async logout(sessionId: string, user: RegStackUser): Promise<void> {
    if (await this.sessions.close(sessionId)) this.events.publish(new UserLoggedOutEvent(user));
  }

  private async tidyUp(attempt: LoginAttempt, password: string, user: LoginRecord): Promise<void> {
    await attempt.clear();
    await this.passwords.upgradeHash(password, user);
  }

  private refuse(user: LoginRecord | null, attempt: LoginAttempt): never {
    this.events.publish(new UserLoginFailedEvent(user && publicUser(user)));
    if (user && attempt.isLast) this.events.publish(new UserLockedOutEvent(publicUser(user)));
    throw new AccountError('login.invalid_credentials');
  }
}
