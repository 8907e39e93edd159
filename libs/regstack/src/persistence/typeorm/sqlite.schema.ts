import type { Database } from 'better-sqlite3';
import { Schema } from '../../ports/schema';
import type { StoreOpenError } from '../../ports/store';
import type { DoneMigrations, MigrationSteps } from './migration-steps';
import { DRIVER_BUSY_MS } from './sqlite.data-source';

/** Another process that migrates is waited for, ms, inside the driver: at boot there is nothing else to do. */
const PATIENCE_MS = 10_000;

/** The schema of a SQLite file. Each method looks, or writes under SQLite's write lock (`BEGIN IMMEDIATE`), within one turn of the event loop. */
export class SqliteSchema extends Schema {
  constructor(
    private readonly handle: Database,
    private readonly steps: MigrationSteps,
    private readonly explained: (cause: unknown) => StoreOpenError,
  ) {
    super();
  }

  override async pending(): Promise<readonly string[]> {
    return this.patiently(() => this.steps.pending(this.done()));
  }

  override async plan(): Promise<readonly string[]> {
    return this.patiently(() => this.steps.plan(this.done()));
  }

  override async bringUpToDate(): Promise<readonly string[]> {
    return this.patiently(() => this.handle.transaction(() => this.migrate()).immediate());
  }

  private migrate(): readonly string[] {
    const done = this.done();
    for (const statement of this.steps.plan(done)) this.handle.exec(statement);
    return this.steps.pending(done);
  }

  private done(): DoneMigrations {
    const { table, selectDone } = this.steps;
    const tables = `SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?`;
    if (this.handle.prepare(tables).get(table) === undefined) return null;
    return new Set(this.handle.prepare<[], string>(selectDone).pluck().all());
  }

  private patiently<T>(work: () => T): T {
    this.handle.pragma(`busy_timeout = ${PATIENCE_MS}`);
    try {
      return work();
    } catch (error) {
      throw this.explained(error);
    } finally {
      this.handle.pragma(`busy_timeout = ${DRIVER_BUSY_MS}`);
    }
  }
}
