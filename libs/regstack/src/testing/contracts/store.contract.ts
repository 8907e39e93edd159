import assert from 'node:assert/strict';
import type { ContractCase } from './contract';

/** What every `Store` keeps as a whole. */
export const storeContract: readonly ContractCase[] = [
  {
    name: 'a store whose database is there answers, as often as it is asked',
    async run(store) {
      for (let n = 0; n < 3; n++) assert.equal(await store.ping(), undefined);
      await Promise.all([store.ping(), store.ping()]);
    },
  },
];
