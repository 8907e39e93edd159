import { inspect } from 'node:util';
import { redacted } from './redacted';

/** Settings that belong together. Whoever prints them, or a part of them, prints no secret. */
export abstract class Section {
  /** Prints without secrets. */
  [inspect.custom](): unknown {
    return redacted(this);
  }

  /** Serialises without secrets. */
  toJSON(): unknown {
    return redacted(this);
  }
}
