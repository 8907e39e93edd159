import { parseDatabaseUrl } from '../config/database-url';
import type { RegStackConfig } from '../config/regstack.config';
import { isNotInstalled } from '../kernel/optional-package';
import { type Store, StoreOpenError } from '../ports/store';

/** What opening a store needs of the configuration. */
export type StoreSettings = Pick<
  RegStackConfig,
  'databaseUrl' | 'tablePrefix' | 'autoMigrate' | 'databaseTimeoutMs' | 'databasePoolSize' | 'mongodbDatabase'
>;

/**
 * Opens the database that `database_url` names. Only the adapter of that database is loaded.
 * @throws StoreOpenError naming the setting and the cure
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const url = parseDatabaseUrl(settings.databaseUrl);
  if (url?.kind === 'mongodb') {
    const { MongooseStore } = await loadMongoose();
    const { databasePoolSize: poolSize, mongodbDatabase: databaseName } = settings;
    return MongooseStore.open(url.url, { ...optionsOf(settings), poolSize, databaseName });
  }
  if (url?.kind !== 'sqlite') {
    throw new StoreOpenError('database_url: this version has SQLite only; use sqlite:./file.db');
  }
  const { TypeOrmStore } = await loadTypeOrm();
  return TypeOrmStore.openSqlite(url.file, optionsOf(settings));
}

/**
 * Opens a store of our own on the database of a connection that the host has: same file, our tables, our transactions. A foreign
 * DataSource is not borrowed: it does not know our entities, and what the host rolls back on it would take our rows along.
 *
 * @param hostDataSource the host's TypeORM DataSource
 * @throws StoreOpenError naming the option and the cure
 */
export async function openStoreBeside(hostDataSource: unknown, settings: StoreSettings): Promise<Store> {
  const { TypeOrmStore } = await loadTypeOrm();
  return TypeOrmStore.openBeside(hostDataSource, optionsOf(settings));
}

function optionsOf({ tablePrefix, autoMigrate, databaseTimeoutMs: timeoutMs }: StoreSettings) {
  return { tablePrefix, autoMigrate, timeoutMs };
}

async function loadTypeOrm(): Promise<typeof import('./typeorm/typeorm.store')> {
  try {
    return await import('./typeorm/typeorm.store');
  } catch (error) {
    if (!isNotInstalled(error, 'typeorm')) throw error;
    throw new StoreOpenError(
      'SQLite needs packages that are not installed; run: npm install typeorm better-sqlite3',
    );
  }
}

async function loadMongoose(): Promise<typeof import('./mongoose/mongoose.store')> {
  try {
    return await import('./mongoose/mongoose.store');
  } catch (error) {
    if (!isNotInstalled(error, 'mongoose')) throw error;
    throw new StoreOpenError('MongoDB needs a package that is not installed; run: npm install mongoose');
  }
}
