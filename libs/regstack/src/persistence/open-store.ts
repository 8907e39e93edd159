import { DATABASE_URL_FORMS, parseDatabaseUrl } from '../config/database-url';
import type { RegStackConfig } from '../config/regstack.config';
import { isNotInstalled } from '../kernel/optional-package';
import type { SchemaAtOpen } from '../ports/schema';
import { type Store, StoreOpenError } from '../ports/store';

/** What opening a store needs of the configuration. */
export type StoreSettings = Pick<
  RegStackConfig,
  'databaseUrl' | 'tablePrefix' | 'autoMigrate' | 'databaseTimeoutMs' | 'databasePoolSize' | 'mongodbDatabase'
>;

/**
 * Opens the database that `database_url` names. Only the adapter of that database is loaded, and its packages.
 * @param schema what is done about the schema; by default what `auto_migrate` says
 * @throws StoreOpenError naming the setting and the cure
 */
export async function openStore(settings: StoreSettings, schema?: SchemaAtOpen): Promise<Store> {
  const url = parseDatabaseUrl(settings.databaseUrl);
  const options = optionsOf(settings, schema);
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
  if (url?.kind === 'mongodb') {
    const { MongooseStore } = await load(
      'mongoose',
      'MongoDB',
      'mongoose',
      () => import('./mongoose/mongoose.store'),
    );
    return MongooseStore.open(url.url, options);
  }
  throw new StoreOpenError(`database_url: must be one of ${DATABASE_URL_FORMS}`);
}

/** A connection that the host has: its TypeORM DataSource or its Mongoose Connection. */
export interface HostConnection {
  readonly orm: 'typeorm' | 'mongoose';
  readonly host: unknown;
}

/**
 * Opens a store on the database of a connection that the host has. A Mongoose Connection is used as it is. A foreign DataSource is
 * not: it does not know our entities, and what the host rolls back on it would take our rows along; so the store has a DataSource
 * of its own with the same options.
 * @param schema as for {@link openStore}
 * @throws StoreOpenError naming the option and the cure
 */
export async function openStoreBeside(
  { orm, host }: HostConnection,
  settings: StoreSettings,
  schema?: SchemaAtOpen,
): Promise<Store> {
  const options = optionsOf(settings, schema);
  if (orm === 'mongoose') {
    const { MongooseStore } = await import('./mongoose/mongoose.store');
    return MongooseStore.openBeside(host, options);
  }
  const { openStoreBesideDataSource } = await import('./typeorm/beside.store');
  return openStoreBesideDataSource(host, options);
}

function optionsOf(settings: StoreSettings, schema?: SchemaAtOpen) {
  const { tablePrefix, autoMigrate, databaseTimeoutMs, databasePoolSize, mongodbDatabase } = settings;
  return {
    tablePrefix,
    schema: schema ?? (autoMigrate ? ('migrate' as const) : ('check' as const)),
    timeoutMs: databaseTimeoutMs,
    poolSize: databasePoolSize,
    databaseName: mongodbDatabase,
  };
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
