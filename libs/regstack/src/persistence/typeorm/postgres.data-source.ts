import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions, MigrationExecutor } from 'typeorm';
import { schemaIsOld } from '../../ports/store';
import { POSTGRES } from './dialect';
import { isUpToDate, type OpenOptions, schemaOf } from './schema';

/** DataSource options of PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const POOL_SIZE = 10;
/** A process that stops in the middle of a transaction holds its rows back from the others no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The options of a DataSource for a URL. The URL is read by `pg` (all of its parameters count), not by TypeORM. */
export function optionsOfUrl(url: string): PostgresOptions {
  return { type: 'postgres', extra: { connectionString: url } };
}

/** A DataSource of our own, with our tables and our pool, on the server that `source` names, connected. */
export async function openPostgres(source: PostgresOptions, options: OpenOptions): Promise<DataSource> {
  const { timeoutMs, poolSize, tablePrefix } = options;
  const dataSource = new DataSource({
    ...source,
    ...schemaOf(POSTGRES, tablePrefix),
    applicationName: 'regstack',
    poolSize: poolSize ?? POOL_SIZE,
    subscribers: [],
    synchronize: false,
    dropSchema: false,
    migrationsRun: false,
    cache: false,
    logging: false,
    installExtensions: false,
    extra: {
      ...(source.extra as object | undefined),
      ...searchPath(source.schema),
      max: poolSize ?? POOL_SIZE,
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
      // The server's own limit ends what waits for a lock on behalf of somebody who has gone.
      statement_timeout: timeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  return dataSource.initialize();
}

/** The pool of a connected DataSource. */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { readonly master: Pool }).master;
}

/**
 * Brings the schema up to date in one transaction under an advisory lock, so that processes that boot together take turns.
 * @throws StoreOpenError when the schema is old and `autoMigrate` is off
 */
export async function migratePostgres(dataSource: DataSource, autoMigrate: boolean): Promise<void> {
  if (autoMigrate) await runUnderLock(dataSource);
  else if (!(await isUpToDate(dataSource))) throw schemaIsOld();
}

async function runUnderLock(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query('SET LOCAL statement_timeout = 0');
    const lock = `SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext($1))`;
    await runner.query(lock, [dataSource.options.migrationsTableName]);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}

/** The schema of a host's DataSource holds our tables as well; our statements do not name it. */
function searchPath(schema: string | undefined): { options?: string } {
  if (schema === undefined) return {};
  // An identifier in quotes, in a list that is split at spaces.
  const quoted = `"${schema.replaceAll('"', '""')}"`.replace(/[\\\s]/g, '\\$&');
  return { options: `-c search_path=${quoted}` };
}
