import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { inWords } from '../kernel/duration';
import type { EmailAddress } from '../kernel/email-address';
import type { Removal } from '../ports/account.repository';
import type { OutboxMessage } from '../ports/outbox.repository';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { LinkBuilder } from './link.builder';
import { OutboxService } from './outbox.service';

/** Mails that tell somebody what happened to their account (ASVS 6.3.7), with time and coarse device. Never limited. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly links: LinkBuilder,
    private readonly outbox: OutboxService,
    private readonly users: UserRepository,
  ) {}

  /** @param device in fixed words, see `coarseDevice` */
  passwordChanged(email: EmailAddress, device: string): Promise<OutboxMessage> {
    return this.outbox.compose('password-changed', email, { when: this.now(), device }, null);
  }

  /**
   * The last mails about an account that is deleted now; null when there is none. The address that could take it back is told too: a
   * thief who has moved the account must not be able to end it without its owner hearing of it.
   */
  async accountDeleted(id: string, device: string): Promise<Pick<Removal, 'notices' | 'at'> | null> {
    const user = await this.users.findCredentials(id);
    if (!user) return null;
    const at = this.clock.now();
    const values = { when: this.now(), device };
    const mails = addressesAt(at, user).map((email) =>
      this.outbox.compose('account-deleted', email, values, null),
    );
    return { at, notices: await Promise.all(mails) };
  }

  /**
   * To the address that an account has left.
   * @param undoToken null when an earlier address has the right to take the account back
   */
  emailChanged(email: EmailAddress, undoToken: string | null, device: string): Promise<OutboxMessage> {
    const link = undoToken === null ? '' : this.links.undoEmailChange(undoToken);
    const validFor = inWords(this.config.emailChangeUndoTokenTtlSeconds);
    return this.outbox.compose('email-changed', email, { when: this.now(), device, link, validFor }, null);
  }

  /** To the address that lost an account to the one before. */
  emailChangeUndone(email: EmailAddress, device: string): Promise<OutboxMessage> {
    return this.outbox.compose('email-change-undone', email, { when: this.now(), device }, null);
  }

  /** `26 November 2026, 13:05 UTC` */
  private now(): string {
    const format = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: 'UTC',
    });
    return `${format.format(this.clock.now()).replace(' at ', ', ')} UTC`;
  }
}

/** Where the owner of an account may be: its address, and the one before while the change can be undone. */
function addressesAt(now: Date, { email, emailUndo }: CredentialRecord): readonly EmailAddress[] {
  const isOpen = emailUndo !== null && emailUndo.expiresAt > now && emailUndo.email !== email;
  return isOpen ? [email, emailUndo.email] : [email];
}
