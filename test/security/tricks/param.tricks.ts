import { pathOf, percent } from '../base-request';
import type { Route } from '../discovery';
import { each, type Trick } from '../draft';

/** What stands in the path in the place of an id, encoded: one segment, so the route is found. */
const ODD_IDS: Readonly<Record<string, (id: string, canary: string) => string>> = {
  canary: (_, canary) => canary,
  'canary and NUL': (_, canary) => `${canary}%00`,
  'in capitals': (id) => id.toUpperCase(),
  'without dashes': (id) => id.replaceAll('-', ''),
  'in braces': (id) => `%7B${id}%7D`,
  'as a URN': (id) => `urn:uuid:${id}`,
  'one letter less': (id) => id.slice(0, -1),
  'one letter more': (id) => `${id}0`,
  'blank behind': (id) => `${id}%20`,
  'line break behind': (id) => `${id}%0a`,
  'NUL behind': (id) => `${id}%00`,
  'full width': (id) => percent(id.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))),
  'one letter escaped': (id) => `%${id.codePointAt(0)!.toString(16)}${id.slice(1)}`,
  twice: (id) => `${id},${id}`,
  zeros: () => '00000000-0000-0000-0000-000000000000',
  'all ones': () => 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'an object id': () => '0123456789abcdef01234567',
  zero: () => '0',
  negative: () => '-1',
  'huge number': () => '9'.repeat(90),
  '1e400': () => '1e400',
  NaN: () => 'NaN',
  null: () => 'null',
  undefined: () => 'undefined',
  true: () => 'true',
  NUL: () => '%00',
  blank: () => '%20',
  'right to left': () => '%E2%80%AE',
  astral: () => '%F4%8F%BF%BF',
  noncharacter: () => '%EF%BF%BF',
  'the prototype': () => '__proto__',
  constructor: () => 'constructor',
  toString: () => 'toString',
  $where: (_, canary) => `%24where${canary}`,
  $ne: () => '%7B%22%24ne%22%3Anull%7D',
  SQL: () => '%27%20OR%201%3D1%3B--',
  wildcard: () => '%25',
  asterisk: () => '*',
  dot: () => '%2e',
  'an escaped way up': () => '..%2f..%2fme',
  'a matrix parameter': (id, canary) => `${id};x=${canary}`,
  'another route': () => 'stats',
  'ninety letters': () => 'a'.repeat(90),
};

/** What leads elsewhere, or what the framework cannot decode: its own words show the path. */
const NO_IDS: Readonly<Record<string, string>> = {
  nothing: '',
  percent: '%',
  'bad escape': '%zz',
  'invalid UTF-8': '%C3%28',
  'a lone surrogate': '%ED%A0%80',
  'overlong NUL': '%C0%80',
  up: '..',
  'two segments': 'a/b',
  'a question mark': '?x',
  'a fragment': '#x',
  'two thousand letters': 'a'.repeat(2000),
  'nine thousand letters': 'a'.repeat(9000),
};

/** Every odd id in the path of a route that has one. */
export function paramTricks(route: Route): readonly Trick[] {
  if (!route.path.includes('/:')) return [];
  return [
    ...each('the id is', 'params', ODD_IDS, (draft, value, { canary, dice, world }) => {
      draft.path = pathOf(route, value(dice.pick(world.people).id, canary));
    }),
    ...each('the id is', 'params', NO_IDS, (draft, value) => {
      draft.path = pathOf(route, value);
      draft.isRouted = false;
    }),
  ];
}
