import { Injectable, Logger } from '@nestjs/common';
import { UserLockedOutEvent, UserLoggedOutEvent, UserLoginFailedEvent } from '../../kernel/account-events';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import type { RegStackUser } from '../../kernel/regstack-user';
import { EventPublisher } from '../../ports/event.publisher';
import { SessionRepository } from '../../ports/session.repository';
import { type LoginRecord, UserRepository } from '../../ports/user.repository';
import { type LoginAttempt, LockoutService } from '../../services/lockout.service';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { type SignedIn, SignInService } from '../../services/sign-in.service';

/** Signing in by password, and out. */
@Injectable()
export class LoginService {
  private readonly logger = new Logger('RegStack');

  constructor(
    private readonly lockout: LockoutService,
    private readonly users: UserRepository,
    private readonly passwords: PasswordService,
    private readonly signIn: SignInService,
    private readonly sessions: SessionRepository,
    private readonly events: EventPublisher,
  ) {}

  /**
   * Signs in. Unknown address, wrong password, no password: one answer, after the same work (W13, R13).
   *
   * @throws AccountError `login.locked`, `login.invalid_credentials`; with the right password only, `account.disabled` and
   *   `account.unverified`
   */
  async login(typedEmail: string, password: string): Promise<SignedIn> {
    const email = canonicalEmail(typedEmail);
    const attempt = await this.lockout.reserve(email);
    const user = await refundIfThrown(attempt, () => this.check(email, password, attempt));
    if (!user) throw new AccountError('login.invalid_credentials');
    const signedIn = await refundIfThrown(attempt, () => this.signIn.complete(user, ['password']));
    await this.tidyUp(attempt, password, user);
    return signedIn;
  }

  /** Ends the session. Its token is dead on the next request, on every node. */
  async logout(sessionId: string, user: RegStackUser): Promise<void> {
    if (await this.sessions.close(sessionId)) this.events.publish(new UserLoggedOutEvent(user));
  }

  /** The session is open: what fails here is no failure of the sign-in. */
  private async tidyUp(attempt: LoginAttempt, password: string, user: LoginRecord): Promise<void> {
    try {
      await attempt.clear();
      await this.passwords.upgradeHash(password, user);
    } catch (error) {
      this.logger.warn(`after a sign-in: ${error instanceof Error ? error.message : 'failed'}`);
    }
  }

  /** The user, if the password is theirs; null after the same work otherwise. */
  private async check(
    email: EmailAddress,
    password: string,
    attempt: LoginAttempt,
  ): Promise<LoginRecord | null> {
    const user = await this.users.findForLogin(email);
    if (await this.passwords.verify(password, user)) return user;
    this.events.publish(new UserLoginFailedEvent(user && publicUser(user)));
    if (user && attempt.isLast) this.events.publish(new UserLockedOutEvent(publicUser(user)));
    return null;
  }
}

/**
 * Takes the attempt back when what it guards could not be done (an outage), or was refused although the password was right. In an
 * outage the answer does not wait for it: the store that failed would be waited for twice.
 */
async function refundIfThrown<T>(attempt: LoginAttempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refunded = attempt.refund().catch(() => {});
    if (error instanceof AccountError && error.code !== 'service.unavailable') await refunded;
    throw error;
  }
}
