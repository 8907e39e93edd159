import { StoreOpenError } from './store';

/** What is done about the schema when a store is opened: bring it up to date, refuse an old one, or take it as it is. */
export type SchemaAtOpen = 'migrate' | 'check' | 'leave';

/**
 * The tables (SQL) or indexes (MongoDB) of this version in the database of a store. Every method rejects with {@link StoreOpenError},
 * which names the cure, when the database cannot be asked or does not let its user do it.
 */
export abstract class Schema {
  /**
   * What this version needs and the database has not got, in order: names of migrations (SQL) or of indexes as `collection.index`
   * (MongoDB). Empty when the schema is up to date, or newer. Only looks.
   */
  abstract pending(): Promise<readonly string[]>;

  /**
   * What {@link bringUpToDate} would run now, in order: SQL statements, to be run in one transaction, or commands of the MongoDB shell.
   * Run by hand they leave the same schema, with nothing pending. Only looks.
   */
  abstract plan(): Promise<readonly string[]>;

  /**
   * Brings the schema up to date. SQL: under a lock and in one transaction, so of parallel calls, in any number of processes, one does
   * it and the others find it done. MongoDB: each index by itself, which any number of processes may ask for at once. Answers the names of
   * what was done.
   */
  abstract bringUpToDate(): Promise<readonly string[]>;
}

/** What opening a store does about its schema. @throws StoreOpenError also where it is old and only to be checked */
export async function prepareSchema(schema: Schema, at: SchemaAtOpen): Promise<void> {
  if (at === 'migrate') await schema.bringUpToDate();
  if (at === 'check' && (await schema.pending()).length > 0) throw schemaIsOld();
}

function schemaIsOld(): StoreOpenError {
  return new StoreOpenError(
    'the database schema is older than this version: run npx regstack migrate, or start one process with REGSTACK_AUTO_MIGRATE=true (auto_migrate = true), it brings the schema up to date',
  );
}
