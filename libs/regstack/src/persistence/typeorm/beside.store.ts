import type { DataSource } from 'typeorm';
import { StoreOpenError } from '../../ports/store';
import { openPostgresStore } from './postgres.store';
import type { OpenOptions } from './schema';
import { openSqliteStore } from './sqlite.store';
import type { TypeOrmStore } from './typeorm.store';

/**
 * Opens a store on the database of the host's DataSource, over connections of its own.
 * @throws StoreOpenError naming the option and the cure
 */
export async function openStoreBesideDataSource(
  hostDataSource: unknown,
  options: OpenOptions,
): Promise<TypeOrmStore> {
  const host = (hostDataSource as DataSource).options;
  if (host.type === 'postgres') return openPostgresStore(host, options);
  if (host.type !== 'better-sqlite3') {
    throw new StoreOpenError(
      `connection: a DataSource of type ${host.type} cannot be shared; use better-sqlite3 or postgres`,
    );
  }
  if (host.database === ':memory:') {
    throw new StoreOpenError(
      'connection: a database in memory belongs to one connection; use a file or database_url',
    );
  }
  return openSqliteStore(host.database, options);
}
