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
    return this.outbox.compose(
      'registration-verify',
      email,
      { link: this.links.verify(token), validFor: inWords(this.config.verificationTokenTtlSeconds) },
      challengeId,
    );
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

/** A time as people say it, never longer than it is. */
function inWords(seconds: number): string {
  const [unit, size] = seconds >= 7200 ? ['hour', 3600] : seconds >= 120 ? ['minute', 60] : ['second', 1];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
