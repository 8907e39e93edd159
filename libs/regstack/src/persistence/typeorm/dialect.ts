/** Where the SQL databases differ. Everything else is the same statement for each, see `sql.ts`. */
export interface Dialect {
  /** Types of columns. */
  readonly instant: 'integer' | 'timestamptz';
  readonly flag: 'boolean';
  readonly json: 'text' | 'jsonb';
  /** Ends a SELECT of rows that are about to be written: those that another process is writing just now are left to it. */
  readonly skipLocked: '' | 'FOR UPDATE SKIP LOCKED';
}

/** SQLite: instants are milliseconds since 1970, documents are text, and a writer is always alone. */
export const SQLITE: Dialect = { instant: 'integer', flag: 'boolean', json: 'text', skipLocked: '' };

/** PostgreSQL: types of its own, and writers wait for each other row by row. */
export const POSTGRES: Dialect = {
  instant: 'timestamptz',
  flag: 'boolean',
  json: 'jsonb',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
};
