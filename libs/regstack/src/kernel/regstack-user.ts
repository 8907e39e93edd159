/** Fields that the host adds to its users, see `@Attribute()`. */
export type UserAttributes = Readonly<Record<string, unknown>>;

/**
 * The user as the rest of the app may see it: on `@CurrentUser()`, in events, in answers. Never holds a hash, an epoch or a secret.
 *
 * @typeParam T the class of the host's attributes: `@CurrentUser() user: RegStackUser<ShopAttributes>`
 */
export interface RegStackUser<T extends object = UserAttributes> {
  /** UUIDv7. */
  readonly id: string;
  /** Canonical address. */
  readonly email: string;
  readonly isActive: boolean;
  /** True once somebody proved to read mail at `email`. */
  readonly isVerified: boolean;
  readonly isSuperuser: boolean;
  /** Names that the host gives a meaning to, for `@Roles()`. Set by admins only. */
  readonly roles: readonly string[];
  readonly fullName: string | null;
  /** E.164, once confirmed. */
  readonly phoneNumber: string | null;
  readonly isMfaEnabled: boolean;
  /** Fields that the host adds. One that was never set is not there. */
  readonly attributes: Readonly<T>;
  readonly createdAt: Date;
  readonly lastLogin: Date | null;
}
