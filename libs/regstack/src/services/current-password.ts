import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { refundIfThrown } from './buckets';
import { getOwner } from './find-user';
import { LockoutService } from './lockout.service';
import { PasswordService } from './password.service';
import { SecurityLog } from './security-log';
import type { Authentication } from './session-authenticator';

/** Proof that whoever is signed in knows the password: a session may be stolen. */
@Injectable()
export class CurrentPassword {
  constructor(
    private readonly users: UserRepository,
    private readonly lockout: LockoutService,
    private readonly passwords: PasswordService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * The user with the epoch of the password that was proved. Guesses are counted against the device of the session, so that nobody
   * outside can shut out an owner who is signed in; wrong ones also against the strangers, so that a stolen session is no oracle.
   *
   * @param origin for the security log
   * @throws AccountError `password.wrong_current`, `login.locked`; `session.required` when the session is over by now
   */
  async prove(caller: Authentication, password: string, origin: Origin): Promise<CredentialRecord> {
    const user = await getOwner(this.users, caller);
    const { id, authEpoch } = user;
    const by = { actor: id, origin };
    const device = { id: caller.deviceId, authEpoch, knownSince: authEpoch };
    const attempt = await this.lockout.reserve(user.email, device, { by, target: id });
    if (await refundIfThrown(attempt, () => this.passwords.verify(password, user))) {
      await attempt.clear();
      return user;
    }
    this.log.note('password.refused', by, { target: id, result: 'refused' });
    await this.lockout.chargeStrangers(user.email);
    throw new AccountError('password.wrong_current', {
      fields: [{ field: 'current_password', message: 'is not the current password' }],
    });
  }
}
