import { setImmediate as turn } from 'node:timers/promises';

/** A store with one method replaced by its find-then-write form: what the contract must catch. */
export type Mutant<S> = (store: S) => unknown;

/** Mutants by `port: name of the race case`. */
export type Mutants<S> = Readonly<Record<string, Mutant<S>>>;

/** Where another request gets in between finding and writing. */
export const pause = (): Promise<void> => turn();

/** Replaces methods of one object. */
export function replace<T extends object>(target: T, methods: Partial<T>): void {
  Object.assign(target, methods);
}
