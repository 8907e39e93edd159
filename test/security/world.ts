import { randomBytes } from 'node:crypto';
import { linkIn } from '../support/fake-smtp';
import type { Demo } from '../support/demo';
import { canaryOf, type World } from './draft';
import type { Route } from './discovery';

const SESSIONS = 40;
const LINKS = 60;

/** The seed of this run: of `REGSTACK_TEST_SEED`, or a new one. */
export const seedOfRun = (): string => process.env['REGSTACK_TEST_SEED'] ?? randomBytes(4).toString('hex');

/** Learns from the running demo what requests need: an account with sessions, names of cookies, which routes are guarded. */
export async function explore(demo: Demo, routes: readonly Route[], seed: string): Promise<World> {
  const { host, port } = new URL(demo.url);
  const email = `member.${seed}@example.org`;
  const cookies = new Set<string>();
  const tokens = await sessionsOf(demo, email, canaryOf(seed, 'member'), cookies);
  const links: string[] = [];
  for (let n = 0; n < LINKS; n += 1)
    links.push(await linkTo(demo, `link.${n}.${seed}@example.org`, canaryOf(seed, `link${n}`)));
  const guarded = new Set<string>();
  for (const { method, path } of routes) {
    const look = await fetch(demo.url + path, { method, redirect: 'manual' });
    if (look.status === 401) guarded.add(`${method} ${path}`);
    const opened = await fetch(`${demo.url}${path}?token=${'a'.repeat(43)}`, { method, redirect: 'manual' });
    noteCookies(opened.headers, cookies);
  }
  return {
    seed,
    host,
    port: Number(port),
    email,
    tokens,
    links,
    guarded: [...guarded],
    cookies: [...cookies],
  };
}

/** Signs a new member in, several times: the routes under test sign some of the sessions out. */
async function sessionsOf(
  demo: Demo,
  email: string,
  password: string,
  cookies: Set<string>,
): Promise<readonly string[]> {
  await demo.call('POST', '/verify', { token: await linkTo(demo, email, password) });
  const tokens: string[] = [];
  for (let n = 0; n < SESSIONS; n += 1) {
    const { json, headers } = await demo.call('POST', '/login', { email, password });
    noteCookies(headers, cookies);
    tokens.push(json.access_token as string);
  }
  return tokens;
}

function noteCookies(headers: Headers, names: Set<string>): void {
  for (const cookie of headers.getSetCookie()) names.add(cookie.split('=', 1)[0]!);
}

/** Registers an address and reads the token of the mail that the demo prints. */
async function linkTo(demo: Demo, email: string, password: string): Promise<string> {
  await demo.call('POST', '/register', { email, password });
  await demo.logged(`Mail to ${email}`);
  const begin = demo.log.indexOf(`Mail to ${email}`);
  // The rest of the mail may come in a piece of its own: its link ends before an empty line.
  await demo.logged('token=', begin);
  await demo.logged('\n\n', demo.log.indexOf('token=', begin));
  const mail = { text: demo.log.slice(begin) };
  return new URL(linkIn(mail)).searchParams.get('token')!;
}
