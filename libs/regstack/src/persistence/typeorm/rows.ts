import type { EmailAddress } from '../../kernel/email-address';
import type { UserAttributes } from '../../kernel/regstack-user';
import type { UserRecord } from '../../ports/user.repository';
import type { Row } from './sql';

/** Columns of a user that leave the store; the hash is not among them. */
export const USER_COLUMNS = [
  'id',
  'email',
  'full_name',
  'is_active',
  'is_verified',
  'is_superuser',
  'roles',
  'phone_number',
  'is_mfa_enabled',
  'attributes',
  'auth_epoch',
  'created_at',
  'last_login',
] as const;

/** The user in a row that has {@link USER_COLUMNS}. */
export function userFrom(row: Row): UserRecord {
  return {
    id: text(row['id']),
    email: text(row['email']) as EmailAddress,
    fullName: nullableText(row['full_name']),
    isActive: Boolean(row['is_active']),
    isVerified: Boolean(row['is_verified']),
    isSuperuser: Boolean(row['is_superuser']),
    roles: (document(row['roles']) ?? []) as readonly string[],
    phoneNumber: nullableText(row['phone_number']),
    isMfaEnabled: Boolean(row['is_mfa_enabled']),
    attributes: attributesFrom(row),
    authEpoch: Number(row['auth_epoch']),
    createdAt: date(row['created_at']),
    lastLogin: row['last_login'] === null ? null : date(row['last_login']),
  };
}

/** The attributes in a row; attempts of older versions have none. */
export function attributesFrom(row: Row): UserAttributes {
  return (document(row['attributes']) ?? {}) as UserAttributes;
}

/** A column that is a JSON document or NULL: text in SQLite, a value from drivers that know the type. */
function document(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

/** A column that is text. */
export function text(value: unknown): string {
  return value as string;
}

/** A column that is text or NULL. */
export function nullableText(value: unknown): string | null {
  return value as string | null;
}

/** A column that is an instant, in whatever form the driver gives it. */
export function date(value: unknown): Date {
  return new Date(value as number);
}
