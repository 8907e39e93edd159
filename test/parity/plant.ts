import type { MemoryStore } from '@regstack/nestjs/testing';
import type { Answer } from './performance';

/** A store that is a little different from the reference, as databases are. */
export interface Plant {
  readonly plant: (store: MemoryStore) => unknown;
  /** True when two answers differ for that reason. */
  readonly shows: (expected: Answer, found: Answer) => boolean;
}

/** True when the one answer has this somewhere, and the other that. */
export const both = (expected: Answer, found: Answer, one: RegExp, other: RegExp): boolean =>
  one.test(JSON.stringify(expected)) && other.test(JSON.stringify(found));
