import { parseDatabaseUrl } from '../config/database-url';
import type { RegStackConfig } from '../config/regstack.config';
import { isNotInstalled } from '../kernel/optional-package';
import { type Store, StoreOpenError } from '../ports/store';

/** What opening a store needs of the configuration. */
export type StoreSettings = Pick<
  RegStackConfig,
  'databaseUrl' | 'tablePrefix' | 'autoMigrate' | 'databaseTimeoutMs' | 'databasePoolSize'
>;

/**
 * Opens the database that `database_url` names. Only the adapter of that database is loaded, and its packages.
 * @throws StoreOpenError naming the setting and the cure
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const url = parseDatabaseUrl(settings.databaseUrl);
  const options = optionsOf(settings);
  if (url?.kind === 'sqlite') {
    const { openSqliteStore } = await load(
      'typeorm',
      'SQLite',
      'typeorm better-sqlite3',
      () => import('./typeorm/sqlite.store'),
    );
    return openSqliteStore(url.file, options);
  }
  if (url?.kind === 'postgres') {
    const { openPostgresStore } = await load(
      'typeorm',
      'PostgreSQL',
      'typeorm pg',
      () => import('./typeorm/postgres.store'),
    );
    return openPostgresStore(url.url, options);
  }
  throw new StoreOpenError('database_url: this version has no MongoDB');
}

/**
 * Opens a store of our own on the database of a connection that the host has: same database, our tables, our transactions. A
 * foreign DataSource is not borrowed: it does not know our entities, and what the host rolls back on it would take our rows along.
 *
 * @param hostDataSource the host's TypeORM DataSource
 * @throws StoreOpenError naming the option and the cure
 */
export async function openStoreBeside(hostDataSource: unknown, settings: StoreSettings): Promise<Store> {
  const { openStoreBesideDataSource } = await import('./typeorm/beside.store');
  return openStoreBesideDataSource(hostDataSource, optionsOf(settings));
}

function optionsOf({
  tablePrefix,
  autoMigrate,
  databaseTimeoutMs: timeoutMs,
  databasePoolSize: poolSize,
}: StoreSettings) {
  return { tablePrefix, autoMigrate, timeoutMs, poolSize };
}

/** Loads an adapter; a package that is not installed is told with its cure. */
async function load<T>(
  name: string,
  database: string,
  packages: string,
  adapter: () => Promise<T>,
): Promise<T> {
  try {
    return await adapter();
  } catch (error) {
    if (!isNotInstalled(error, name)) throw error;
    throw new StoreOpenError(
      `${database} needs packages that are not installed; run: npm install ${packages}`,
    );
  }
}
