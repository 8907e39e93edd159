import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { within } from '../../kernel/within';
import { POSTGRES } from './dialect';
import { type OpenOptions, schemaOf } from './schema';
import { checkSession, sessionOptions } from './pg.session';

/** DataSource options of PostgreSQL. */
export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>;

const POOL_SIZE = 10;
/** Connecting at boot may take this long beyond the time-out of an operation. */
const BOOT_MS = 5000;
/** A process that stops in the middle of a transaction holds its rows back from the others no longer than this. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/** The options of a DataSource for a URL. The URL is read by `pg` (all of its parameters count), not by TypeORM. */
export function optionsOfUrl(url: string): PostgresOptions {
  return { type: 'postgres', extra: { connectionString: url } };
}

/**
 * A DataSource of our own, with our tables and our pool, on the server that `source` names, connected.
 * @throws StoreOpenError when the sessions are not as our statements need them
 */
export async function openPostgres(source: PostgresOptions, options: OpenOptions): Promise<DataSource> {
  const { timeoutMs, poolSize, tablePrefix } = options;
  const max = poolSize ?? POOL_SIZE;
  const server = serverOf(source);
  const dataSource = new DataSource({
    ...server,
    ...schemaOf(POSTGRES, tablePrefix),
    applicationName: 'regstack',
    poolSize: max,
    logging: false,
    installExtensions: false,
    extra: {
      ...server.extra,
      options: sessionOptions(source),
      max,
      keepAlive: true,
      connectionTimeoutMillis: timeoutMs,
      // The server's own limit ends what waits for a lock on behalf of somebody who has gone.
      statement_timeout: timeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    },
  });
  try {
    const isConnected = await within(timeoutMs + BOOT_MS, dataSource.initialize(), { ref: true });
    if (!isConnected) throw new Error('no answer in time');
    await checkSession(dataSource, source.schema);
    return dataSource;
  } catch (error) {
    await closePostgres(dataSource);
    throw error;
  }
}

/** Ends the pool, whether the DataSource got as far as to be initialized or not. Never rejects. */
export async function closePostgres(dataSource: DataSource): Promise<void> {
  const close = dataSource.isInitialized ? dataSource.destroy() : poolOf(dataSource)?.end();
  await close?.catch(() => {});
}

/** The pool of a DataSource, once it has begun to connect. */
export function poolOf(dataSource: DataSource): Pool | undefined {
  return (dataSource.driver as unknown as { readonly master?: Pool }).master;
}

/** Where the host's server is and how it is reached; how the host works on it (cache, naming, replicas, isolation, limits) stays the host's. */
function serverOf(source: PostgresOptions) {
  const { type, nativeDriver, driver, schema, ssl, replication } = source;
  const { url, host, port, username, password, database } = replication?.master ?? source;
  const { query_timeout: _, binary: __, ...extra } = (source.extra ?? {}) as Record<string, unknown>;
  const given = { type, nativeDriver, driver, schema, ssl, url, host, port, username, password, database };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(known) as unknown as PostgresOptions), extra };
}
