import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { AccountRemovalService } from '../../services/account-removal.service';
import { CurrentPassword } from '../../services/current-password';
import type { Authentication } from '../../services/session-authenticator';

/** The end of an account by its owner. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly currentPassword: CurrentPassword,
    private readonly removal: AccountRemovalService,
  ) {}

  /**
   * Deletes the caller's account with every row about it; the address can register again at once.
   *
   * @throws AccountError `password.wrong_current`, `login.locked`, `hook.refused`, `account.last_admin`; `session.required` when the
   *   credentials were changed at the same moment
   */
  async delete(caller: Authentication, currentPassword: string, origin: Origin): Promise<void> {
    const user = await this.currentPassword.prove(caller, currentPassword, origin);
    const removed = await this.removal.remove(user, user.authEpoch, { actor: user.id, origin });
    if (!removed) throw new AccountError('session.required');
  }
}
