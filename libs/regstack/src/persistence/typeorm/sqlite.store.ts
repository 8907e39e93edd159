import { DriverPackageNotInstalledError } from 'typeorm';
import { prepareSchema } from '../../ports/schema';
import { StoreOpenError } from '../../ports/store';
import { BetterSqlite3Sql } from './better-sqlite3.sql';
import { SQLITE } from './dialect';
import { MigrationSteps } from './migration-steps';
import type { OpenOptions } from './schema';
import { openSqlite } from './sqlite.data-source';
import { SqliteSchema } from './sqlite.schema';
import { Tables } from './tables';
import { TypeOrmStore } from './typeorm.store';
import { WriteAheadLog } from './write-ahead-log';

/**
 * Opens a SQLite file, made when missing, and does about its schema what the options say.
 * @throws StoreOpenError naming the setting and the cure
 */
export async function openSqliteStore(file: string, options: OpenOptions): Promise<TypeOrmStore> {
  let opened;
  try {
    opened = await openSqlite(file, options);
  } catch (error) {
    throw cannotOpen(file, error);
  }
  const { dataSource, handle } = opened;
  try {
    const steps = await MigrationSteps.of(dataSource, SQLITE);
    const schema = new SqliteSchema(handle, steps, (cause) => cannotOpen(file, cause));
    await prepareSchema(schema, options.schema);
    const log = handle.memory ? null : WriteAheadLog.of(file);
    const sql = new BetterSqlite3Sql(handle, options.timeoutMs, log);
    return new TypeOrmStore(dataSource, schema, sql, new Tables(options.tablePrefix));
  } catch (error) {
    await dataSource.destroy();
    throw error instanceof StoreOpenError ? error : cannotOpen(file, error);
  }
}

function cannotOpen(file: string, cause: unknown): StoreOpenError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isMissing = cause instanceof DriverPackageNotInstalledError;
  const cure = isMissing
    ? 'run: npm install better-sqlite3'
    : 'check that the path exists and can be written';
  return new StoreOpenError(`database_url: the SQLite file ${file} cannot be opened (${reason}); ${cure}`);
}
