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
  {
    name: 'the clock of the server is told as it goes on, or null where there is none of its own',
    async run(store) {
      const [first, second] = [await store.serverTime(), await store.serverTime()];
      if (first === null) return assert.equal(second, null);
      assert.equal(first instanceof Date && Number.isInteger(first.getTime()), true);
      assert.equal(first.getTime() <= second!.getTime(), true);
      // No time zone is so little away from another one.
      assert.equal(Math.abs(second!.getTime() - Date.now()) < 600_000, true);
    },
  },
];
