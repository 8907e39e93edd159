import type { EntitySchema, MigrationInterface } from 'typeorm';
import type { SchemaAtOpen } from '../../ports/schema';
import type { Dialect } from './dialect';
import { entities } from './entities';
import { migrations } from './migrations';

/** How a store is opened. */
export interface OpenOptions {
  readonly tablePrefix: string;
  readonly schema: SchemaAtOpen;
  /** How long one operation may wait. */
  readonly timeoutMs: number;
  /** Connections per process; null for the default. SQLite has one. */
  readonly poolSize: number | null;
}

/** What a DataSource must know of our tables. */
export interface SchemaSource {
  readonly entities: EntitySchema[];
  readonly migrations: (new () => MigrationInterface)[];
  readonly migrationsTableName: string;
}

/** Our tables in a dialect, under a prefix. */
export function schemaOf(dialect: Dialect, prefix: string): SchemaSource {
  return {
    entities: entities(dialect, prefix),
    migrations: migrations(dialect, prefix),
    migrationsTableName: `${prefix}migrations`,
  };
}
