import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { LinkBuilder } from '../../services/link.builder';
import type { MintedLink } from '../../services/mailed-links';
import { OutboxService } from '../../services/outbox.service';

/** The mails to an address that somebody wants to move to. None holds a word that a stranger typed (W45). */
@Injectable()
export class EmailChangeMails {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /** The link that proves the address. */
  confirmation(email: EmailAddress, { token, challengeId, validFor }: MintedLink): Promise<OutboxMessage> {
    const values = { link: this.links.confirmEmailChange(token), validFor };
    return this.outbox.compose('email-change-confirm', email, values, challengeId);
  }

  /** Tells the owner of an account that somebody tried to move to its address (R24). */
  addressTaken(email: EmailAddress): Promise<OutboxMessage> {
    return this.outbox.compose('email-change-taken', email, { appUrl: this.config.baseUrl }, null);
  }
}
