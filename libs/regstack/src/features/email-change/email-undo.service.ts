import { Inject, Injectable, Optional } from '@nestjs/common';
import { UserEmailChangeUndoneEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import { hashToken, looksLikeToken } from '../../kernel/secret-token';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import { type CredentialRecord, UserRepository } from '../../ports/user.repository';
import { CredentialsService } from '../../services/credentials.service';
import { housekeeping } from '../../services/housekeeping';
import { publicUser } from '../../services/public-user';
import { ResetLinks } from '../../services/reset-links';
import { refuseLink } from '../../services/refused-links';
import { SecurityLog } from '../../services/security-log';
import { SecurityNotices } from '../../services/security-notices';

/** The way back for whoever reads the mail of the address before: a thief who changed it must lose to them (P9). */
@Injectable()
export class EmailUndoService {
  constructor(
    private readonly clock: Clock,
    private readonly users: UserRepository,
    private readonly attempts: PendingRegistrationRepository,
    private readonly notices: SecurityNotices,
    private readonly credentials: CredentialsService,
    /** Not there where the host has left the feature of passwords out. */
    @Optional() @Inject(ResetLinks) private readonly resetLinks: ResetLinks | undefined,
    private readonly log: SecurityLog,
  ) {}

  /** A link that sets a new password is mailed to whoever gets their account back. */
  get mailsResetLink(): boolean {
    return this.resetLinks?.isOn ?? false;
  }

  /** True while the link can be used. Changes nothing. */
  async isLive(token: string): Promise<boolean> {
    const user = await this.find(token);
    return user !== null && user.isActive;
  }

  /**
   * Brings the address back, whatever has happened to the account since: the password goes, every session ends, and a link that
   * sets a new password is mailed to the address.
   *
   * @throws AccountError `token.invalid`
   */
  async undo(token: string, origin: Origin): Promise<RegStackUser> {
    const user = await this.find(token);
    if (!user?.emailUndo) return refuseLink(this.log, 'email_change_undo', origin);
    const { email } = user.emailUndo;
    const notice = await this.notices.emailChangeUndone(user);
    // First, so that no left-over brings the address that is left back as another account (P3).
    await this.attempts.dropAllFor(user.email);
    const restored = await this.credentials.undoEmailChange(user, user.emailUndo, [notice]);
    if (!restored) return refuseLink(this.log, 'email_change_undo', origin);
    // A crash before it costs a mail that can be asked for at any time.
    const mail = this.resetLinks?.mail('email-restored', email, restored);
    await housekeeping('an undone change of address', mail ?? Promise.resolve());
    this.log.record(new UserEmailChangeUndoneEvent(publicUser(restored)), { actor: user.id, origin });
    return publicUser(restored);
  }

  private async find(token: string): Promise<CredentialRecord | null> {
    if (!looksLikeToken(token)) return null;
    return this.users.findByUndo(hashToken(token), this.clock.now());
  }
}
