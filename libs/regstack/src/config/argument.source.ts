import { KNOWN_SETTINGS } from './known-settings';
import { isTree } from './setting.decorator';
import type { Entry } from './source';

/** Settings that code gives, sections as objects. Unknown names and sections that are none go on to the rules, which refuse them. */
export function readArguments(options: object, origin: string): Entry[] {
  return Object.entries(options).flatMap(([property, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const isSection = KNOWN_SETTINGS.some(({ path }) => path.startsWith(`${property}.`));
    if (!isSection || !isTree(value)) return [{ path: property, value, origin }];
    return Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]: [string, unknown]) => ({ path: `${property}.${name}`, value: inner, origin }));
  });
}
