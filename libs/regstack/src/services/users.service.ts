import { Injectable } from '@nestjs/common';
import { UserPasswordChangedEvent, UserRegisteredEvent } from '../kernel/account-events';
import { Clock } from '../kernel/clock';
import { canonicalEmail } from '../kernel/email-address';
import { AccountError } from '../kernel/errors';
import { looksLikeId, newId } from '../kernel/ids';
import { type By, BY_THE_APP } from '../kernel/origin';
import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';
import type { AccountChanges } from '../ports/account.repository';
import { EmailTakenError, type NewUser, type UserRecord, UserRepository } from '../ports/user.repository';
import { AccountChangeService } from './account-change.service';
import { AccountRemovalService } from './account-removal.service';
import { AttributeSchema } from './attribute.schema';
import { NewPasswords } from './new-passwords';
import { checkFullName, checkRoles } from './profile-rules';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';

/** What of a profile is to be changed. */
export interface ProfileChanges<T extends object = UserAttributes> {
  readonly fullName?: string | null;
  /** By name; null removes one. */
  readonly attributes?: { readonly [K in keyof T]?: T[K] | null };
}

/** Somebody who is to be an admin. */
export interface FirstAdmin {
  readonly email: string;
  readonly password: string;
  readonly fullName?: string | null;
}

/**
 * Users for the code of the host: what the routes do, without their question who is asking. Whoever calls this decides who may.
 *
 * @typeParam T the class of the host's attributes
 */
@Injectable()
export class UsersService<T extends object = UserAttributes> {
  constructor(
    private readonly users: UserRepository,
    private readonly changes: AccountChangeService,
    private readonly removal: AccountRemovalService,
    private readonly schema: AttributeSchema,
    private readonly passwords: NewPasswords,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /** The user, or null. */
  async findById(id: string): Promise<RegStackUser<T> | null> {
    return this.typed(await this.find(id));
  }

  /**
   * The user with this address, in whatever case it is typed, or null.
   * @throws AccountError `email.invalid`
   */
  async findByEmail(email: string): Promise<RegStackUser<T> | null> {
    return this.typed(await this.users.findForLogin(canonicalEmail(email)));
  }

  /**
   * Sets a password, ends every session and tells the user by mail. Null when the user is unknown, disabled, or was changed at the
   * same moment.
   * @throws AccountError `password.*` when the policy refuses it
   */
  async setPassword(id: string, password: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    const changed = await this.passwords.set(id, password, by.origin);
    if (changed) this.log.record(new UserPasswordChangedEvent(changed), by);
    return this.typed(changed);
  }

  /**
   * Changes name and attributes; what is not named stays. Null when the user is unknown.
   * @throws AccountError `request.invalid` for a name that is too long, and for attributes that the schema refuses; the app's own code may
   *   write each of them
   */
  async updateProfile(
    id: string,
    profile: ProfileChanges<T>,
    by: By = BY_THE_APP,
  ): Promise<RegStackUser<T> | null> {
    const user = await this.find(id);
    if (!user) return null;
    const { attributes, ...others } = profile;
    checkFullName(others.fullName);
    const given = attributes as UserAttributes | undefined;
    const checked = given && (await this.schema.check(given, 'app', user.attributes));
    return this.change(id, { ...others, ...(checked && { attributes: checked }) }, by);
  }

  /**
   * Sets the roles that `@Roles()` asks for, in place of those before. Null when the user is unknown.
   * @throws AccountError `request.invalid` for more than 32, or one of more than 64 characters
   */
  async setRoles(id: string, roles: readonly string[], by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    checkRoles(roles);
    return this.change(id, { roles: [...new Set(roles)] }, by);
  }

  /**
   * Disables the account and ends every session. Null when the user is unknown.
   * @throws AccountError `account.last_admin`
   */
  disable(id: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    return this.change(id, { isActive: false }, by);
  }

  /** Lets a disabled account be used again. Null when the user is unknown. */
  enable(id: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    return this.change(id, { isActive: true }, by);
  }

  /** Makes the user a superuser. Null when the user is unknown. */
  promote(id: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    return this.change(id, { isSuperuser: true }, by);
  }

  /**
   * Takes the rights of a superuser. Null when the user is unknown.
   * @throws AccountError `account.last_admin`
   */
  demote(id: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    return this.change(id, { isSuperuser: false }, by);
  }

  /**
   * Deletes the account with every row about it, and tells the address. Null when the user is unknown.
   * @throws AccountError `hook.refused`, `account.last_admin`
   */
  async delete(id: string, by: By = BY_THE_APP): Promise<RegStackUser<T> | null> {
    const user = await this.find(id);
    return this.typed(user && (await this.removal.remove(user, null, by)));
  }

  /**
   * Makes a verified superuser, for the start of an app; one that is there already stays as it is, so it can run at every start.
   *
   * @throws AccountError `registration.email_taken` when the address has an account that is no superuser: whoever registered it first
   *   does not become one by that (W11); `email.invalid`, `password.*`
   */
  async bootstrapAdmin({ email: typed, password, fullName = null }: FirstAdmin): Promise<RegStackUser<T>> {
    const email = canonicalEmail(typed);
    checkFullName(fullName);
    const passwordHash = await this.passwords.hash(password, { email, fullName });
    const createdAt = this.clock.now();
    const marks = { isVerified: true, isSuperuser: true, attributes: this.schema.initial(), createdAt };
    const created = await this.create({ ...marks, id: newId(createdAt), email, passwordHash, fullName });
    if (created) return this.typed(created);
    const found = await this.users.findForLogin(email);
    if (!found?.isSuperuser) throw new AccountError('registration.email_taken');
    return this.typed(publicUser(found));
  }

  /** Text that is no id is nobody's, on every database. */
  private async find(id: string): Promise<UserRecord | null> {
    return looksLikeId(id) ? this.users.findById(id) : null;
  }

  /** Null when the address is taken. */
  private async create(user: NewUser): Promise<RegStackUser | null> {
    try {
      const created = publicUser(await this.users.create(user));
      this.log.record(new UserRegisteredEvent(created), BY_THE_APP);
      return created;
    } catch (error) {
      if (error instanceof EmailTakenError) return null;
      throw error;
    }
  }

  private async change(id: string, changes: AccountChanges, by: By): Promise<RegStackUser<T> | null> {
    return this.typed(await this.changes.change(id, changes, by));
  }

  /** The schema has checked what the type says. */
  private typed<U extends RegStackUser | null>(user: U): U extends null ? null : RegStackUser<T>;
  private typed(user: RegStackUser | null): RegStackUser<T> | null {
    return user && (publicUser(user) as unknown as RegStackUser<T>);
  }
}
