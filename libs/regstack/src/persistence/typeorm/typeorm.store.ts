import type { DataSource } from 'typeorm';
import { Store } from '../../ports/store';
import type { Sql } from './sql';
import { Tables } from './tables';
import { TypeOrmBudgetRepository } from './typeorm.budgets';
import { TypeOrmChallengeRepository } from './typeorm.challenges';
import { TypeOrmOutboxRepository } from './typeorm.outbox';
import { TypeOrmPendingRegistrationRepository } from './typeorm.pending-registrations';
import { TypeOrmSessionRepository } from './typeorm.sessions';
import { TypeOrmSweeper } from './typeorm.sweeper';
import { TypeOrmUserRepository } from './typeorm.users';

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

  override async close(): Promise<void> {
    await this.sql.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
