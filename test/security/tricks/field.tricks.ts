import { entryOf, percent } from '../base-request';
import { type Draft, each, type Means, type Trick } from '../draft';
import type { Route } from '../discovery';
import { isSecret, isShownAgain } from '../valid-values';
import { ODD_ADDRESSES } from './odd-addresses';
import { ODD_JSON, ODD_TEXTS } from './odd-values';

/** Every odd value in every field of the route. */
export function fieldTricks(route: Route): readonly Trick[] {
  return route.fields.flatMap((field) => [
    ...each(`${field} is text`, 'fields', ODD_TEXTS, (draft, text, means) =>
      replace(draft, field, entryOf(route, field, text(coreFor(route, field, means)))[1]),
    ),
    ...each(`${field} is`, 'fields', ODD_JSON, (draft, value, { canary }) => {
      const json = value(isShownAgain(route, field) ? 'staff' : canary);
      replace(draft, field, route.kind === 'page' ? percent(json) : json);
    }),
    ...(field === 'attributes'
      ? each('an attribute is', 'fields', ODD_JSON, (draft, value, { canary }) =>
          replace(draft, field, `{"note":${value(canary)}}`),
        )
      : []),
    ...(/mail/i.test(field)
      ? each(`${field} is the address`, 'fields', ODD_ADDRESSES, (draft, address) =>
          replace(draft, field, entryOf(route, field, address)[1]),
        )
      : []),
    ...each(field, 'fields', ODD_ENTRIES, (draft, change, means) => {
      const known = JSON.stringify(field);
      const at = draft.entries.findIndex(([key]) => key === known || key === percent(field));
      if (at >= 0) draft.entries.splice(at, 1, ...change(draft.entries[at]!, draft, means));
    }),
  ]);
}

/** A canary only where the value is never shown again: an address or a name that is accepted comes back. */
const coreFor = (route: Route, field: string, { canary, dice }: Means): string => {
  if (isSecret(field) && !isShownAgain(route, field)) return canary;
  return /mail/i.test(field) ? `${dice.letters(9)}@example.org` : 'Ann';
};

function replace(draft: Draft, field: string, value: string): void {
  const [key] = entryOf(draft.route, field, '');
  draft.entries = draft.entries.map((entry) => (entry[0] === key ? [key, value] : entry));
}

type Entry = [key: string, value: string];

/** Changes to one entry of the body, key and value in the notation of the route. */
const ODD_ENTRIES: Readonly<Record<string, (entry: Entry, draft: Draft, means: Means) => Entry[]>> = {
  missing: () => [],
  twice: (entry) => [entry, entry],
  'twice with other values': ([key, value], { route }, { canary }) => [
    [key, value],
    [key, entryOf(route, '', canary)[1]],
  ],
  'twice, once escaped': ([key, value], { route }) => [
    [key, value],
    [
      route.kind === 'page' ? `%${hex(key)}${key.slice(1)}` : `"\\u00${hex(key.slice(1))}${key.slice(2)}`,
      value,
    ],
  ],
  'in capitals': ([key, value]) => [[key.toUpperCase(), value]],
  'with a blank in its name': ([key, value], { route }) => [
    [route.kind === 'page' ? `${key}+` : key.replace(/"$/, ' "'), value],
  ],
  'as an array': ([key, value], { route }) => [[suffixed(route, key, '[]'), value]],
  'as a path': ([key, value], { route }) => [[suffixed(route, key, '[$ne]'), value]],
  'as a dotted path': ([key, value], { route }) => [[suffixed(route, key, '.x'), value]],
  'a thousand times': (entry) => Array.from({ length: 1000 }, () => entry),
};

const hex = (text: string): string => text.codePointAt(0)!.toString(16).padStart(2, '0');

const suffixed = ({ kind }: Route, key: string, suffix: string): string =>
  kind === 'page' ? key + suffix : key.replace(/"$/, `${suffix}"`);

/** Fields that no route has, with a canary as their value; and one whose name is a canary. */
export const EXTRA_FIELDS: readonly Trick[] = [
  ...each(
    'another field',
    'fields',
    Object.fromEntries(
      [
        '__proto__',
        'constructor',
        'prototype',
        'toString',
        'hasOwnProperty',
        'then',
        'length',
        '',
        '\0',
        '\ud800',
        '$where',
        'is_superuser',
        'isActive',
        'id',
        '_method',
        'a[b]',
        '0',
        '__defineGetter__',
      ].map((name) => [name, name]),
    ),
    (draft, name, { canary }) => draft.entries.push(entryOf(draft.route, name, canary)),
  ),
  {
    name: 'another field: named after the canary',
    stage: 'fields',
    play: (draft, { canary }) => void draft.entries.unshift(entryOf(draft.route, canary, canary)),
  },
  {
    name: 'another field: five hundred',
    stage: 'fields',
    play: (draft, { canary }) =>
      void draft.entries.push(
        ...Array.from({ length: 500 }, (_, n) => entryOf(draft.route, `f${n}`, canary)),
      ),
  },
];
