import { mongoDatabases } from './mongo.databases';
import { postgresDatabases } from './postgres.databases';
import { sqliteDatabases } from './sqlite.databases';
import type { TestDatabases } from './test-databases';

/** Stores that the demo can be pointed at. */
export type ServerStore = 'sqlite' | 'postgres' | 'mongo';

/** By the name under which `REGSTACK_TEST_STORES` knows them. */
export const DATABASES: Readonly<Record<ServerStore, TestDatabases>> = {
  sqlite: sqliteDatabases,
  postgres: postgresDatabases,
  mongo: mongoDatabases,
};

/** The store that this project of the run is about; `jest.config.js` sets it. SQLite where it makes no difference. */
export const STORE = (globalThis as unknown as { STORE?: ServerStore }).STORE ?? 'sqlite';

const made: string[] = [];

/** URL of an empty database of this lane's store that nobody else uses; removed at the end of the suite. */
export async function freshDatabase(): Promise<string> {
  const url = await DATABASES[STORE].fresh();
  made.push(url);
  return url;
}

/** Removes what `freshDatabase()` has made. */
export async function dropDatabases(): Promise<void> {
  await Promise.all(made.splice(0).map((url) => DATABASES[storeOf(url)].drop(url)));
}

/** All that a database of any kind holds, as text: see `TestDatabases.dump`. */
export const dumpOf = (url: string): Promise<string> => DATABASES[storeOf(url)].dump(url);

/** See `TestDatabases.expire`. */
export const expireOn = async (url: string, now: Date): Promise<void> =>
  DATABASES[storeOf(url)].expire?.(url, now);

/** All rows of a database of any kind, as text: see `TestDatabases.rows`. */
export const rowsOf = (url: string): Promise<string> => DATABASES[storeOf(url)].rows(url);

function storeOf(url: string): ServerStore {
  if (url.startsWith('sqlite:')) return 'sqlite';
  return url.startsWith('mongodb') ? 'mongo' : 'postgres';
}
