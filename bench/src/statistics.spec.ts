import { seededRandom, shuffled } from './random';
import { areaUnderCurve, compare, median, quantile } from './statistics';

const normal = (random: () => number) => (mean: number) =>
  mean + Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const sample = (length: number, make: () => number) => Array.from({ length }, make);

describe('quantiles', () => {
  it('are those of a sorted sample, and do not change the sample', () => {
    const values = [10, 9, 1, 2];
    expect(median(values)).toBe(5.5);
    expect(median([3, 1, 2])).toBe(2);
    expect(quantile(values, 0)).toBe(1);
    expect(quantile(values, 1)).toBe(10);
    expect(values).toEqual([10, 9, 1, 2]);
  });
});

describe('the area under the curve', () => {
  it('is 1 for all above, 0 for all below, a half for the same', () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
    expect(areaUnderCurve([2, 1, 2], [2, 2, 1])).toBe(0.5);
  });

  it('is the share of pairs that are above, ties half', () => {
    const random = seededRandom(1);
    const [a, b] = [0, 1].map(() => sample(40, () => Math.floor(random() * 10)));
    const pairs = a!.flatMap((x) => b!.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)));
    expect(areaUnderCurve(a!, b!)).toBeCloseTo(pairs.reduce((sum: number, one) => sum + one, 0) / 1600, 12);
  });
});

describe('a comparison', () => {
  it('of one distribution with itself holds 0 and a half in its intervals', () => {
    const draw = normal(seededRandom(7));
    const { difference, auc } = compare(
      sample(1000, () => draw(20)),
      sample(1000, () => draw(20)),
      seededRandom(8),
    );
    expect(difference.low).toBeLessThan(0);
    expect(difference.high).toBeGreaterThan(0);
    expect(auc.low).toBeLessThan(0.5);
    expect(auc.high).toBeGreaterThan(0.5);
  });

  it('finds a shift, with its sign and its known size', () => {
    const draw = normal(seededRandom(9));
    const slow = sample(1000, () => draw(21));
    const quick = sample(1000, () => draw(20));
    const { medians, difference, auc } = compare(slow, quick, seededRandom(10));
    expect(medians[0] - medians[1]).toBe(difference.value);
    expect(difference.value).toBeCloseTo(1, 0);
    expect(difference.low).toBeGreaterThan(0.7);
    expect(difference.high).toBeLessThan(1.3);
    // Two normal distributions one deviation apart: the normal distribution function of 1/√2.
    expect(auc.low).toBeLessThan(0.7602);
    expect(auc.high).toBeGreaterThan(0.7602);
    expect(auc.high - auc.low).toBeLessThan(0.08);
  });

  it('is the same for the same seed', () => {
    const [a, b] = [
      [1, 2, 3, 5],
      [2, 3, 4],
    ];
    expect(compare(a, b, seededRandom(3))).toEqual(compare(a, b, seededRandom(3)));
  });
});

describe('random order', () => {
  it('keeps every item, is not sorted, and is the same for the same seed', () => {
    const items = Array.from({ length: 100 }, (_, n) => n);
    const order = shuffled(items, seededRandom(5));
    expect(order).not.toEqual(items);
    expect(order.toSorted((a, b) => a - b)).toEqual(items);
    expect(shuffled(items, seededRandom(5))).toEqual(order);
  });
});
