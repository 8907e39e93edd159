import { percent } from '../base-request';
import type { Route } from '../discovery';
import { type Draft, each, type Means, type Trick } from '../draft';
import { validQuery } from '../valid-values';
import { ODD_TEXTS } from './odd-values';

/** The field in the query, in ways that nobody means; `valid` is a value that it takes. */
const ODD_FIELDS: Readonly<Record<string, (field: string, valid: string, canary: string) => string>> = {
  'without a value': (field) => field,
  empty: (field) => `${field}=`,
  twice: (field, valid) => `${field}=${valid}&${field}=${valid}`,
  'twice with other values': (field, valid, canary) => `${field}=${valid}&${field}=${canary}`,
  'a thousand times': (field, valid) => `${field}=${valid.slice(0, 4)}&`.repeat(700),
  'ten thousand parameters': (field, valid) => `${field}=${valid}${'&'.repeat(10_000)}`,
  'many other parameters': (field, valid) => `${field}=${valid}${'&a=b'.repeat(2500)}`,
  'as an array': (field, valid) => `${field}[]=${valid}&${field}[0]=${valid}`,
  'as an object': (field, valid) => `${field}[$ne]=${valid}&${field}[$gt]=`,
  'as a dotted path': (field, valid) => `${field}.x=${valid}`,
  'as JSON': (field, _, canary) => `${field}=${percent(`{"$ne":"${canary}"}`)}`,
  'in capitals': (field, valid) => `${field.toUpperCase()}=${valid}`,
  'with an escaped name': (field, valid) =>
    `%${field.codePointAt(0)!.toString(16)}${field.slice(1)}=${valid}`,
  'with a blank in its name': (field, valid) => `${field}+=${valid}&%20${field}=${valid}`,
  'with a NUL in its name': (field, valid) => `${field}%00=${valid}`,
  'named after the canary': (_, valid, canary) => `${canary}=${valid}`,
  'named __proto__': (field, valid) => `__proto__=${valid}&__proto__[${field}]=${valid}`,
  'after a semicolon': (field, valid) => `x=y;${field}=${valid}`,
};

/** Values as they stand in the query, encoded. */
const ODD_VALUES: Readonly<Record<string, (valid: string, canary: string) => string>> = {
  'broken percent': (valid, canary) => `${valid}%${canary}%zz%`,
  'invalid UTF-8': (valid) => `${valid}%C3%28`,
  'a lone surrogate': (valid) => `${valid}%ED%A0%80`,
  'overlong NUL': () => '%C0%80',
  plus: (valid) => `${valid}+1`,
  'a blank in front': (valid) => `%20${valid}`,
  'a line break behind': (valid) => `${valid}%0a`,
  'in capitals': (valid) => valid.toUpperCase(),
  'minus one': () => '-1',
  'minus zero': () => '-0',
  'ten digits': () => '4294967296',
  'beyond 2^64': () => '99999999999999999999999',
  'a thousand digits': () => '9'.repeat(1000),
  fraction: () => '1.5',
  exponent: () => '1e2',
  '1e400': () => '1e400',
  hexadecimal: () => '0x10',
  'Arabic digits': () => '%D9%A1%D9%A2',
  NaN: () => 'NaN',
  one: () => '1',
  yes: () => 'yes',
  'true as JSON': () => '%22true%22',
  list: (valid) => `${valid},${valid}`,
};

/** Cursors that look like ours. */
const FORGED: Readonly<Record<string, (parts: readonly [string, string, string], means: Means) => string>> = {
  'of another id': ([, kid, mac], { dice, world }) => `${dice.pick(world.people).id}.${kid}.${mac}`,
  'of no id': ([, kid, mac], { canary }) => `${canary}.${kid}.${mac}`,
  'without its signature': ([id, kid]) => `${id}.${kid}.`,
  'with half of its signature': ([id, kid, mac]) => `${id}.${kid}.${mac.slice(0, 11)}`,
  'with another signature': ([id, kid], { dice }) => `${id}.${kid}.${dice.letters(22)}`,
  'with another key': ([id, , mac], { dice }) => `${id}.${dice.letters(8)}.${mac}`,
  'with a key of the prototype': ([id, , mac]) => `${id}.__proto__.${mac}`,
  'with something behind': (parts, { canary }) => `${parts.join('.')}.${canary}`,
  'in capitals': (parts) => parts.join('.').toUpperCase(),
  'an id': ([id]) => id,
  dots: () => '.'.repeat(190),
};

/** What does not fit into the head of a request is tried elsewhere. */
const MOST = 6000;
const TEXTS = Object.fromEntries(Object.entries(ODD_TEXTS).filter(([, text]) => text('').length < MOST));

function replace(draft: Draft, field: string, part: string): void {
  draft.query = [...draft.query.filter((one) => !one.startsWith(`${field}=`)), part];
}

/** Every odd value in every field of the query that the route takes. */
export function queryTricks(route: Route): readonly Trick[] {
  return route.queries.flatMap((field) => [
    ...each(`${field} in the query is text`, 'head', TEXTS, (draft, text, { canary }) =>
      replace(draft, field, `${field}=${percent(text(canary))}`),
    ),
    ...each(`${field} in the query is`, 'head', ODD_VALUES, (draft, value, means) =>
      replace(draft, field, `${field}=${value(percent(validQuery(field, means)), means.canary)}`),
    ),
    ...each(`${field} in the query`, 'head', ODD_FIELDS, (draft, change, means) =>
      replace(draft, field, change(field, percent(validQuery(field, means)), means.canary)),
    ),
    ...(field === 'cursor'
      ? each(`${field} in the query is forged`, 'head', FORGED, (draft, forge, means) => {
          const [id = '', kid = '', mac = ''] = means.world.cursor.split('.');
          replace(draft, field, `${field}=${percent(forge([id, kid, mac], means))}`);
        })
      : []),
  ]);
}
