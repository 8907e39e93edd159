import assert from 'node:assert/strict';
import { type BudgetRepository, BURST_SECONDS, type Reservation } from '../../ports/budget.repository';
import { type ContractCase, race } from './contract';
import { at, T0 } from './samples';

const LIMIT = 5;
const WINDOW = 900;

const reserve = (budgets: BudgetRepository, seconds = 0, key = 'key'): Promise<Reservation> =>
  budgets.reserve(key, LIMIT, WINDOW, at(seconds));

async function fill(budgets: BudgetRepository): Promise<void> {
  for (let n = 0; n < LIMIT; n++) await reserve(budgets, n);
}

/** What every `BudgetRepository` keeps. */
export const budgetContract: readonly ContractCase[] = [
  {
    name: 'P4: a window has its number of slots, and refuses until it ends',
    async run({ budgets }) {
      const remaining = [];
      for (let n = 0; n < LIMIT; n++) {
        const reservation = await reserve(budgets, n);
        assert.ok(reservation.granted);
        assert.deepEqual(reservation.openedAt, T0);
        remaining.push(reservation.remaining);
      }
      assert.deepEqual(remaining, [4, 3, 2, 1, 0]);
      assert.deepEqual(await reserve(budgets, 10), { granted: false, until: at(WINDOW) });
      assert.deepEqual(await reserve(budgets, WINDOW - 0.001), { granted: false, until: at(WINDOW) });
    },
  },
  {
    name: 'P4: when the window is over, the next count opens a new one',
    async run({ budgets }) {
      await fill(budgets);
      const reservation = await reserve(budgets, WINDOW);
      assert.deepEqual(reservation, { granted: true, openedAt: at(WINDOW), remaining: LIMIT - 1 });
    },
  },
  {
    name: 'keys are counted apart',
    async run({ budgets }) {
      await fill(budgets);
      assert.equal((await reserve(budgets, 0, 'another key')).granted, true);
    },
  },
  {
    name: 'P4: a refund gives one slot back to the window that it came from, and to no other',
    async run({ budgets }) {
      await fill(budgets);
      await budgets.refund('key', T0);
      assert.equal((await reserve(budgets, 10)).granted, true);
      assert.equal((await reserve(budgets, 10)).granted, false);
      await budgets.refund('key', at(-WINDOW));
      assert.equal((await reserve(budgets, 10)).granted, false);
      await budgets.refund('unknown', T0);
    },
  },
  {
    name: 'P4: refunds never go below zero',
    async run({ budgets }) {
      await reserve(budgets);
      for (let n = 0; n < 10; n++) await budgets.refund('key', T0);
      await fill(budgets);
      assert.equal((await reserve(budgets, 10)).granted, false);
    },
  },
  {
    name: 'a release forgets the counts at once',
    async run({ budgets }) {
      await fill(budgets);
      await budgets.release('key', at(10));
      assert.deepEqual(await reserve(budgets, 10), { granted: true, openedAt: at(10), remaining: LIMIT - 1 });
      await budgets.release('unknown', at(10));
    },
  },
  {
    name: 'R15: where somebody was refused, a release forgets the counts only when the burst is over',
    async run({ budgets }) {
      await fill(budgets);
      for (let n = 0; n < 3; n++) assert.equal((await reserve(budgets, 10)).granted, false);
      await budgets.release('key', at(10));
      assert.deepEqual(await reserve(budgets, 10), { granted: false, until: at(10 + BURST_SECONDS) });
      assert.equal((await reserve(budgets, 10 + BURST_SECONDS)).granted, true);
    },
  },
  {
    name: 'R15: after a refusal a refund gives its slot back, and a release still waits for the end of the burst',
    async run({ budgets }) {
      await fill(budgets);
      for (let n = 0; n < 3; n++) await reserve(budgets, 10);
      await budgets.refund('key', T0);
      assert.deepEqual(await reserve(budgets, 10), { granted: true, openedAt: T0, remaining: 0 });
      assert.equal((await reserve(budgets, 10)).granted, false);
      await budgets.refund('key', T0);
      await budgets.release('key', at(10));
      assert.equal((await reserve(budgets, 10)).granted, true);
      assert.deepEqual(await reserve(budgets, 10), { granted: false, until: at(10 + BURST_SECONDS) });
    },
  },
  {
    name: 'forgetting a key makes room at once, also where somebody was refused a moment ago, and for no other key',
    async run({ budgets }) {
      await fill(budgets);
      for (let n = 0; n < LIMIT; n++) await reserve(budgets, n, 'another key');
      assert.equal((await reserve(budgets, 10)).granted, false);
      await budgets.forget('key');
      await budgets.forget('unknown');
      assert.deepEqual(await reserve(budgets, 10), { granted: true, openedAt: at(10), remaining: LIMIT - 1 });
      assert.equal((await reserve(budgets, 10, 'another key')).granted, false);
    },
  },
  {
    name: 'a release never makes a window longer',
    async run({ budgets }) {
      await fill(budgets);
      await reserve(budgets, 10);
      await budgets.release('key', at(WINDOW - 0.5));
      assert.equal((await reserve(budgets, WINDOW)).granted, true);
    },
  },
  {
    name: 'R15: of parallel reservations exactly the limit is granted, on a fresh key',
    isRace: true,
    async run({ budgets }) {
      const reservations = await race(() => reserve(budgets));
      const granted = reservations.filter((one) => one.granted);
      assert.equal(granted.length, LIMIT);
      assert.deepEqual(
        granted.map(({ remaining }) => remaining).toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4],
      );
    },
  },
  {
    name: 'R15: of parallel reservations exactly the limit is granted, when an old window is just over',
    isRace: true,
    async run({ budgets }) {
      await fill(budgets);
      const reservations = await race(() => reserve(budgets, WINDOW));
      assert.equal(reservations.filter((one) => one.granted).length, LIMIT);
    },
  },
  {
    name: 'parallel refunds give back exactly what they say',
    isRace: true,
    async run({ budgets }) {
      for (let n = 0; n < 64; n++) await budgets.reserve('wide', 64, WINDOW, T0);
      await race(() => budgets.refund('wide', T0));
      let granted = 0;
      while ((await budgets.reserve('wide', 64, WINDOW, at(1))).granted) granted += 1;
      assert.equal(granted, 32);
    },
  },
];
