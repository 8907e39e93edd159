import type { Sql, Statement } from './sql';
import type { Tables } from './tables';

/**
 * Stands first in every transaction that may take an active admin away (P5): they come one after the other, so that each sees what the
 * one before it has done. What makes an admin need not wait.
 */
export function inLine({ dialect: { queue } }: Sql, { prefix }: Tables): readonly Statement[] {
  return queue === null ? [] : [{ text: queue, params: [`${prefix}admins`] }];
}

/** Condition on a row of users: it is no active admin. One that is locked under it does not become one before it is let go. */
export function isNoAdmin({ users }: Tables): string {
  return `NOT (${users}.is_active AND ${users}.is_superuser)`;
}

/** Condition on a row of users: it is no active admin, or there is another one (P5). */
export function leavesAnAdmin(tables: Tables): string {
  const { users } = tables;
  return `(${isNoAdmin(tables)} OR EXISTS
    (SELECT 1 FROM ${users} other WHERE other.id <> ${users}.id AND other.is_active AND other.is_superuser))`;
}
