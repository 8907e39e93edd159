import { type Draft, type Frame, type Means, type Person, setHeader } from './draft';
import type { Route } from './discovery';
import { type FactorValues, factorValues, leftOut } from './factor-values';
import {
  idFor,
  isShownAgain,
  pageText,
  type Typed,
  validJson,
  validQuery,
  validText,
  isSecret,
} from './valid-values';

/** A request that the route would take, or would refuse only for what it says: tricks are played on it. */
export function baseRequest(route: Route, means: Means): Draft {
  const { world, dice } = means;
  const link = linkFor(route, means);
  const person = personFor(route, means);
  const factors = factorValues(route, person, means);
  const entries = entriesOf(route, { link, person, factors }, means);
  const isWaiting = entries.some(([key]) => key === '"mfa_pending_token"');
  const draft: Draft = {
    route,
    method: route.method,
    path: pathOf(route, idFor(route, means)),
    query: route.queries
      .filter(() => dice.chance(0.3))
      .map((field) => `${field}=${percent(validQuery(field, means))}`),
    headers: [['Host', world.host]],
    entries,
    body: Buffer.alloc(0),
    hasBody: !['GET', 'HEAD'].includes(route.method),
    frame: withLength,
    head: (head) => head,
    isRouted: true,
    isDue: true,
    isGated: false,
    isCut: false,
    credential: 'none',
    person,
    secrets: secretsIn(route, factors),
    isWaiting,
  };
  setHeader(draft, 'Content-Type', route.kind === 'page' ? FORM : JSON_TYPE);
  // Pages take posts of their own pages only: without it no trick would get past the door.
  if (route.kind === 'page') setHeader(draft, 'Sec-Fetch-Site', 'same-origin');
  const isByCookie = dice.chance(0.2);
  if (dice.chance(0.5)) carryCookies(draft, link, means, isByCookie ? person : null);
  if (person) signIn(draft, person, isByCookie);
  if (isForm(route)) bindForm(draft, person, isByCookie, means);
  return draft;
}

/** A form of a page with a token; those of mailed links are bound to their link. */
const isForm = ({ kind, method, fields }: Route): boolean =>
  kind === 'page' && method === 'POST' && !fields.includes('token_hash');

/** How often a form has the token that it needs. */
const BOUND = 0.9;

/** Gives a form the token of whoever sends it. */
function bindForm(draft: Draft, person: Person | null, isByCookie: boolean, means: Means): void {
  const { stranger } = means.world;
  const own = person ? person.forms[isByCookie ? 'cookie' : 'bearer'] : stranger.token;
  const token = means.dice.chance(BOUND) ? own : means.canary;
  draft.entries.push(entryOf(draft.route, 'form_token', token));
  if (person) return;
  const others = draft.headers.find(([name]) => name === 'Cookie')?.[1];
  setHeader(draft, 'Cookie', others ? `${others}; ${stranger.cookie}` : stranger.cookie);
}

/** The path of the route with an id in it, which has to be encoded already. */
export const pathOf = ({ path }: Route, id: string): string => path.replaceAll(/:[^/]+/g, id);

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

function entriesOf(route: Route, who: Typed, means: Means): [string, string][] {
  const left = leftOut(route, who.person, means);
  const fields = route.fields.length > 0 || route.kind === 'page' ? route.fields : ['password'];
  return fields
    .filter((field) => !left.includes(field))
    .map((field) => {
      const json = validJson(field);
      if (json !== undefined && route.kind !== 'page') return [JSON.stringify(field), json];
      return entryOf(
        route,
        field,
        (route.kind === 'page' ? pageText(field) : undefined) ?? validText(route, field, who, means),
      );
    });
}

/** What is typed of second factors, if it is long enough to be found again. */
const secretsIn = (route: Route, factors: FactorValues): readonly string[] =>
  route.fields.flatMap((field) =>
    isSecret(field) && !isShownAgain(route, field) && (factors[field]?.length ?? 0) > 10
      ? [factors[field]!]
      : [],
  );

/** The token of a live link, of none, or a canary. Links that are only looked at stay alive. */
function linkFor({ method }: Route, { dice, world: { links }, canary }: Means): string {
  if (dice.chance(0.3)) return dice.chance(0.5) ? dice.letters(43) : canary;
  return dice.pick(method === 'GET' ? links.slice(0, LOOKED_AT) : links.slice(LOOKED_AT));
}

/** Whoever signs in for it; nobody where most come without. */
function personFor({ method, path, fields }: Route, { dice, world }: Means): Person | null {
  const isGuarded = world.guarded.includes(`${method} ${path}`);
  if (!dice.chance(isGuarded ? 0.7 : 0.3)) return null;
  const isProved = fields.includes('code') && !fields.includes('mfa_pending_token');
  if (isProved && dice.chance(0.7)) return dice.pick(world.people.filter(({ codes }) => codes.length > 0));
  const isAdmin = path.includes('/admin/') && dice.chance(0.8);
  return dice.pick(isAdmin ? world.people.filter((one) => one.isAdmin) : world.people);
}

function signIn(draft: Draft, { token, cookie }: Person, isByCookie: boolean): void {
  draft.credential = 'valid';
  if (!isByCookie) return setHeader(draft, 'Authorization', `Bearer ${token}`);
  const others = draft.headers.find(([name]) => name === 'Cookie')?.[1];
  setHeader(draft, 'Cookie', others ? `${others}; ${cookie}` : cookie);
  setHeader(draft, 'Sec-Fetch-Site', 'same-origin');
}

/** Every cookie that the app sets, with a token in it; that of a session is left out for whoever signs in by it. */
function carryCookies(draft: Draft, link: string, { world }: Means, person: Person | null): void {
  const known = [person?.cookie, world.stranger.cookie];
  const names = world.cookies.filter((name) => !known.some((cookie) => cookie?.startsWith(`${name}=`)));
  if (names.length > 0) setHeader(draft, 'Cookie', names.map((name) => `${name}=${link}`).join('; '));
}
