import type { DataSource, QueryRunner } from 'typeorm';
import { Schema } from '../../ports/schema';
import type { StoreOpenError } from '../../ports/store';
import type { DoneMigrations, MigrationSteps } from './migration-steps';

/** The schema of a PostgreSQL database: the first one of the search path. */
export class PostgresSchema extends Schema {
  constructor(
    private readonly dataSource: DataSource,
    private readonly steps: MigrationSteps,
    private readonly explained: (cause: unknown) => StoreOpenError,
  ) {
    super();
  }

  override pending(): Promise<readonly string[]> {
    return this.with(async (runner) => this.steps.pending(await this.done(runner)));
  }

  override plan(): Promise<readonly string[]> {
    return this.with(async (runner) => this.steps.plan(await this.done(runner)));
  }

  override bringUpToDate(): Promise<readonly string[]> {
    return this.with(async (runner) => {
      await runner.startTransaction('READ COMMITTED');
      try {
        const names = await this.migrate(runner);
        await runner.commitTransaction();
        return names;
      } catch (error) {
        await runner.rollbackTransaction().catch(() => {});
        throw error;
      }
    });
  }

  private async migrate(runner: QueryRunner): Promise<readonly string[]> {
    await runner.query('SET LOCAL statement_timeout = 0');
    const lock = `SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext($1))`;
    await runner.query(lock, [this.steps.table]);
    const done = await this.done(runner);
    for (const statement of this.steps.plan(done)) await runner.query(statement);
    return this.steps.pending(done);
  }

  /** Only looks: the role may have no right to make anything. */
  private async done(runner: QueryRunner): Promise<DoneMigrations> {
    const { table, selectDone } = this.steps;
    const tables =
      'SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = $1';
    const found = (await runner.query(tables, [table])) as readonly unknown[];
    if (found.length === 0) return null;
    const rows = (await runner.query(selectDone)) as readonly { readonly name: string }[];
    return new Set(Array.from(rows, ({ name }) => name));
  }

  private async with<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(runner);
    } catch (error) {
      throw this.explained(error);
    } finally {
      await runner.release();
    }
  }
}
