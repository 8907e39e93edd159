import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import type { EmailAddress } from '../kernel/email-address';
import type { UserRecord } from '../ports/user.repository';
import { LinkBuilder } from './link.builder';
import { MailedLinks } from './mailed-links';
import { OutboxService } from './outbox.service';

/** Mails with a link that proves the address of an account, which nobody has proved so far. */
@Injectable()
export class VerificationLinks {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: MailedLinks,
    private readonly urls: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /**
   * Mails a link to the user's address, in place of an older one.
   * @param user null for a decoy: the same work, and nothing is sent
   */
  async mail(email: EmailAddress, user: UserRecord | null): Promise<void> {
    const link = this.links.mint({
      kind: 'verification',
      subjectId: user?.id ?? { decoyFor: email },
      authEpoch: user?.authEpoch ?? 0,
      expiresAt: this.links.expiry(this.config.verificationTokenTtlSeconds),
    });
    const values = { link: this.urls.verify(link.token), validFor: link.validFor };
    await this.links.issue(
      link,
      await this.outbox.compose('account-verify', email, values, link.challengeId),
    );
  }
}
