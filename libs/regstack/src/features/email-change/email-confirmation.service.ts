import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserEmailChangedEvent, UserVerifiedEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import { hashToken, mintToken } from '../../kernel/secret-token';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import type { CredentialRecord, EmailUndo } from '../../ports/user.repository';
import { CredentialsService } from '../../services/credentials.service';
import { housekeeping } from '../../services/housekeeping';
import { MailedLinks } from '../../services/mailed-links';
import { refuseLink } from '../../services/refused-links';
import { SecurityLog } from '../../services/security-log';
import { SecurityNotices } from '../../services/security-notices';

/** The move to another address, by the link that was mailed to it. */
@Injectable()
export class EmailConfirmationService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly links: MailedLinks,
    private readonly attempts: PendingRegistrationRepository,
    private readonly notices: SecurityNotices,
    private readonly credentials: CredentialsService,
    private readonly log: SecurityLog,
  ) {}

  /** True while the link can be used. Changes nothing. */
  async isLive(token: string): Promise<boolean> {
    return (await this.links.findOwned('email-change', token)) !== null;
  }

  /**
   * Moves to the address that the link was mailed to, and to no other (R36): one change of credentials, which is the single use of
   * the link (P1, P9). The address before is told, with a link that takes the change back.
   *
   * @throws AccountError `token.invalid`, also when somebody else has the address by now
   */
  async confirm(token: string, origin: Origin): Promise<RegStackUser> {
    const found = await this.links.findOwned('email-change', token);
    const email = found?.challenge.email;
    if (!found || !email) return refuseLink(this.log, 'email_change', origin);
    const { user } = found;
    const { undo, undoToken } = this.undoOf(user);
    const by = { actor: user.id, origin };
    const notice = await this.notices.emailChanged(user, undoToken, by);
    // First, so that no left-over brings the address back as another account (P3).
    await this.attempts.dropAllFor(user.email);
    const changed = await this.credentials.changeEmail(user, { email, undo }, [notice]);
    if (!changed) return refuseLink(this.log, 'email_change', origin);
    await housekeeping('a change of address', this.attempts.dropAllFor(email));
    this.log.record(new UserEmailChangedEvent(changed, user.email), by);
    if (!user.isVerified) this.log.record(new UserVerifiedEvent(changed), by);
    return changed;
  }

  /**
   * The earliest change that can still be taken back stays the one: a thief who moves on must not get rid of it. One that leads to
   * the address which is left now gives way: whoever reads its mail is to have the whole time, from this change on. Nobody has proved to
   * read the mail of an address that is not verified: its undo is the first proof, and leaves no second factor from before (P10).
   */
  private undoOf({ email, emailUndo, authEpoch, isVerified }: CredentialRecord): {
    undo: EmailUndo;
    undoToken: string | null;
  } {
    const leadsElsewhere = emailUndo && emailUndo.email !== email && emailUndo.expiresAt > this.clock.now();
    if (leadsElsewhere) return { undo: emailUndo, undoToken: null };
    const undoToken = mintToken();
    const expiresAt = this.links.expiry(this.config.emailChangeUndoTokenTtlSeconds);
    const since = { authEpoch: isVerified ? authEpoch : -1 };
    const undo = { email, tokenHash: hashToken(undoToken), expiresAt, ...since };
    return { undo, undoToken };
  }
}
