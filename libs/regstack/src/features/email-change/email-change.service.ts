import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { UserEmailChangeRequestedEvent } from '../../kernel/account-events';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { type CredentialRecord, UserRepository } from '../../ports/user.repository';
import { CurrentPassword } from '../../services/current-password';
import { MailedLinks } from '../../services/mailed-links';
import { MailLimits } from '../../services/mail-limits.service';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';
import type { Authentication } from '../../services/session-authenticator';
import { EmailChangeMails } from './email-change.mails';

/** The wish to move to another address, which has to be proved first. */
@Injectable()
export class EmailChangeService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly currentPassword: CurrentPassword,
    private readonly limits: MailLimits,
    private readonly users: UserRepository,
    private readonly links: MailedLinks,
    private readonly mails: EmailChangeMails,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Mails a link to the new address, in place of an older one. A taken address costs the same and looks the same (R24): its link
   * is nobody's, it ends an older one all the same, and its mail tells the owner.
   *
   * @throws AccountError `email.invalid`, `password.wrong_current`, `login.locked`, `email.same`
   */
  async request(
    caller: Authentication,
    typedEmail: string,
    currentPassword: string,
    origin: Origin,
  ): Promise<void> {
    const email = canonicalEmail(typedEmail, 'new_email');
    const user = await this.currentPassword.prove(caller, currentPassword, origin);
    if (email === user.email) {
      const message = 'must be another address than the current one';
      throw new AccountError('email.same', { fields: [{ field: 'new_email', message }] });
    }
    if (!(await this.limits.reserve('email-change', email))) return;
    const link = this.links.mint({
      kind: 'email-change',
      subjectId: user.id,
      authEpoch: user.authEpoch,
      email,
      expiresAt: this.links.expiry(this.config.emailChangeTokenTtlSeconds),
    });
    const mail = (await this.isTaken(email, user, link.challenge.createdAt))
      ? await this.mails.addressTaken(email)
      : await this.mails.confirmation(email, link);
    await this.links.issue(link, mail);
    this.log.record(new UserEmailChangeRequestedEvent(publicUser(user)), { actor: user.id, origin });
  }

  /** By somebody else: the way back to the address before is free for its owner. */
  private async isTaken(email: EmailAddress, { emailUndo }: CredentialRecord, now: Date): Promise<boolean> {
    const taken = await this.users.isTaken(email, now);
    return taken && !(emailUndo?.email === email && emailUndo.expiresAt > now);
  }
}
