import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { inWords } from '../kernel/duration';
import type { EmailAddress } from '../kernel/email-address';
import { plainAddress } from '../kernel/ip-address';
import { type By, THE_APP } from '../kernel/origin';
import type { AccountChanges, ChangeNotices, Removal } from '../ports/account.repository';
import type { HappeningValues, MailKind, MailValues } from '../ports/mail.templates';
import type { OutboxMessage } from '../ports/outbox.repository';
import { type CredentialRecord, UserRepository, type UserRecord } from '../ports/user.repository';
import { LinkBuilder } from './link.builder';
import { OutboxService } from './outbox.service';

/** Who is told: an account and its address. */
type Owner = Pick<UserRecord, 'id' | 'email'>;

/** Mails that tell somebody what happened to their account (ASVS 6.3.7), with time, address and coarse device. Never limited. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly links: LinkBuilder,
    private readonly outbox: OutboxService,
    private readonly users: UserRepository,
  ) {}

  passwordChanged(owner: Owner, by: By): Promise<OutboxMessage> {
    return this.tell('password-changed', owner, this.happening(owner, by));
  }

  /**
   * The last mails about an account that is deleted now; null when there is none. The address that could take it back is told too: a
   * thief who has moved the account must not be able to end it without its owner hearing of it.
   */
  async accountDeleted(id: string, by: By): Promise<Pick<Removal, 'notices' | 'at'> | null> {
    const user = await this.users.findCredentials(id);
    if (!user) return null;
    const at = this.clock.now();
    const values = this.happening(user, by);
    const mails = addressesAt(at, user).map((email) => this.tell('account-deleted', { email }, values));
    return { at, notices: await Promise.all(mails) };
  }

  /**
   * To the address that an account has left.
   * @param undoToken null when an earlier address has the right to take the account back
   */
  emailChanged(owner: Owner, undoToken: string | null, by: By): Promise<OutboxMessage> {
    const link = undoToken === null ? '' : this.links.undoEmailChange(undoToken);
    const validFor = inWords(this.config.emailChangeUndoTokenTtlSeconds);
    return this.tell('email-changed', owner, { ...this.happening(owner, by), link, validFor });
  }

  /** @param factor in fixed words, see `factorInWords` */
  factorAdded(owner: Owner, factor: string, by: By): Promise<OutboxMessage> {
    return this.tell('factor-added', owner, { ...this.happening(owner, by), factor });
  }

  /** @param factor in fixed words, see `factorInWords` */
  factorRemoved(owner: Owner, factor: string, by: By): Promise<OutboxMessage> {
    return this.tell('factor-removed', owner, { ...this.happening(owner, by), factor });
  }

  /** The recovery codes are others now. */
  recoveryCodesReplaced(owner: Owner, by: By): Promise<OutboxMessage> {
    return this.tell('recovery-codes-replaced', owner, this.happening(owner, by));
  }

  /** @param left recovery codes that are left */
  recoveryCodeUsed(owner: Owner, left: number, by: By): Promise<OutboxMessage> {
    return this.tell('recovery-code-used', owner, { ...this.happening(owner, by), left });
  }

  /** To the address that lost an account to the one before. It may be a thief's, who is not to learn where the owner is. */
  emailChangeUndone(owner: Owner): Promise<OutboxMessage> {
    const by = 'whoever reads mail at the earlier address';
    return this.tell('email-change-undone', owner, { when: this.now(), by, ip: null, device: null });
  }

  /**
   * What is told of changes of status and rights. Which of it really changes only the store knows. Who is shut out need not hear of the
   * end of their sessions as well.
   */
  async accountChanged(owner: Owner, changes: AccountChanges, by: By): Promise<ChangeNotices> {
    const { isActive, isSuperuser, endSessions } = changes;
    const values = this.happening(owner, by);
    const tell = (kind: ChangeKind): Promise<OutboxMessage> => this.tell(kind, owner, values);
    return {
      ...(isActive !== undefined && {
        isActive: await tell(isActive ? 'account-enabled' : 'account-disabled'),
      }),
      ...(isSuperuser !== undefined && {
        isSuperuser: await tell(isSuperuser ? 'admin-granted' : 'admin-revoked'),
      }),
      ...(endSessions && isActive !== false && { endSessions: await tell('sessions-ended') }),
    };
  }

  private tell<K extends MailKind>(
    kind: K,
    { email }: Pick<Owner, 'email'>,
    values: MailValues[K],
  ): Promise<OutboxMessage> {
    return this.outbox.compose(kind, email, values, null);
  }

  /** Of an admin and of the app the owner learns that it was they, and not where they were. */
  private happening({ id }: Pick<Owner, 'id'>, { actor, origin }: By): HappeningValues {
    const when = this.now();
    const isOther = actor !== null && actor !== id;
    if (isOther) return { when, by: 'an administrator', ip: null, device: null };
    if (origin === THE_APP) return { when, by: origin.device, ip: null, device: null };
    return { when, by: null, ip: plainAddress(origin.ip), device: origin.device };
  }

  private now(): string {
    return inUtc(this.clock.now());
  }
}

type ChangeKind =
  'account-enabled' | 'account-disabled' | 'admin-granted' | 'admin-revoked' | 'sessions-ended';

/** `26 November 2026, 13:05 UTC` */
function inUtc(moment: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(moment).replace(' at ', ', ')} UTC`;
}

/** Where the owner of an account may be: its address, and the one before while the change can be undone. */
function addressesAt(now: Date, { email, emailUndo }: CredentialRecord): readonly EmailAddress[] {
  const isOpen = emailUndo !== null && emailUndo.expiresAt > now && emailUndo.email !== email;
  return isOpen ? [email, emailUndo.email] : [email];
}
