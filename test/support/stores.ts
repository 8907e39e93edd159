import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegStackConfig } from '@regstack/nestjs';
import { MemoryStore, openStore, type Store } from '@regstack/nestjs/testing';

/** A database for one test: empty, and gone afterwards. */
export interface TestStore {
  readonly store: Store;
  dispose(): Promise<void>;
}

const OPENERS: Readonly<Record<string, () => Promise<TestStore>>> = {
  memory: async () => ({ store: new MemoryStore(), dispose: async () => {} }),
  sqlite: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'regstack-test-'));
    const databaseUrl = `sqlite:${join(folder, 'test.db')}`;
    const store = await openStore(
      loadRegStackConfig({ databaseUrl, jwtSecret: 'x'.repeat(32) }, { env: {} }),
    );
    return {
      store,
      dispose: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
};

/** The stores that the run is about: all, or those that `REGSTACK_TEST_STORES` names. An unknown name fails the run. */
export function testStores(): readonly (readonly [name: string, open: () => Promise<TestStore>])[] {
  const names = process.env['REGSTACK_TEST_STORES']?.split(',') ?? Object.keys(OPENERS);
  return names.map((name) => {
    const open = OPENERS[name];
    if (!open)
      throw new Error(`REGSTACK_TEST_STORES names ${name}; known: ${Object.keys(OPENERS).join(', ')}`);
    return [name, open];
  });
}
