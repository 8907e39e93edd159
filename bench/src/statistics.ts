import type { Random } from './random';

const RESAMPLES = 2000;
const CONFIDENCE = 0.99;

/** An estimate with its confidence interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How far two samples are apart. */
export interface Comparison {
  readonly medians: readonly [number, number];
  /** Median of the first minus median of the second. */
  readonly difference: Estimate;
  /** How often a value of the first is above one of the second (area under the ROC curve); 0.5: they cannot be told apart. */
  readonly auc: Estimate;
}

/** The value below which a share of the sample lies, interpolated linearly (type 7 of Hyndman and Fan). */
export function quantile(sample: readonly number[], share: number): number {
  return quantileOf(sorted(sample), share);
}

/** The middle of a sample. */
export function median(sample: readonly number[]): number {
  return quantile(sample, 0.5);
}

/** Area under the ROC curve: Mann and Whitney's U by the number of pairs; ties count half. */
export function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  return areaOf(sorted(first), sorted(second));
}

/** Compares two samples; 99 % intervals by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13). */
export function compare(first: readonly number[], second: readonly number[], random: Random): Comparison {
  const [a, b] = [sorted(first), sorted(second)];
  const differences: number[] = [];
  const areas: number[] = [];
  for (let n = 0; n < RESAMPLES; n++) {
    const [c, d] = [resampled(a, random), resampled(b, random)];
    differences.push(quantileOf(c, 0.5) - quantileOf(d, 0.5));
    areas.push(areaOf(c, d));
  }
  const medians = [quantileOf(a, 0.5), quantileOf(b, 0.5)] as const;
  return {
    medians,
    difference: estimate(medians[0] - medians[1], differences),
    auc: estimate(areaOf(a, b), areas),
  };
}

function estimate(value: number, resamples: readonly number[]): Estimate {
  const tail = (1 - CONFIDENCE) / 2;
  return { value, low: quantile(resamples, tail), high: quantile(resamples, 1 - tail) };
}

function sorted(sample: readonly number[]): Float64Array {
  return Float64Array.from(sample).toSorted();
}

function resampled(sample: Float64Array, random: Random): Float64Array {
  return sample.map(() => sample[Math.floor(random() * sample.length)]!).toSorted();
}

function quantileOf(sample: Float64Array, share: number): number {
  const place = (sample.length - 1) * share;
  const below = sample[Math.floor(place)]!;
  return below + (sample[Math.ceil(place)]! - below) * (place % 1);
}

function areaOf(first: Float64Array, second: Float64Array): number {
  let [below, upTo, wins] = [0, 0, 0];
  for (const value of first) {
    while (below < second.length && second[below]! < value) below += 1;
    while (upTo < second.length && second[upTo]! <= value) upTo += 1;
    wins += (below + upTo) / 2;
  }
  return wins / (first.length * second.length);
}
