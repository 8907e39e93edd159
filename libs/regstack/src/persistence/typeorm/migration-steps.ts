import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import type { Dialect } from './dialect';

/** Names of the migrations that have run; null where not even their table is there. */
export type DoneMigrations = ReadonlySet<string> | null;

/** One migration: what it is called, and all that it runs. */
interface Step {
  readonly name: string;
  readonly statements: readonly string[];
}

/**
 * The migrations of this version as what they run, so that a plan shows exactly what is done. The table that says which have run is that
 * of TypeORM, for a host that runs them back.
 */
export class MigrationSteps {
  /** Asks which have run. */
  readonly selectDone: string;

  private constructor(
    /** Name of the table that says which have run. */
    readonly table: string,
    private readonly makeTable: string,
    private readonly all: readonly Step[],
  ) {
    this.selectDone = `SELECT name FROM "${table}"`;
  }

  /** @param dataSource initialized */
  static async of({ options, migrations }: DataSource, { serial }: Dialect): Promise<MigrationSteps> {
    const table = options.migrationsTableName!;
    const makeTable = `CREATE TABLE "${table}" ("id" ${serial}, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)`;
    return new MigrationSteps(
      table,
      makeTable,
      await Promise.all(migrations.map((one) => stepOf(one, table))),
    );
  }

  /** Names of those that have not run. */
  pending(done: DoneMigrations): readonly string[] {
    return this.missing(done).map(({ name }) => name);
  }

  /** The statements that make good for them. */
  plan(done: DoneMigrations): readonly string[] {
    const statements = this.missing(done).flatMap((step) => step.statements);
    return done === null ? [this.makeTable, ...statements] : statements;
  }

  private missing(done: DoneMigrations): readonly Step[] {
    return this.all.filter(({ name }) => !done?.has(name));
  }
}

/** Has a migration tell what it runs. */
async function stepOf(migration: MigrationInterface, table: string): Promise<Step> {
  const name = migration.name!;
  const statements: string[] = [];
  const recorder = { query: async (text: string) => void statements.push(text) };
  await migration.up(recorder as unknown as QueryRunner);
  const [timestamp] = /\d+$/.exec(name)!;
  return {
    name,
    statements: [
      ...statements,
      `INSERT INTO "${table}" ("timestamp", "name") VALUES (${timestamp}, '${name}')`,
    ],
  };
}
