import { Injectable } from '@nestjs/common';
import { UserMfaDisabledEvent, UserPasswordChangedEvent, UserPromotedEvent } from '../kernel/account-events';
import { canonicalEmail } from '../kernel/email-address';
import { unavailable } from '../kernel/errors';
import type { By } from '../kernel/origin';
import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';
import type { MfaFactor } from '../kernel/sign-in-proof';
import type { OutboxMessage } from '../ports/outbox.repository';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { CredentialsService } from './credentials.service';
import { NO_FACTORS } from './factor-changes';
import { factorInWords } from './factor-words';
import { MfaService } from './mfa.service';
import { PasswordService } from './password.service';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';
import { SessionsService } from './sessions.service';

/** Who is to be an admin, with the account that the address has. */
export interface Appointment {
  readonly email: string;
  readonly password: string;
  /** Takes the second factors away too: those of somebody else would shut the admin out. Default: false. */
  readonly clearSecondFactors?: boolean;
}

/** What became of an account that was made an admin's. */
export interface AppointedAdmin<T extends object = UserAttributes> {
  /** After it: disabled, or without a proof of the address, where it was so before; with the roles that it had. */
  readonly user: RegStackUser<T>;
  /** Sessions that were live until then, 500 at most. */
  readonly endedSessions: number;
  /** Second factors that are still asked for. */
  readonly keptFactors: readonly MfaFactor[];
  /** Second factors that are gone. */
  readonly removedFactors: readonly MfaFactor[];
}

/** How often somebody else may change the account at the same moment, each of which costs them a hash or a link. */
const ATTEMPTS = 10;

/** Superusers made of accounts that are there, whoever registered them (W11). */
@Injectable()
export class AppointmentService {
  constructor(
    private readonly users: UserRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly credentials: CredentialsService,
    private readonly mfa: MfaService,
    private readonly notices: SecurityNotices,
    private readonly log: SecurityLog,
  ) {}

  /** See `UsersService.promoteExisting()`. Everything that counts is one write: a crash leaves all of it, or nothing. */
  async appoint(appointment: Appointment, by: By): Promise<AppointedAdmin | null> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const user = await this.find(appointment.email);
      if (!user) return null;
      const appointed = await this.tryToAppoint(user, appointment, by);
      if (appointed) return appointed;
    }
    throw unavailable(new Error('the account is changed by others at the same moment, again and again'));
  }

  private async find(email: string): Promise<CredentialRecord | null> {
    const address = canonicalEmail(email);
    const found = await this.users.findForLogin(address);
    const user = found && (await this.users.findCredentials(found.id));
    // They may have moved between the two looks, and whoever moves away is not who was meant.
    return user?.email === address ? user : null;
  }

  /** Null when somebody else was first. */
  private async tryToAppoint(
    before: CredentialRecord,
    { password, clearSecondFactors = false }: Appointment,
    by: By,
  ): Promise<AppointedAdmin | null> {
    const passwordHash = await this.passwords.hashNew(password, before);
    const factors = this.mfa.keptOf(before);
    const [keptFactors, removedFactors] = clearSecondFactors ? [[], factors] : [factors, []];
    const endedSessions = (await this.sessions.listFor(before.id)).length;
    const changes = { passwordHash, ...(clearSecondFactors && NO_FACTORS) };
    const notices = await this.noticesOf(before, removedFactors, by);
    const user = await this.credentials.appoint(before, changes, notices);
    if (!user) return null;
    this.tell(before, user, removedFactors, by);
    return { user, endedSessions, keptFactors, removedFactors };
  }

  private async noticesOf(
    owner: CredentialRecord,
    removed: readonly MfaFactor[],
    by: By,
  ): Promise<readonly OutboxMessage[]> {
    const { isSuperuser } = await this.notices.accountChanged(owner, { isSuperuser: true }, by);
    const words = removed.map((one) => factorInWords(one, owner.phoneNumber)).join(' and ');
    return [
      await this.notices.passwordChanged(owner, by),
      ...(isSuperuser && !owner.isSuperuser ? [isSuperuser] : []),
      ...(removed.length > 0 ? [await this.notices.factorRemoved(owner, words, by)] : []),
    ];
  }

  private tell(before: CredentialRecord, user: RegStackUser, removed: readonly MfaFactor[], by: By): void {
    this.log.record(new UserPasswordChangedEvent(user), by);
    if (!before.isSuperuser) this.log.record(new UserPromotedEvent(user), by);
    if (removed.length > 0)
      this.log.record(new UserMfaDisabledEvent(user, removed), by, { reason: removed.join('+') });
  }
}
