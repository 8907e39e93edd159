import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import type { EmailAddress } from '../kernel/email-address';
import type { UserRecord } from '../ports/user.repository';
import { LinkBuilder } from './link.builder';
import { MailedLinks } from './mailed-links';
import { OutboxService } from './outbox.service';

/** Mails that carry a link which sets a new password. */
@Injectable()
export class ResetLinks {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: MailedLinks,
    private readonly urls: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /** Passwords can be reset by mail. */
  get isOn(): boolean {
    return this.config.enablePasswordReset;
  }

  /**
   * Mails a link to the user's address, in place of an older one. Does nothing where passwords cannot be reset.
   * @param user null for a decoy: the same work, and nothing is sent
   */
  async mail(
    kind: 'password-reset' | 'email-restored',
    email: EmailAddress,
    user: UserRecord | null,
  ): Promise<void> {
    if (!this.isOn) return;
    const { passwordResetTokenTtlSeconds: ttl } = this.config;
    const link = this.links.mint({
      kind: 'password-reset',
      subjectId: user?.id ?? { decoyFor: email },
      authEpoch: user?.authEpoch ?? 0,
      expiresAt: this.links.expiry(ttl),
    });
    const values = { link: this.urls.reset(link.token), validFor: link.validFor };
    await this.links.issue(link, await this.outbox.compose(kind, email, values, link.challengeId));
  }
}
