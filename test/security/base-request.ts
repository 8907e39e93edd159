import { createHash } from 'node:crypto';
import { type Draft, type Frame, type Means, setHeader } from './draft';
import type { Route } from './discovery';

/** A request that the route would take, or would refuse only for what it says: tricks are played on it. */
export function baseRequest(route: Route, means: Means): Draft {
  const { world, dice } = means;
  const link = linkFor(route, means);
  const fields = route.fields.length > 0 ? route.fields : ['password'];
  const draft: Draft = {
    route,
    method: route.method,
    path: route.path.replaceAll(/:[^/]+/g, () => dice.letters(12)),
    query: [],
    headers: [['Host', world.host]],
    entries: fields.map((field) => entryOf(route, field, validValue(field, link, means))),
    body: Buffer.alloc(0),
    hasBody: !['GET', 'HEAD'].includes(route.method),
    frame: withLength,
    head: (head) => head,
    isRouted: true,
    isDue: true,
    isGated: false,
    isCut: false,
    credential: 'none',
  };
  setHeader(draft, 'Content-Type', route.kind === 'page' ? FORM : JSON_TYPE);
  // Pages take posts of their own pages only: without it no trick would get past the door.
  if (route.kind === 'page') setHeader(draft, 'Sec-Fetch-Site', 'same-origin');
  if (dice.chance(0.3)) signIn(draft, means);
  if (dice.chance(0.5)) carryCookies(draft, link, means);
  return draft;
}

/** How many of the links nobody uses. */
const LOOKED_AT = 5;
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** Field and value in the notation of the route's bodies. */
export function entryOf({ kind }: Route, key: string, value: string): [string, string] {
  return kind === 'page' ? [percent(key), percent(value)] : [JSON.stringify(key), JSON.stringify(value)];
}

/** Percent-encoding that takes any text: a lone surrogate becomes its three bytes, which are no UTF-8. */
export function percent(text: string): string {
  return text.isWellFormed()
    ? encodeURIComponent(text)
    : text.replaceAll(/[\ud800-\udfff]/g, '%ED%A0%80').replaceAll(/[^\w%.-]/g, '_');
}

/** What a field is called when its value is never shown again: there a canary may stand. */
export const isSecret = (field: string): boolean => /pass|token|secret|code|hash|key/i.test(field);

/** A thousand times a megabyte would be more than we can hold ourselves. */
const BODY_MAX = 4_000_000;

/** The serialised entries. */
export function serialise({ route, entries }: Draft): Buffer {
  let size = 0;
  const fitting = entries.filter(([key, value]) => (size += key.length + value.length) < BODY_MAX);
  if (route.kind === 'page') return Buffer.from(fitting.map(([key, value]) => `${key}=${value}`).join('&'));
  return Buffer.from(`{${fitting.map(([key, value]) => `${key}:${value}`).join(',')}}`);
}

/** An honest announcement. */
export function withLength(body: Buffer): Frame {
  return { headers: [['Content-Length', String(body.length)]], body };
}

function validValue(field: string, link: string, { dice, world, canary }: Means): string {
  if (/mail/i.test(field))
    return dice.chance(0.3) ? world.email : `${dice.letters(12)}.${world.seed}@example.org`;
  if (/hash/i.test(field)) return createHash('sha256').update(link).digest('base64url');
  if (/token/i.test(field)) return link;
  return isSecret(field) ? canary : 'Ann Example';
}

/** The token of a live link, of none, or a canary. Links that are only looked at stay alive. */
function linkFor({ method }: Route, { dice, world: { links }, canary }: Means): string {
  if (dice.chance(0.3)) return dice.chance(0.5) ? dice.letters(43) : canary;
  return dice.pick(method === 'GET' ? links.slice(0, LOOKED_AT) : links.slice(LOOKED_AT));
}

function signIn(draft: Draft, { dice, world }: Means): void {
  setHeader(draft, 'Authorization', `Bearer ${dice.pick(world.tokens)}`);
  draft.credential = 'valid';
}

function carryCookies(draft: Draft, link: string, { world }: Means): void {
  const pairs = world.cookies.map((name) => `${name}=${link}`);
  if (pairs.length > 0) setHeader(draft, 'Cookie', pairs.join('; '));
}
