import type { RegStackConfig } from '@regstack/nestjs';

/** The file of a SQLite database, as `database_url` names it; null for one in memory or on a server. */
export function sqliteFile(config: RegStackConfig | null): string | null {
  const file = /^sqlite(?:\+\w+)?:(?:\/\/\/)?(.+)$/i.exec(config?.databaseUrl.trim() ?? '')?.[1];
  return file === undefined || file === ':memory:' ? null : file;
}
