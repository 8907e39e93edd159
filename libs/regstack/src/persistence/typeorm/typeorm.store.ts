import type { DataSource } from 'typeorm';
import type { Schema } from '../../ports/schema';
import { Store } from '../../ports/store';
import { date } from './rows';
import type { Sql } from './sql';
import { Tables } from './tables';
import { TypeOrmAccountRepository } from './typeorm.accounts';
import { TypeOrmAuditRepository } from './typeorm.audit';
import { TypeOrmBudgetRepository } from './typeorm.budgets';
import { TypeOrmChallengeRepository } from './typeorm.challenges';
import { TypeOrmKeyUseRepository } from './typeorm.key-uses';
import { TypeOrmOutboxRepository } from './typeorm.outbox';
import { TypeOrmPendingRegistrationRepository } from './typeorm.pending-registrations';
import { TypeOrmSessionRepository } from './typeorm.sessions';
import { TypeOrmSweeper } from './typeorm.sweeper';
import { TypeOrmTrustedDeviceRepository } from './typeorm.trusted-devices';
import { TypeOrmUserRepository } from './typeorm.users';

/** A SQL database behind the ports. */
export class TypeOrmStore extends Store {
  override readonly users;
  override readonly accounts;
  override readonly pendingRegistrations;
  override readonly sessions;
  override readonly challenges;
  override readonly budgets;
  override readonly outbox;
  override readonly audit;
  override readonly trustedDevices;
  override readonly keyUses;
  override readonly sweeper;

  constructor(
    /** For the host: reports over the entities, migrations. */
    readonly dataSource: DataSource,
    override readonly schema: Schema,
    readonly sql: Sql,
    readonly tables: Tables,
  ) {
    super();
    this.users = new TypeOrmUserRepository(sql, tables);
    this.accounts = new TypeOrmAccountRepository(sql, tables);
    this.pendingRegistrations = new TypeOrmPendingRegistrationRepository(sql, tables);
    this.sessions = new TypeOrmSessionRepository(sql, tables);
    this.challenges = new TypeOrmChallengeRepository(sql, tables);
    this.budgets = new TypeOrmBudgetRepository(sql, tables);
    this.outbox = new TypeOrmOutboxRepository(sql, tables);
    this.audit = new TypeOrmAuditRepository(sql, tables);
    this.trustedDevices = new TypeOrmTrustedDeviceRepository(sql, tables);
    this.keyUses = new TypeOrmKeyUseRepository(sql, tables);
    this.sweeper = new TypeOrmSweeper(sql, tables);
  }

  /** Looks into a table: SQLite would answer a bare `SELECT 1` without its file. */
  override async ping(): Promise<void> {
    await this.sql.first(`SELECT 1 AS one FROM ${this.tables.users} LIMIT 1`);
  }

  override async serverTime(): Promise<Date | null> {
    const { clock } = this.sql.dialect;
    if (clock === null) return null;
    return date((await this.sql.first(`SELECT ${clock} AS now`))!['now']);
  }

  override async close(): Promise<void> {
    await this.sql.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
