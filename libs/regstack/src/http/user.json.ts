import type { RegStackUser } from '../kernel/regstack-user';

/** A user as admins see them: what the app alone goes by is there too. */
export function adminUserJson(user: RegStackUser) {
  return { ...userJson(user), roles: user.roles };
}

/** A user as JSON: the field names of the Python project. */
export function userJson(user: RegStackUser) {
  return {
    id: user.id,
    email: user.email,
    is_active: user.isActive,
    is_verified: user.isVerified,
    is_superuser: user.isSuperuser,
    full_name: user.fullName,
    phone_number: user.phoneNumber,
    is_mfa_enabled: user.isMfaEnabled,
    attributes: user.attributes,
    created_at: user.createdAt.toISOString(),
    last_login: user.lastLogin?.toISOString() ?? null,
  };
}
