import { loadRegStackConfig } from '@regstack/nestjs';
import { MemoryStore, openStore, type Store } from '@regstack/nestjs/testing';
import { DATABASES, type ServerStore } from './databases';

/** A database for one test: empty, and gone afterwards. */
export interface TestStore {
  readonly store: Store;
  dispose(): Promise<void>;
}

const OPENERS: Readonly<Record<string, () => Promise<TestStore>>> = {
  memory: async () => ({ store: new MemoryStore(), dispose: async () => {} }),
  sqlite: () => openOn('sqlite'),
  postgres: () => openOn('postgres'),
  mongo: () => openOn('mongo'),
};

/** Opens a store as an app does, by the URL of a fresh database. */
async function openOn(kind: ServerStore): Promise<TestStore> {
  const databases = DATABASES[kind];
  const databaseUrl = await databases.fresh();
  const drop = (): Promise<void> => databases.drop(databaseUrl);
  try {
    const settings = loadRegStackConfig({ databaseUrl, jwtSecret: 'x'.repeat(32) }, { env: {} });
    const store = await openStore(settings);
    return {
      store,
      dispose: async () => {
        await store.close();
        await drop();
      },
    };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** Names of the stores that the run is about; `jest.config.js` checks them. */
export const storesOfRun = (): readonly string[] => process.env['REGSTACK_TEST_STORES']!.split(',');

/** A suite for each of these stores that the run is about; for the others it is there, and skipped. */
export function describeOn<K extends ServerStore>(
  stores: readonly K[],
  title: string,
  body: (store: K) => void,
): void {
  for (const store of stores) {
    const describeIf = storesOfRun().includes(store) ? describe : describe.skip;
    describeIf(`${title} on ${store}`, () => body(store));
  }
}

/** The stores that the run is about, each with a way to open an empty one. */
export function testStores(): readonly (readonly [name: string, open: () => Promise<TestStore>])[] {
  return storesOfRun().map((name) => [name, OPENERS[name]!]);
}
