import type { RegStackUser } from '@regstack/nestjs';
import { printable } from '../printable';

/** A user in a list: what has a fixed width first, what strangers chose last. */
export function userLine(user: RegStackUser): string {
  const { id, email, createdAt, lastLogin, fullName } = user;
  const name = fullName === null ? [] : [`"${printable(fullName)}"`];
  const states = stateOf(user);
  return [
    id,
    dayOf(createdAt),
    (lastLogin ? dayOf(lastLogin) : 'never').padEnd(10),
    printable(email),
    ...(states.length > 0 ? [`(${states.join(', ')})`] : []),
    ...name,
  ].join('  ');
}

/** All of a user, a line each. */
export function userLines(user: RegStackUser, liveSessions: number): readonly string[] {
  const { id, email, fullName, phoneNumber, roles, attributes, createdAt, lastLogin } = user;
  const state = [user.isActive ? 'active' : null, ...stateOf(user)].filter((one) => one !== null);
  return Object.entries({
    id,
    email,
    name: fullName ?? '-',
    state: state.join(', '),
    roles: roles.join(', ') || '-',
    phone: phoneNumber ?? '-',
    attributes: JSON.stringify(attributes),
    created: createdAt.toISOString(),
    'last sign-in': lastLogin?.toISOString() ?? 'never',
    'live sessions': String(liveSessions),
  }).map(([name, value]) => `${name.padEnd(13)}  ${printable(value)}`);
}

/** What is not as with most users. */
function stateOf({ isActive, isVerified, isSuperuser, isMfaEnabled }: RegStackUser): readonly string[] {
  const states = [
    isSuperuser && 'superuser',
    !isActive && 'disabled',
    !isVerified && 'unverified',
    isMfaEnabled && 'second factor',
  ];
  return states.filter((one) => one !== false);
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
