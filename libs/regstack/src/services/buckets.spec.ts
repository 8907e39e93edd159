import { addSeconds } from '../kernel/clock';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type Bucket, countInEach } from './buckets';

const NOW = new Date('2026-01-01T00:00:00Z');

describe('countInEach', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore();
  });

  const [hour, day, all]: Bucket[] = [
    { key: 'hour', limit: 2, seconds: 3600 },
    { key: 'day', limit: 3, seconds: 86_400 },
    { key: 'all', limit: 4, seconds: 86_400 },
  ];
  const BUCKETS = [hour!, day!, all!];
  const used = () => BUCKETS.map(({ key }) => store.tables.budgets.get(key)?.used ?? 0);
  const count = (seconds = 0, buckets = BUCKETS) =>
    countInEach(store.budgets, buckets, addSeconds(NOW, seconds));

  it('counts in each, in their order', async () => {
    const reserve = jest.spyOn(store.budgets, 'reserve');
    expect((await count()).granted).toBe(true);
    expect(reserve.mock.calls.map(([key]) => key)).toEqual(['hour', 'day', 'all']);
    expect(used()).toEqual([1, 1, 1]);
  });

  it('where one is full, none counts it: those before give it back, those behind are not asked', async () => {
    for (let n = 0; n < 2; n++) await count();
    expect(await count()).toEqual({ granted: false, until: addSeconds(NOW, 3600) });
    expect(used()).toEqual([2, 2, 2]);
    await count(3600);
    expect(await count(3601)).toEqual({ granted: false, until: addSeconds(NOW, 86_400) });
    expect(used()).toEqual([1, 3, 3]);
  });

  it('the end is that of the first one that is full, whatever the others say', async () => {
    await store.budgets.reserve('all', 1, 10, NOW);
    for (let n = 0; n < 3; n++) await store.budgets.reserve('all', 4, 10, NOW);
    for (let n = 0; n < 3; n++) await store.budgets.reserve('day', 3, 86_400, NOW);
    expect(await count()).toEqual({ granted: false, until: addSeconds(NOW, 86_400) });
    expect(used()).toEqual([0, 3, 4]);
  });

  it('refund takes one back from each', async () => {
    const [first, second] = [await count(), await count()];
    if (!first.granted || !second.granted) throw new Error('refused');
    await second.refund();
    expect(used()).toEqual([1, 1, 1]);
    expect((await count()).granted).toBe(true);
  });

  it('refund takes nothing from a window that has opened since', async () => {
    const first = await count();
    await count(3600);
    if (!first.granted) throw new Error('refused');
    await first.refund();
    expect(used()).toEqual([1, 1, 1]);
  });

  it('no bucket, no limit', async () => {
    expect((await count(0, [])).granted).toBe(true);
  });

  it('W08: of parallel calls exactly as many are granted as the smallest allows, and none is counted beside them', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, () => count()));
    expect(counts.filter(({ granted }) => granted)).toHaveLength(2);
    expect(used()).toEqual([2, 2, 2]);
  });

  it('W08: parallel calls that a later bucket refuses leave the earlier ones as they were', async () => {
    const tight = [
      { ...hour!, limit: 100 },
      { ...day!, limit: 3 },
    ];
    const counts = await Promise.all(Array.from({ length: 50 }, () => count(0, tight)));
    expect(counts.filter(({ granted }) => granted)).toHaveLength(3);
    expect(used()).toEqual([3, 3, 0]);
  });

  it('what a store that fails has counted before is not left behind', async () => {
    const reserve = store.budgets.reserve.bind(store.budgets);
    jest.spyOn(store.budgets, 'reserve').mockImplementation(async (key, ...rest) => {
      if (key === 'day') throw new Error('no database');
      return reserve(key, ...rest);
    });
    await expect(count()).rejects.toThrow('no database');
    expect(used()).toEqual([0, 0, 0]);
  });
});
