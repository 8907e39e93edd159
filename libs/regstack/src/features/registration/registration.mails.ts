import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { LinkBuilder } from '../../services/link.builder';
import type { MintedLink } from '../../services/mailed-links';
import { OutboxService } from '../../services/outbox.service';

/** Mails with a link that proves an address. */
type LinkMail = 'registration-verify' | 'registration-mailbox' | 'account-verify';

/** The mails of registration. None holds a word that a stranger typed: the address is not proved yet (W45). */
@Injectable()
export class RegistrationMails {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /** A link that proves the address: of an attempt, of several of them, of an account. */
  verification(
    email: EmailAddress,
    { token, challengeId, validFor }: MintedLink,
    kind: LinkMail = 'registration-verify',
  ): Promise<OutboxMessage> {
    return this.outbox.compose(kind, email, { link: this.links.verify(token), validFor }, challengeId);
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
