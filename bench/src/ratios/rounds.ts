import { median } from '../statistics';

/** Two things measured in turn, so that whatever else the machine does falls on both. */
export interface Rounds {
  /** Medians. */
  readonly first: number;
  readonly second: number;
  /** Median of the second by median of the first. */
  readonly ratio: number;
  /** Lowest and highest ratio of one round. */
  readonly range: readonly [number, number];
}

type Measure<T> = () => Promise<T>;

/** Measures the first, the second, the first, the second, …; answers what came out of each round. */
export async function inTurn<T>(
  rounds: number,
  label: string,
  first: Measure<T>,
  second: Measure<T>,
): Promise<(readonly [T, T])[]> {
  const pairs: (readonly [T, T])[] = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`${label}: ${round} of ${rounds}\n`);
    pairs.push([await first(), await second()]);
  }
  return pairs;
}

/** The medians of both, and how they stand to each other. */
export function summaryOf(pairs: readonly (readonly [number, number])[]): Rounds {
  const [first, second] = [median(pairs.map(([one]) => one)), median(pairs.map(([, other]) => other))];
  const ratios = pairs.map(([one, other]) => other / one);
  return { first, second, ratio: second / first, range: [Math.min(...ratios), Math.max(...ratios)] };
}
