import type { Store } from '../../ports/store';

/** Parallel calls of a race case. */
export const RACERS = 32;

/** One promise of a port, as a function that throws when the store does not keep it. Needs no test framework. */
export interface ContractCase {
  /** Says what holds. */
  readonly name: string;
  /** Many callers at once; has a mutant on every store in the test tree that it must catch. */
  readonly isRace?: boolean;
  /** @param store an empty store */
  readonly run: (store: Store) => Promise<void>;
}

/** What all of {@link RACERS} parallel calls answered, in order. */
export function race<T>(call: (racer: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: RACERS }, (_, racer) => call(racer)));
}

/** Ids in their order, in an array of this realm: a driver's own may come from another (test runners isolate files). */
export function idsOf(records: readonly { readonly id: string }[]): string[] {
  return Array.from(records, ({ id }) => id);
}
