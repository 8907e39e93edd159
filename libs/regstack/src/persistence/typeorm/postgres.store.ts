import { type DataSource, DriverPackageNotInstalledError } from 'typeorm';
import { StoreOpenError } from '../../ports/store';
import { sqlStateOf } from './pg.errors';
import { PgSql } from './pg.sql';
import {
  migratePostgres,
  openPostgres,
  optionsOfUrl,
  poolOf,
  type PostgresOptions,
} from './postgres.data-source';
import type { OpenOptions } from './schema';
import { Tables } from './tables';
import { TypeOrmStore } from './typeorm.store';

/**
 * Opens a PostgreSQL database and brings its schema up to date.
 * @param source a URL, or the options of a DataSource of the host
 * @throws StoreOpenError naming the setting and the cure, never the password
 */
export async function openPostgresStore(
  source: string | PostgresOptions,
  options: OpenOptions,
): Promise<TypeOrmStore> {
  let dataSource: DataSource | undefined;
  try {
    dataSource = await openPostgres(typeof source === 'string' ? optionsOfUrl(source) : source, options);
    await migratePostgres(dataSource, options.autoMigrate);
    const sql = new PgSql(poolOf(dataSource), options.timeoutMs);
    return new TypeOrmStore(dataSource, sql, new Tables(options.tablePrefix));
  } catch (error) {
    await dataSource?.destroy();
    throw error instanceof StoreOpenError ? error : cannotOpen(error);
  }
}

function cannotOpen(cause: unknown): StoreOpenError {
  if (cause instanceof DriverPackageNotInstalledError) {
    return new StoreOpenError('PostgreSQL needs a package that is not installed; run: npm install pg');
  }
  return new StoreOpenError(
    `database_url: the PostgreSQL database cannot be opened (${reasonOf(cause)}); check that the server runs, and host, port, name, user and password of the URL`,
  );
}

/** What the server says never quotes a password; what the driver says might quote the URL, so of that only the code counts. */
function reasonOf(cause: unknown): string {
  const { code, name, message } = cause as { code?: unknown; name?: string; message?: string };
  if (sqlStateOf(cause) !== null) return message ?? '';
  return typeof code === 'string' ? code : (name ?? 'unknown');
}
