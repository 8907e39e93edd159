/**
 * The user as the rest of the app may see it: on `@CurrentUser()`, in events, in answers. Never holds a hash, an epoch or a secret.
 */
export interface RegStackUser {
  /** UUIDv7. */
  readonly id: string;
  /** Canonical address. */
  readonly email: string;
  readonly isActive: boolean;
  /** True once somebody proved to read mail at `email`. */
  readonly isVerified: boolean;
  readonly isSuperuser: boolean;
  readonly fullName: string | null;
  /** E.164, once confirmed. */
  readonly phoneNumber: string | null;
  readonly isMfaEnabled: boolean;
  /** Fields that the host adds. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  readonly lastLogin: Date | null;
}
