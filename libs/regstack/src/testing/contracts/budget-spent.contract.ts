import assert from 'node:assert/strict';
import { type BudgetRepository, BURST_SECONDS } from '../../ports/budget.repository';
import type { ContractCase } from './contract';
import { at, T0 } from './samples';

const LIMIT = 3;
const WINDOW = 900;

async function reserve(budgets: BudgetRepository, count: number, seconds = 0, key = 'key'): Promise<void> {
  for (let n = 0; n < count; n++) await budgets.reserve(key, LIMIT, WINDOW, at(seconds));
}

/** What every `BudgetRepository` keeps of the question whether anything is left (R43). */
export const budgetSpentContract: readonly ContractCase[] = [
  {
    name: 'R43: a budget is spent from its last slot on until its window is over, to the millisecond, and no other one is',
    async run({ budgets }) {
      const isSpent = (seconds: number, key = 'key') => budgets.isSpent(key, LIMIT, at(seconds));
      assert.equal(await isSpent(0), false);
      await reserve(budgets, LIMIT - 1);
      assert.equal(await isSpent(1), false);
      await reserve(budgets, 1, 10);
      assert.deepEqual([await isSpent(10), await isSpent(WINDOW - 0.001)], [true, true]);
      assert.equal(await isSpent(WINDOW), false);
      for (const key of ['another key', '', 'ke', 'key ', 'KEY', 'k%'])
        assert.equal(await isSpent(10, key), false);
      await reserve(budgets, 1, WINDOW);
      assert.equal(await isSpent(WINDOW), false);
    },
  },
  {
    name: 'R43: a budget is spent at the limit that is asked about, or above',
    async run({ budgets }) {
      await reserve(budgets, 2);
      const spent = await Promise.all([1, 2, 3].map((limit) => budgets.isSpent('key', limit, at(1))));
      assert.deepEqual(spent, [true, true, false]);
    },
  },
  {
    name: 'R43: asking takes no slot, opens no window and refuses nobody',
    async run({ budgets }) {
      for (let n = -5; n <= 0; n++) assert.equal(await budgets.isSpent('key', LIMIT, at(n)), false);
      const first = await budgets.reserve('key', LIMIT, WINDOW, T0);
      assert.deepEqual(first, { granted: true, openedAt: T0, remaining: LIMIT - 1 });
      await reserve(budgets, LIMIT - 1);
      for (let n = 0; n < 5; n++) assert.equal(await budgets.isSpent('key', LIMIT, at(1)), true);
      await budgets.release('key', at(2));
      assert.equal(await budgets.isSpent('key', LIMIT, at(2)), false);
      const next = await budgets.reserve('key', LIMIT, WINDOW, at(2));
      assert.deepEqual(next, { granted: true, openedAt: at(2), remaining: LIMIT - 1 });
    },
  },
  {
    name: 'R43: a slot that is given back, a release and a forgetting make room; after a refusal a release does so when the burst is over',
    async run({ budgets }) {
      const isSpent = (seconds: number) => budgets.isSpent('key', LIMIT, at(seconds));
      await reserve(budgets, LIMIT);
      await budgets.refund('key', T0);
      assert.equal(await isSpent(1), false);
      await reserve(budgets, 1, 1);
      assert.equal(await isSpent(1), true);
      await budgets.forget('key');
      assert.equal(await isSpent(1), false);
      await reserve(budgets, LIMIT + 1, 10);
      await budgets.release('key', at(20));
      assert.deepEqual([await isSpent(20), await isSpent(20 + BURST_SECONDS)], [true, false]);
    },
  },
];
