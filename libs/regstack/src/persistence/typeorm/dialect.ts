/** Where the SQL databases differ. Everything else is the same statement for each, see `sql.ts`. */
export interface Dialect {
  /** Types of columns. */
  readonly instant: 'integer' | 'timestamptz';
  readonly flag: 'boolean';
  readonly json: 'text' | 'jsonb';
  /** Type and constraint of a column that numbers its rows. */
  readonly serial: string;
  /** Ends a SELECT of rows that are about to be written: those that another process is writing just now are left to it. */
  readonly skipLocked: '' | 'FOR UPDATE SKIP LOCKED';
  /** Ends a SELECT of rows that are about to be written: those that another process is writing just now are waited for. */
  readonly locked: '' | 'FOR UPDATE';
  /** Begins a transaction that others with the same name (a parameter) wait for; null where a writer is alone anyway. */
  readonly queue: string | null;
  /** Expression for the instant by the clock of the server; null where it is that of this machine. */
  readonly clock: string | null;
  /** Function that answers where in a text another one stands, 0 for nowhere. */
  readonly position: 'instr' | 'strpos';
  /** An expression in lower case, as far as A to Z. */
  readonly lowerAscii: (text: string) => string;
  /** An object in JSON with another one (a parameter) merged into it by name; what is null then is left out. */
  readonly merged: (object: string) => string;
}

/** SQLite: instants are milliseconds since 1970, documents are text, and a writer is always alone. */
export const SQLITE: Dialect = {
  instant: 'integer',
  flag: 'boolean',
  json: 'text',
  serial: 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
  skipLocked: '',
  locked: '',
  queue: null,
  clock: null,
  position: 'instr',
  lowerAscii: (text) => `lower(${text})`,
  // SQLite's own merge (`json_patch`) goes into objects within, and drops what is null there.
  merged: (object) => `(WITH change(object) AS (SELECT ?) SELECT json_group_object(key, json(value)) FROM (
    SELECT old.key, ${object} -> old.fullkey AS value FROM json_each(${object}) old, change
      WHERE old.type <> 'null' AND json_type(change.object, old.fullkey) IS NULL
    UNION ALL SELECT new.key, change.object -> new.fullkey FROM change, json_each(change.object) new WHERE new.type <> 'null'))`,
};

/** PostgreSQL: types of its own, and writers wait for each other row by row. */
export const POSTGRES: Dialect = {
  instant: 'timestamptz',
  flag: 'boolean',
  json: 'jsonb',
  serial: 'serial PRIMARY KEY',
  skipLocked: 'FOR UPDATE SKIP LOCKED',
  locked: 'FOR UPDATE',
  queue: 'SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(?))',
  clock: 'clock_timestamp()',
  position: 'strpos',
  // The collation of the database may know more letters.
  lowerAscii: (text) => `lower(${text} COLLATE "C")`,
  merged: (object) => `COALESCE((SELECT jsonb_object_agg(key, value) FROM jsonb_each(${object} || ?::jsonb)
    WHERE jsonb_typeof(value) <> 'null'), '{}')`,
};
