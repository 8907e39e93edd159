import type { UserQuery } from '../../ports/account.repository';
import type { Dialect } from './dialect';

/** Conditions of a WHERE, each with its parameters. */
export interface Conditions {
  readonly text: string;
  readonly params: readonly unknown[];
}

type Condition = readonly [text: string, ...params: unknown[]];

/** The rows of users that a query is about, and that begin after an id. */
export function usersOf(dialect: Dialect, query: UserQuery, before: string | null = null): Conditions {
  const { search, isActive, isVerified, isSuperuser } = query;
  const conditions: readonly Condition[] = [
    ...given('is_active = ?', isActive),
    ...given('is_verified = ?', isVerified),
    ...given('is_superuser = ?', isSuperuser),
    ...(search === null ? [] : [found(dialect, search)]),
    ...given('id < ?', before),
  ];
  return {
    text: ['true', ...conditions.map(([text]) => text)].join(' AND '),
    params: conditions.flatMap(([, ...params]) => params),
  };
}

const given = (text: string, value: unknown): readonly Condition[] => (value === null ? [] : [[text, value]]);

/** Text is looked for as it is: no character of it stands for others, as in LIKE. */
function found({ position, lowerAscii }: Dialect, search: string): Condition {
  const name = search.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
  const text = `(${position}(email, ?) > 0 OR ${position}(${lowerAscii('full_name')}, ?) > 0)`;
  return [text, search.toLowerCase(), name];
}
