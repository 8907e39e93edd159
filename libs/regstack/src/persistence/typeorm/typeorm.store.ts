import { type DataSource, DriverPackageNotInstalledError } from 'typeorm';
import { Store, StoreOpenError } from '../../ports/store';
import { BetterSqlite3Sql } from './better-sqlite3.sql';
import type { Sql } from './sql';
import { migrateSqlite, openSqlite, type OpenOptions } from './sqlite.data-source';
import { Tables } from './tables';
import { TypeOrmBudgetRepository } from './typeorm.budgets';
import { TypeOrmChallengeRepository } from './typeorm.challenges';
import { TypeOrmOutboxRepository } from './typeorm.outbox';
import { TypeOrmPendingRegistrationRepository } from './typeorm.pending-registrations';
import { TypeOrmSessionRepository } from './typeorm.sessions';
import { TypeOrmSweeper } from './typeorm.sweeper';
import { TypeOrmUserRepository } from './typeorm.users';
import { WriteAheadLog } from './write-ahead-log';

/** A SQL database behind the ports. */
export class TypeOrmStore extends Store {
  override readonly users;
  override readonly pendingRegistrations;
  override readonly sessions;
  override readonly challenges;
  override readonly budgets;
  override readonly outbox;
  override readonly sweeper;

  constructor(
    /** For the host: reports over the entities, migrations. */
    readonly dataSource: DataSource,
    readonly sql: Sql,
    readonly tables: Tables,
  ) {
    super();
    this.users = new TypeOrmUserRepository(sql, tables);
    this.pendingRegistrations = new TypeOrmPendingRegistrationRepository(sql, tables);
    this.sessions = new TypeOrmSessionRepository(sql, tables);
    this.challenges = new TypeOrmChallengeRepository(sql, tables);
    this.budgets = new TypeOrmBudgetRepository(sql, tables);
    this.outbox = new TypeOrmOutboxRepository(sql, tables);
    this.sweeper = new TypeOrmSweeper(sql, tables);
  }

  /**
   * Opens a SQLite file (made when missing) and brings its schema up to date.
   * @throws StoreOpenError naming the setting and the cure
   */
  static async openSqlite(file: string, options: OpenOptions): Promise<TypeOrmStore> {
    let opened;
    try {
      opened = await openSqlite(file, options);
    } catch (error) {
      throw cannotOpen(file, error);
    }
    const { dataSource, handle } = opened;
    try {
      await migrateSqlite(dataSource, handle, options.autoMigrate);
      const log = handle.memory ? null : WriteAheadLog.of(file);
      const sql = new BetterSqlite3Sql(handle, options.timeoutMs, log);
      return new TypeOrmStore(dataSource, sql, new Tables(options.tablePrefix));
    } catch (error) {
      await dataSource.destroy();
      throw error instanceof StoreOpenError ? error : cannotOpen(file, error);
    }
  }

  /**
   * Opens a store on the SQLite file of the host's DataSource, over a connection of its own.
   * @throws StoreOpenError naming the option and the cure
   */
  static async openBeside(hostDataSource: unknown, options: OpenOptions): Promise<TypeOrmStore> {
    const { type, database } = (hostDataSource as DataSource).options;
    if (type !== 'better-sqlite3') {
      throw new StoreOpenError(
        `connection: a DataSource of type ${type} cannot be shared in this version; use better-sqlite3`,
      );
    }
    if (database === ':memory:') {
      throw new StoreOpenError(
        'connection: a database in memory belongs to one connection; use a file or database_url',
      );
    }
    return TypeOrmStore.openSqlite(database, options);
  }

  override async close(): Promise<void> {
    await this.sql.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
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
