/** Column types where the SQL databases differ. */
export interface Dialect {
  readonly instant: 'integer' | 'timestamptz';
  readonly flag: 'boolean';
  readonly json: 'text' | 'jsonb';
}

/** SQLite: instants are milliseconds since 1970, documents are text. */
export const SQLITE: Dialect = { instant: 'integer', flag: 'boolean', json: 'text' };
