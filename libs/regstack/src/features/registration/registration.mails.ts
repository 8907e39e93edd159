import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import type { EmailAddress } from '../../kernel/email-address';
import type { OutboxMessage } from '../../ports/outbox.repository';
import { LinkBuilder } from '../../services/link.builder';
import { OutboxService } from '../../services/outbox.service';

/** The mails of registration. None holds a word that a stranger typed: the address is not proved yet (W45). */
@Injectable()
export class RegistrationMails {
  constructor(
    private readonly config: RegStackConfig,
    private readonly links: LinkBuilder,
    private readonly outbox: OutboxService,
  ) {}

  /** The link that activates an attempt. */
  verification(email: EmailAddress, token: string, challengeId: string): Promise<OutboxMessage> {
    const validHours = Math.max(1, Math.floor(this.config.verificationTokenTtlSeconds / 3600));
    return this.outbox.compose(
      'registration-verify',
      email,
      { link: this.links.verify(token), validHours },
      challengeId,
    );
  }

  /** Tells the owner of an account that somebody tried to register its address. */
  addressTaken(email: EmailAddress): Promise<OutboxMessage> {
    return this.outbox.compose('registration-taken', email, { appUrl: this.config.baseUrl }, null);
  }

  /** Have stored mails sent now. */
  send(): void {
    this.outbox.wake();
  }
}
