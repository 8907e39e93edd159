import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent } from '../kernel/account-events';
import { Clock } from '../kernel/clock';
import { canonicalEmail } from '../kernel/email-address';
import { AccountError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import { BY_THE_APP } from '../kernel/origin';
import type { RegStackUser } from '../kernel/regstack-user';
import { AccountRepository } from '../ports/account.repository';
import { EmailTakenError, type NewUser, UserRepository } from '../ports/user.repository';
import { AttributeSchema } from './attribute.schema';
import { PasswordService } from './password.service';
import { checkFullName } from './profile-rules';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';

/** Somebody who is to be an admin. */
export interface NewAdmin {
  readonly email: string;
  readonly password: string;
  readonly fullName?: string | null;
}

const ACTIVE_ADMINS = { search: null, isActive: true, isVerified: null, isSuperuser: true } as const;

/** Admins whom nobody has promoted. */
@Injectable()
export class NewAdminsService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly users: UserRepository,
    private readonly schema: AttributeSchema,
    private readonly passwords: PasswordService,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /** See `UsersService.createAdmin()`. */
  async create(admin: NewAdmin): Promise<RegStackUser> {
    const created = await this.tryToCreate(admin);
    if (!created) throw new AccountError('registration.email_taken');
    return created;
  }

  /** See `UsersService.bootstrapAdmin()`. */
  async bootstrap(admin: NewAdmin): Promise<RegStackUser | null> {
    if (await this.isThere()) return null;
    const created = await this.tryToCreate(admin);
    // Another process may have made the same one at the same moment.
    if (!created && !(await this.isThere())) throw new AccountError('registration.email_taken');
    return created;
  }

  private async isThere(): Promise<boolean> {
    return (await this.accounts.countOf(ACTIVE_ADMINS)) > 0;
  }

  /** Null when the address is taken. */
  private async tryToCreate({
    email: typed,
    password,
    fullName = null,
  }: NewAdmin): Promise<RegStackUser | null> {
    const email = canonicalEmail(typed);
    checkFullName(fullName);
    const passwordHash = await this.passwords.hashNew(password, { email, fullName });
    const createdAt = this.clock.now();
    const marks = { isVerified: true, isSuperuser: true, attributes: this.schema.initial(), createdAt };
    return this.store({ ...marks, id: newId(createdAt), email, passwordHash, fullName });
  }

  private async store(user: NewUser): Promise<RegStackUser | null> {
    try {
      const created = publicUser(await this.users.create(user));
      this.log.record(new UserRegisteredEvent(created), BY_THE_APP);
      return created;
    } catch (error) {
      if (error instanceof EmailTakenError) return null;
      throw error;
    }
  }
}
