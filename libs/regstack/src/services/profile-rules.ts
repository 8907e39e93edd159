import { AccountError } from '../kernel/errors';
import { brokenText, FULL_NAME, ROLE, ROLES_MAX } from '../kernel/text';

/**
 * Passes for the name of a person, or none.
 * @throws AccountError `request.invalid`
 */
export function checkFullName(name: string | null | undefined): void {
  const message = name === null || name === undefined ? null : brokenText(name, FULL_NAME);
  if (message) throw new AccountError('request.invalid', { fields: [{ field: 'full_name', message }] });
}

/**
 * Passes for roles that a user may have.
 * @throws AccountError `request.invalid`
 */
export function checkRoles(roles: readonly string[]): void {
  const broken = roles.map((role) => brokenText(role, ROLE)).find((one) => one !== null);
  const message = roles.length > ROLES_MAX ? `must be at most ${ROLES_MAX}` : broken && `each ${broken}`;
  if (message) throw new AccountError('request.invalid', { fields: [{ field: 'roles', message }] });
}
