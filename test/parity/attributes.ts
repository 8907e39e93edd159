import { PEOPLE } from './people';
import type { Value } from './step';

/** Attributes by name. */
export type Attributes = Readonly<Record<string, Value>>;

/** Of one attribute as JSON, bytes. */
const MOST = 1024;
const QUOTES = 2;

/** What databases keep in ways of their own: orders of keys, numbers, empty things, text that looks like something else. */
export const GOOD_ATTRIBUTES: readonly Attributes[] = [
  { language: 'de' },
  { language: null },
  { motto: null, settings: null },
  {},
  { settings: { zz: 1, a: { '10': true, '9': null, b: [] }, 'a.b': {}, '': '', $: 0, 'a b': false } },
  { settings: [0, 0.1, 1e21, 1e300, 5e-324, 2 ** 53, -1.5, 1_700_000_000_000, [[], {}]] },
  { settings: '2026-01-01T00:00:00.000Z' },
  { settings: { date: '2026-01-01', oid: '0123456789abcdef01234567', set: { unset: null } } },
  { settings: false, motto: 'true' },
  { settings: 0, motto: '0' },
  { settings: '$language', motto: '$$ROOT' },
  { settings: 'ä'.repeat((MOST - QUOTES) / 2) },
  { language: 'zh', motto: '' },
];

/** Names are odd texts. */
export const MOTTOS: readonly Attributes[] = PEOPLE.flatMap(({ fullName }) =>
  fullName !== null && fullName.length <= 100 ? [{ motto: fullName }] : [],
);

/** What nobody can set for themselves. */
export const BAD_ATTRIBUTES: readonly Attributes[] = [
  { level: 3 },
  { nickname: 'x' },
  { constructor: 1 },
  { 'settings.x': 1 },
  { language: 'xx' },
  { language: ['de'] },
  { motto: 'x'.repeat(101) },
  { motto: { text: 'x' } },
  { settings: { $gt: '' } },
  { settings: [{ _bsontype: 'ObjectId' }] },
  { settings: 'ä'.repeat(MOST / 2) },
  { settings: { text: 'a\u0000' } },
  { settings: { ['\ud800']: 1 } },
  { language: 'de', nickname: 'x' },
];
