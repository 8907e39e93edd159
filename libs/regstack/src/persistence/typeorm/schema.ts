import type { DataSource, EntitySchema, MigrationInterface } from 'typeorm';
import type { Dialect } from './dialect';
import { entities } from './entities';
import { migrations } from './migrations';

/** How a store is opened. */
export interface OpenOptions {
  readonly tablePrefix: string;
  readonly autoMigrate: boolean;
  /** How long one operation may wait. */
  readonly timeoutMs: number;
  /** Connections per process; null for the default. SQLite has one. */
  readonly poolSize: number | null;
}

/** What a DataSource must know of our tables. */
export interface Schema {
  readonly entities: EntitySchema[];
  readonly migrations: (new () => MigrationInterface)[];
  readonly migrationsTableName: string;
}

/** Our tables in a dialect, under a prefix. */
export function schemaOf(dialect: Dialect, prefix: string): Schema {
  return {
    entities: entities(dialect, prefix),
    migrations: migrations(dialect, prefix),
    migrationsTableName: `${prefix}migrations`,
  };
}

/** True when every migration has run. Only looks: the role may have no right to make anything. */
export async function isUpToDate(dataSource: DataSource): Promise<boolean> {
  const table = dataSource.options.migrationsTableName!;
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await runner.hasTable(table))) return false;
    const rows = (await runner.query(`SELECT name FROM "${table}"`)) as readonly { name: string }[];
    const done = new Set(Array.from(rows, ({ name }) => name));
    return dataSource.migrations.every(({ name }) => done.has(name!));
  } finally {
    await runner.release();
  }
}
