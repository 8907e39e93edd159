import { Injectable } from '@nestjs/common';
import { UserLockedOutEvent, UserLoginFailedEvent } from '../../kernel/account-events';
import { canonicalEmail } from '../../kernel/email-address';
import { AccountError, type ErrorCode } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { type LoginRecord, UserRepository } from '../../ports/user.repository';
import { refundIfThrown } from '../../services/buckets';
import { housekeeping } from '../../services/housekeeping';
import { HookRunner } from '../../services/hook-runner';
import { KnownDevices } from '../../services/known-devices';
import { type KnownDevice, type LoginAttempt, LockoutService } from '../../services/lockout.service';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';
import { type SignInResult, SignInService } from '../../services/sign-in.service';
import type { Transport } from '../../services/token.service';

/** What somebody brings to sign in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** From the cookie of a device that may be known. */
  readonly deviceToken: string | null;
  /** How the token of the session will travel. */
  readonly transport: Transport;
}

/** Signing in by password. */
@Injectable()
export class LoginService {
  constructor(
    private readonly hooks: HookRunner,
    private readonly lockout: LockoutService,
    private readonly devices: KnownDevices,
    private readonly users: UserRepository,
    private readonly passwords: PasswordService,
    private readonly signIn: SignInService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Signs in. Unknown address, wrong password, no password: one answer, after the same work (W13, R13).
   * The hook of the app comes before anybody is looked up. The user is read first, because a device is known to somebody; the attempt
   * is counted before the password is looked at.
   *
   * @throws AccountError `hook.refused`, `login.locked`, `login.invalid_credentials`; with the right password only,
   *   `account.disabled`, `account.unverified` and `mfa.unavailable`
   */
  async login(credentials: Credentials, origin: Origin): Promise<SignInResult> {
    const { password, deviceToken, transport } = credentials;
    const email = canonicalEmail(credentials.email);
    await this.hooks.beforeSignIn({ email, ip: origin.ip }, origin);
    const user = await this.users.findForLogin(email);
    const device = user && this.devices.recognise(deviceToken, user);
    const guess = { by: { actor: null, origin }, target: user?.id ?? null };
    const attempt = await this.lockout.reserve(email, device, guess);
    if (!(await refundIfThrown(attempt, () => this.passwords.verify(password, user))) || !user)
      return this.refuse(user, attempt, origin);
    const result = await refundIfThrown(attempt, () => this.complete(user, device, transport, origin));
    // The password was right, but nobody is signed in before the second step: the attempt is taken back, and others still count.
    const settled = result.status === 'signed_in' ? attempt.clear() : attempt.refund();
    await housekeeping('a sign-in', settled, this.passwords.upgradeHash(password, user));
    return result;
  }

  private async complete(
    user: LoginRecord,
    device: KnownDevice | null,
    transport: Transport,
    origin: Origin,
  ): Promise<SignInResult> {
    try {
      return await this.signIn.complete(user, ['password'], { knownDevice: device?.id, transport, origin });
    } catch (error) {
      if (error instanceof AccountError && error.code !== 'service.unavailable')
        this.tellRefusal(user, error.code, origin);
      throw error;
    }
  }

  private refuse(user: LoginRecord | null, attempt: LoginAttempt, origin: Origin): never {
    this.tellRefusal(user, 'login.invalid_credentials', origin);
    if (attempt.isLast) this.tellLock(user, origin);
    throw new AccountError('login.invalid_credentials');
  }

  /** The host hears of accounts only; the log has a line whoever's the address is. */
  private tellLock(user: LoginRecord | null, origin: Origin): void {
    const by = { actor: null, origin };
    if (user) this.log.record(new UserLockedOutEvent(publicUser(user)), by, { result: 'refused' });
    else this.log.note('user.locked_out', by, { result: 'refused' });
  }

  private tellRefusal(user: LoginRecord | null, reason: ErrorCode, origin: Origin): void {
    const event = new UserLoginFailedEvent(user && publicUser(user));
    this.log.record(event, { actor: null, origin }, { result: 'refused', reason });
  }
}
