/** Where the users live, read from `database_url`. */
export type DatabaseUrl =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string }
  | { readonly kind: 'mongodb'; readonly url: string };

/** The forms that are understood, for messages. */
export const DATABASE_URL_FORMS =
  'sqlite:./file.db, sqlite::memory:, postgres://user:password@host/name, mongodb://host/name';

/**
 * Reads a database URL. A `+driver` suffix as the Python project writes it (`sqlite+aiosqlite:///./x.db`,
 * `postgresql+asyncpg://…`) is dropped; so are the slashes of SQLAlchemy's SQLite URLs (three: relative, four: absolute).
 * Answers null for a URL that is none of ours.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl | null {
  const match = /^([a-z]+)(?:\+[a-z0-9_]+)?:(.+)$/i.exec(text.trim());
  if (!match) return null;
  const scheme = match[1]!.toLowerCase();
  const rest = match[2]!;
  if (scheme === 'sqlite') return sqlite(rest);
  if (!rest.startsWith('//')) return srv(text, rest);
  if (scheme === 'postgres' || scheme === 'postgresql') return { kind: 'postgres', url: `postgres:${rest}` };
  if (scheme === 'mongodb') return srv(text, rest);
  return null;
}

/** A path and nothing else: no host or password before it, no options behind it, no `file:` URI. */
function sqlite(rest: string): DatabaseUrl | null {
  const file = rest.replace(/^\/\/\//, '');
  return file === '' || file.startsWith('//') || /\?|^file:/i.test(file) ? null : { kind: 'sqlite', file };
}

/** `mongodb+srv` looks like a `+driver` suffix but names another way to find the hosts (DNS seed list). */
function srv(text: string, rest: string): DatabaseUrl | null {
  const scheme = /^mongodb(\+srv)?:/i.exec(text.trim());
  return scheme && rest.startsWith('//')
    ? { kind: 'mongodb', url: `${scheme[0].toLowerCase()}${rest}` }
    : null;
}
