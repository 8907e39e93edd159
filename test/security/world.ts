import { randomBytes } from 'node:crypto';
import { linkIn } from '../support/fake-smtp';
import type { Demo } from '../support/demo';
import { canaryOf, type World } from './draft';
import type { Route } from './discovery';
import { isLedToSignIn } from './faults';
import { formTokenIn, People } from './people';

const LINKS = 60;

/** What a run learns before it begins. */
export interface Ground {
  readonly world: World;
  readonly people: People;
}

/** The seed of this run: of `REGSTACK_TEST_SEED`, or a new one. */
export const seedOfRun = (): string => process.env['REGSTACK_TEST_SEED'] ?? randomBytes(4).toString('hex');

/**
 * Learns from the running demo what requests need: people who are signed in, ids and links that work, names of cookies, which routes are
 * guarded.
 */
export async function explore(
  demo: Demo,
  databaseUrl: string,
  routes: readonly Route[],
  seed: string,
): Promise<Ground> {
  const { host, port } = new URL(demo.url);
  const member = { email: `member.${seed}@example.org`, password: canaryOf(seed, 'member') };
  await demo.call('POST', '/verify', { token: await linkTo(demo, member.email, member.password) });
  const links: string[] = [];
  for (let n = 0; n < LINKS; n += 1)
    links.push(await linkTo(demo, `link.${n}.${seed}@example.org`, canaryOf(seed, `link${n}`)));
  const people = await People.gather(demo, databaseUrl, member);
  const token = people.all.find(({ isAdmin }) => isAdmin)!.token;
  const list = async (path: string) => (await demo.call('GET', `/admin/${path}`, undefined, { token })).json;
  const pending = (await list('pending-registrations?limit=200')) as { items: readonly { id: string }[] };
  const { next_cursor: cursor } = (await list('users?limit=1')) as { next_cursor: string };
  const { guarded, cookies } = await look(demo, routes, people.cookies);
  const login = await fetch(`${demo.url}/account/login`);
  const stranger = {
    cookie: login.headers.getSetCookie()[0]!.split(';', 1)[0]!,
    token: formTokenIn(await login.text()),
  };
  const attempts = pending.items.map(({ id }) => id);
  const waiting = await people.waiting();
  const all = {
    people: people.all,
    waiting,
    unproved: people.unproved,
    attempts,
    cursor,
    links,
    stranger,
    guarded,
    cookies,
  };
  return { world: { seed, host, port: Number(port), ...all }, people };
}

/** Which routes are guarded, and the names of cookies that they set. */
async function look(
  demo: Demo,
  routes: readonly Route[],
  known: ReadonlySet<string>,
): Promise<Pick<World, 'guarded' | 'cookies'>> {
  const cookies = new Set(known);
  const guarded = new Set<string>();
  for (const { method, path } of routes) {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const answer = await fetch(demo.url + path, { method, headers, redirect: 'manual' });
    if (answer.status === 401 || isLedToSignIn(answer.headers.get('location')))
      guarded.add(`${method} ${path}`);
    const opened = await fetch(`${demo.url}${path}?token=${'a'.repeat(43)}`, { method, redirect: 'manual' });
    noteCookies(opened.headers, cookies);
  }
  return { guarded: [...guarded], cookies: [...cookies] };
}
function noteCookies(headers: Headers, names: Set<string>): void {
  for (const cookie of headers.getSetCookie()) names.add(cookie.split('=', 1)[0]!);
}

/** Registers an address and reads the token of the mail that the demo prints. */
async function linkTo(demo: Demo, email: string, password: string): Promise<string> {
  await register(demo, email, password);
  await demo.logged(`Mail to ${email}`);
  const begin = demo.log.indexOf(`Mail to ${email}`);
  // The rest of the mail may come in a piece of its own: its link ends before an empty line.
  await demo.logged('token=', begin);
  await demo.logged('\n\n', demo.log.indexOf('token=', begin));
  const mail = { text: demo.log.slice(begin) };
  return new URL(linkIn(mail)).searchParams.get('token')!;
}

/** On a machine where something else takes every core, the first hash may come too late: then it is asked for again (503). */
async function register(demo: Demo, email: string, password: string): Promise<void> {
  for (;;) {
    const { status, text } = await demo.call('POST', '/register', { email, password });
    if (status === 201) return;
    if (status !== 503) throw new Error(`${email} was not registered: ${status} ${text}`);
  }
}
