import type { RegStackUser } from '../kernel/regstack-user';

/** The part of a stored user that may leave: named field by field, so that a new column stays inside by default. */
export function publicUser(user: RegStackUser): RegStackUser {
  return {
    id: user.id,
    email: user.email,
    isActive: user.isActive,
    isVerified: user.isVerified,
    isSuperuser: user.isSuperuser,
    roles: user.roles,
    fullName: user.fullName,
    phoneNumber: user.phoneNumber,
    isMfaEnabled: user.isMfaEnabled,
    attributes: user.attributes,
    createdAt: user.createdAt,
    lastLogin: user.lastLogin,
  };
}
