import type { Answers } from './question';

/** A user without a password, in the URL of a database server. */
const USER_ALONE = /^(?!sqlite)([a-z0-9+]+:\/\/[^:@/?#]+)@/i;

/** Whether the answers name a user of a database whose password is not known. */
export function takesPassword(answers: Answers): boolean {
  return USER_ALONE.test(answers.get('database_url') ?? '');
}

/** The URL with a password for its user. */
export function withPassword(url: string, password: string): string {
  return url.replace(USER_ALONE, (_, user: string) => `${user}:${encodeURIComponent(password)}@`);
}
