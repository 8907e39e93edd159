import type { UserAttributes } from '../kernel/regstack-user';
import type { AccountChanges, ChangeNotices } from './account.repository';
import type { OutboxMessage } from './outbox.repository';
import type { UserRecord } from './user.repository';

/** The user after a change, as every store must make it. */
export function changedUser<T extends UserRecord>(user: T, changes: AccountChanges): T {
  const { endSessions, attributes = {}, ...others } = changes;
  const endsSessions = endSessions || (user.isActive && changes.isActive === false);
  return {
    ...user,
    ...others,
    attributes: merged(user.attributes, attributes),
    authEpoch: user.authEpoch + (endsSessions ? 1 : 0),
  };
}

/** The notices of what has changed of a user. */
export function toldOf(before: UserRecord, changes: AccountChanges, notices: ChangeNotices): OutboxMessage[] {
  const { isActive, isSuperuser, endSessions } = notices;
  const isOther = (flag: 'isActive' | 'isSuperuser') =>
    changes[flag] !== undefined && changes[flag] !== before[flag];
  return [
    ...(isActive && isOther('isActive') ? [isActive] : []),
    ...(isSuperuser && isOther('isSuperuser') ? [isSuperuser] : []),
    ...(endSessions && changes.endSessions ? [endSessions] : []),
  ];
}

/** Attributes with changes by name; null removes one. */
export function merged(attributes: UserAttributes, changes: UserAttributes): UserAttributes {
  const all = Object.entries({ ...attributes, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

/** True when a change may take an active admin away, so that it has to be held against all others (P5). */
export function removesAdmin({ isActive, isSuperuser }: AccountChanges): boolean {
  return isActive === false || isSuperuser === false;
}
