import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { LinkBuilder } from '../../services/link.builder';
import { type LinkSubject, MailedLinks, type MintedLink } from '../../services/mailed-links';
import { OutboxService } from '../../services/outbox.service';

/** Mails with a link that proves an address. */
type LinkMail = 'registration-verify' | 'registration-mailbox';

/** What a link proves that lives for `verification_token_ttl_seconds`, or shorter. */
type Proof = Omit<LinkSubject, 'expiresAt'> & { readonly notAfter?: Date };

/** The mails of registration. None holds a word that a stranger typed: the address is not proved yet (W45). */
@Injectable()
export class RegistrationMails {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: MailedLinks,
    private readonly urls: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /** A link that proves the address: of an attempt, or of several of them. */
  verification(
    email: EmailAddress,
    { token, challengeId, validFor }: MintedLink,
    kind: LinkMail = 'registration-verify',
  ): Promise<OutboxMessage> {
    return this.outbox.compose(kind, email, { link: this.urls.verify(token), validFor }, challengeId);
  }

  /** Mails a new link, in place of an older one. */
  async mailLink(kind: LinkMail, email: EmailAddress, { notAfter, ...proof }: Proof): Promise<void> {
    const expiry = this.links.expiry(this.config.verificationTokenTtlSeconds);
    const expiresAt = notAfter && notAfter < expiry ? notAfter : expiry;
    const link = this.links.mint({ ...proof, expiresAt });
    await this.links.issue(link, await this.verification(email, link, kind));
  }

  /** Tells the owner of an account that somebody tried to register its address. */
  addressTaken(email: EmailAddress): Promise<OutboxMessage> {
    return this.outbox.compose('registration-taken', email, { appUrl: this.config.baseUrl }, null);
  }

  /** Have stored mails sent now. */
  wake(): void {
    this.outbox.wake();
  }
}
