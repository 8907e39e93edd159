import { type Draft, type Frame, type Means, type Person, setHeader } from './draft';
import type { Route } from './discovery';
import { idFor, validJson, validQuery, validText } from './valid-values';

/** A request that the route would take, or would refuse only for what it says: tricks are played on it. */
export function baseRequest(route: Route, means: Means): Draft {
  const { world, dice } = means;
  const link = linkFor(route, means);
  const person = personFor(route, means);
  const draft: Draft = {
    route,
    method: route.method,
    path: pathOf(route, idFor(route, means)),
    query: route.queries
      .filter(() => dice.chance(0.3))
      .map((field) => `${field}=${percent(validQuery(field, means))}`),
    headers: [['Host', world.host]],
    entries: entriesOf(route, { link, person }, means),
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
  };
  setHeader(draft, 'Content-Type', route.kind === 'page' ? FORM : JSON_TYPE);
  // Pages take posts of their own pages only: without it no trick would get past the door.
  if (route.kind === 'page') setHeader(draft, 'Sec-Fetch-Site', 'same-origin');
  const isByCookie = dice.chance(0.2);
  if (dice.chance(0.5)) carryCookies(draft, link, means, isByCookie ? person : null);
  if (person) signIn(draft, person, isByCookie);
  return draft;
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

function entriesOf(
  route: Route,
  who: { readonly link: string; readonly person: Person | null },
  means: Means,
): [string, string][] {
  const fields = route.fields.length > 0 ? route.fields : ['password'];
  return fields.map((field) => {
    const json = validJson(field);
    if (json !== undefined && route.kind !== 'page') return [JSON.stringify(field), json];
    return entryOf(route, field, validText(route, field, who, means));
  });
}

/** The token of a live link, of none, or a canary. Links that are only looked at stay alive. */
function linkFor({ method }: Route, { dice, world: { links }, canary }: Means): string {
  if (dice.chance(0.3)) return dice.chance(0.5) ? dice.letters(43) : canary;
  return dice.pick(method === 'GET' ? links.slice(0, LOOKED_AT) : links.slice(LOOKED_AT));
}

/** Whoever signs in for it; nobody where most come without. */
function personFor({ method, path }: Route, { dice, world }: Means): Person | null {
  const isGuarded = world.guarded.includes(`${method} ${path}`);
  if (!dice.chance(isGuarded ? 0.7 : 0.3)) return null;
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
  const names = world.cookies.filter((name) => !person?.cookie.startsWith(`${name}=`));
  if (names.length > 0) setHeader(draft, 'Cookie', names.map((name) => `${name}=${link}`).join('; '));
}
