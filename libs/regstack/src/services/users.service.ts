import { Injectable } from '@nestjs/common';
import { canonicalEmail } from '../kernel/email-address';
import { type By, BY_THE_APP } from '../kernel/origin';
import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';
import type { AccountChanges } from '../ports/account.repository';
import { UserRepository } from '../ports/user.repository';
import { AccountChangeService } from './account-change.service';
import { AccountRemovalService } from './account-removal.service';
import { type AppointedAdmin, type Appointment, AppointmentService } from './appointment.service';
import { AttributeSchema } from './attribute.schema';
import { findUser } from './find-user';
import { type NewAdmin, NewAdminsService } from './new-admins.service';
import { NewPasswords } from './new-passwords';
import { checkFullName, checkRoles } from './profile-rules';
import { publicUser } from './public-user';

/** What of a profile is to be changed. */
export interface ProfileChanges<T extends object = UserAttributes> {
  readonly fullName?: string | null;
  /** By name; null removes one. */
  readonly attributes?: { readonly [K in keyof T]?: T[K] | null };
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
    private readonly admins: NewAdminsService,
    private readonly appointments: AppointmentService,
  ) {}

  /** The user, or null. */
  async findById(id: string): Promise<RegStackUser<T> | null> {
    return this.typed(await findUser(this.users, id));
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
    return this.typed(await this.passwords.set(id, password, by));
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
    const user = await findUser(this.users, id);
    if (!user) return null;
    // By name: what a host passes on may have more than the type says.
    const { fullName, attributes } = profile;
    checkFullName(fullName);
    if (attributes) await this.schema.check(attributes, 'app', user.attributes);
    const changes = { ...(fullName !== undefined && { fullName }), ...(attributes && { attributes }) };
    return this.change(id, changes, by);
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
    const user = await findUser(this.users, id);
    return this.typed(user && (await this.removal.remove(user, null, by)));
  }

  /**
   * Makes a verified superuser where no active one is there yet, for the start of an app: it can run at every start. Null where there is
   * one, whoever it is, so somebody who was deleted or demoted does not come back by it.
   *
   * @throws AccountError `registration.email_taken` when the address has an account that is no active superuser: whoever registered it
   *   first does not become one by that (W11); `email.invalid`, `password.*`, `request.invalid`
   */
  async bootstrapAdmin(admin: NewAdmin): Promise<RegStackUser<T> | null> {
    return this.typed(await this.admins.bootstrap(admin));
  }

  /**
   * Makes a verified superuser.
   * @throws AccountError `registration.email_taken` when the address has an account, which is left as it is (W11), see
   *   {@link promoteExisting}; otherwise
   *   as {@link bootstrapAdmin}
   */
  async createAdmin(admin: NewAdmin): Promise<RegStackUser<T>> {
    return this.typed(await this.admins.create(admin));
  }

  /**
   * Makes a superuser of whoever has the account at this address by now, with a password of yours: what others knew or held of it before
   * is worth nothing any more (W11). Every session, mailed link, waiting sign-in and trusted device ends, a change of address cannot be
   * taken back, all of it in one write; the owner is told by mail. A disabled account stays disabled and an address that was not proved
   * stays so, both of which the answer tells; second factors stay, and are asked for, unless you have them taken away.
   *
   * @returns null when the address has no account
   * @throws AccountError `email.invalid`; `password.*` when the policy refuses it; `service.unavailable` when others changed the account
   *   at the same moment, again and again
   */
  async promoteExisting(admin: Appointment, by: By = BY_THE_APP): Promise<AppointedAdmin<T> | null> {
    const appointed = await this.appointments.appoint(admin, by);
    return appointed && { ...appointed, user: this.typed(appointed.user) };
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
