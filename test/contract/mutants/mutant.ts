import { setTimeout as delay } from 'node:timers/promises';

/** Longer than a write and its wait for the disk, so that all of another request gets in between. */
const PAUSE_MS = 20;

/** A store with one method replaced by its find-then-write form: what the contract must catch. */
export type Mutant<S> = (store: S) => unknown;

/** Mutants by `port: name of the race case`. */
export type Mutants<S> = Readonly<Record<string, Mutant<S>>>;

/** Where another request gets in between finding and writing. */
export const pause = (): Promise<void> => delay(PAUSE_MS);

/** Replaces methods of one object. */
export function replace<T extends object>(target: T, methods: Partial<T>): void {
  Object.assign(target, methods);
}
