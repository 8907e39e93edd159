import { type DataSource, DriverPackageNotInstalledError } from 'typeorm';
import { prepareSchema } from '../../ports/schema';
import { StoreOpenError } from '../../ports/store';
import { POSTGRES } from './dialect';
import { MigrationSteps } from './migration-steps';
import { sqlStateOf } from './pg.errors';
import { PgSql } from './pg.sql';
import {
  closePostgres,
  openPostgres,
  optionsOfUrl,
  poolOf,
  type PostgresOptions,
} from './postgres.data-source';
import { PostgresSchema } from './postgres.schema';
import type { OpenOptions } from './schema';
import { Tables } from './tables';
import { TypeOrmStore } from './typeorm.store';

/** SQLSTATEs of a server that cannot be reached, or does not want us. */
const NO_ENTRY = /^(08|28|3D|53|57)/;

/**
 * Opens a PostgreSQL database and does about its schema what the options say.
 * @param source a URL, or the options of a DataSource of the host
 * @throws StoreOpenError naming the setting or the option, and the cure; never the password
 */
export async function openPostgresStore(
  source: string | PostgresOptions,
  options: OpenOptions,
): Promise<TypeOrmStore> {
  const key = typeof source === 'string' ? 'database_url' : 'connection';
  let dataSource: DataSource | undefined;
  try {
    dataSource = await openPostgres(typeof source === 'string' ? optionsOfUrl(source) : source, options);
    const steps = await MigrationSteps.of(dataSource, POSTGRES);
    const schema = new PostgresSchema(dataSource, steps, (cause) => cannotOpen(key, cause));
    await prepareSchema(schema, options.schema);
    const sql = new PgSql(poolOf(dataSource)!, options.timeoutMs);
    return new TypeOrmStore(dataSource, schema, sql, new Tables(options.tablePrefix));
  } catch (error) {
    if (dataSource) await closePostgres(dataSource);
    throw error instanceof StoreOpenError ? error : cannotOpen(key, error);
  }
}

function cannotOpen(key: string, cause: unknown): StoreOpenError {
  if (cause instanceof DriverPackageNotInstalledError) {
    return new StoreOpenError('PostgreSQL needs a package that is not installed; run: npm install pg');
  }
  const state = sqlStateOf(cause);
  const cure =
    state === null || NO_ENTRY.test(state)
      ? 'check that the server runs, and host, port, name, user and password'
      : 'check the rights of the user on the schema, or migrate with another user and auto_migrate = false here';
  return new StoreOpenError(`${key}: the PostgreSQL database cannot be opened (${reasonOf(cause)}); ${cure}`);
}

/** What the server says never quotes a password; what the driver says might quote the URL, so of that only the code counts. */
function reasonOf(cause: unknown): string {
  const { code, name, message } = cause as { code?: unknown; name?: string; message?: string };
  if (sqlStateOf(cause) !== null) return message ?? '';
  return typeof code === 'string' ? code : (name ?? 'unknown');
}
