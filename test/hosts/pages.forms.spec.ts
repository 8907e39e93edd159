import { inspect } from 'node:util';
import { RegStackModule, UsersService } from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import type { Route } from '../security/discovery';
import { PASSWORD } from '../support/demo';
import { replacements, SETTINGS } from '../support/host';
import { closePlaces, EMAIL, openPlace, type Place } from './place';
import { formsOn, formWith, isPage, type Seen, type Visitor } from './visitor';

const ORIGIN = 'http://localhost:3000';
const OWN_PAGE = { 'sec-fetch-site': 'same-origin', origin: ORIGIN };
const VICTIM = 'victim@example.org';
const MEMBER = 'member@example.org';

/** What the forms of our pages are filled in with, so that only their token can be what is wrong. */
const VALUES: Readonly<Record<string, string>> = {
  email: EMAIL,
  password: PASSWORD,
  current_password: PASSWORD,
  new_password: 'quiet-Harbour-37-lantern',
  new_email: 'elsewhere@example.org',
  full_name: 'Changed by another',
  phone_number: '+4915112345678',
  code: '123456',
  confirm: 'true',
};

/** Headers by which a post says that it comes from elsewhere, or says nothing. */
const FROM_ELSEWHERE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'another host of the site': { 'sec-fetch-site': 'same-site', origin: 'http://shop.localhost:3000' },
  'nowhere in a browser': { 'sec-fetch-site': 'none', origin: ORIGIN },
  'another site, with our origin': { 'sec-fetch-site': 'cross-site', origin: ORIGIN },
  'a frame without an origin': { origin: 'null' },
  'another origin': { origin: 'https://evil.example' },
  'our host on another port': { origin: 'http://localhost:3001' },
  'our host over https': { origin: 'https://localhost:3000' },
  'two origins': { origin: `${ORIGIN}, https://evil.example` },
  'no headers at all': {},
};

/** All that the store holds, as text; but for what is noted in the background of what was done before. */
const stateOf = ({ tables }: MemoryStore): string =>
  inspect(
    Object.entries(tables).filter(([name]) => name !== 'audit'),
    { depth: 12, maxArrayLength: null, maxStringLength: null },
  );

const tokenOn = (seen: Seen): string => formWith(seen, 'form_token').fields['form_token']!;

describe('R62: forms of pages', () => {
  let place: Place;
  let posts: readonly Route[];
  afterAll(closePlaces);
  beforeAll(async () => {
    place = await openPlace();
    const users = place.host.app.get(UsersService, { strict: false });
    await users.createAdmin({ email: VICTIM, password: PASSWORD });
    const { id } = (await users.findByEmail(VICTIM))!;
    const isForm = ({ method, fields }: Route): boolean =>
      method === 'POST' && !fields.includes('token_hash');
    posts = place.routes
      .filter(isForm)
      .map((route) => ({ ...route, path: route.path.replace(place.adminId, id) }));
  });

  const fieldsOf = ({ fields }: Route): Record<string, string> =>
    Object.fromEntries(fields.map((field) => [field, VALUES[field] ?? 'x']));

  /** A page with a form in it that this browser can open. */
  const tokenFor = async (visitor: Visitor): Promise<string> => {
    const own = await visitor.get('/account/me');
    return tokenOn(own.status === 200 ? own : await visitor.get('/account/login'));
  };

  /** Refused, or, whoever is not signed in, led to where that is done. */
  const isRefused = ({ status, headers }: Seen, isSignedIn: boolean): boolean =>
    status === 403 ||
    (!isSignedIn && status === 303 && headers.get('location')!.startsWith('/account/login'));

  /** Every form route with these; answers those that were not refused, and whether anything has changed. */
  const notRefused = async (
    visitor: Visitor,
    more: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = OWN_PAGE,
  ): Promise<string[]> => {
    const isSignedIn = visitor.cookies.has('regstack-session');
    const before = stateOf(place.store);
    const passed: string[] = [];
    for (const route of posts) {
      const cookies = visitor.cookie;
      const answer = await visitor.post(route.path, { ...fieldsOf(route), ...more }, headers);
      if (!isRefused(answer, isSignedIn)) passed.push(`${route.path}: ${answer.status}`);
      const isKept = visitor.cookies.has('regstack-session') === isSignedIn;
      if (!isKept) passed.push(`${route.path}: signed in or out, ${cookies}`);
    }
    if (stateOf(place.store) !== before) passed.push('something has changed');
    return passed;
  };

  const both = async (): Promise<Visitor[]> => {
    const visitors = [place.newVisitor(), await place.signedIn()];
    // So that the minute's note of its last use is made.
    for (const visitor of visitors) await tokenFor(visitor);
    return visitors;
  };

  it('there are forms to try', () => {
    expect(posts.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/account/login', '/account/logout', '/account/me']),
    );
    expect(posts.every(({ path }) => !path.includes(':'))).toBe(true);
  });

  it('without a token, or with a wrong one, nothing is done', async () => {
    for (const visitor of await both()) {
      const token = await tokenFor(visitor);
      const wrong = ['', 'x', 'A'.repeat(43), token.slice(1), `${token}x`, token.toUpperCase()];
      expect(await notRefused(visitor, {})).toEqual([]);
      for (const form_token of wrong)
        expect([form_token, await notRefused(visitor, { form_token })]).toEqual([form_token, []]);
    }
  });

  it('with the token of somebody else nothing is done, nor with one from before the sign-in', async () => {
    const [stranger, user] = await both();
    const other = await place.signedIn(VICTIM);
    const again = await place.signedIn();
    const tokens = await Promise.all([stranger!, user!, other, again, place.newVisitor()].map(tokenFor));
    for (const form_token of tokens.filter((_, n) => n !== 0))
      expect(await notRefused(stranger!, { form_token })).toEqual([]);
    for (const form_token of tokens.filter((_, n) => n !== 1))
      expect(await notRefused(user!, { form_token })).toEqual([]);
  });

  it('from elsewhere nothing is done, with the right token either', async () => {
    for (const visitor of await both()) {
      const form_token = await tokenFor(visitor);
      for (const [name, headers] of Object.entries(FROM_ELSEWHERE))
        expect([name, await notRefused(visitor, { form_token }, headers)]).toEqual([name, []]);
    }
  });

  it('a GET with all of it in its query changes nothing', async () => {
    for (const visitor of await both()) {
      const form_token = await tokenFor(visitor);
      const [before, cookie] = [stateOf(place.store), visitor.cookie];
      for (const route of posts) {
        const query = new URLSearchParams({ ...fieldsOf(route), form_token });
        const { status } = await visitor.get(`${route.path}?${String(query)}`);
        expect([route.path, status < 500]).toEqual([route.path, true]);
      }
      expect(stateOf(place.store) === before).toBe(true);
      expect(visitor.cookie).toBe(cookie);
    }
  });

  it('with the right token, from our page, every form is looked at', async () => {
    for (const route of posts) {
      const visitor = await place.signedIn();
      const refusal = await visitor.post(route.path, { ...fieldsOf(route), form_token: 'x' });
      const form_token = await tokenFor(visitor);
      const answer = await visitor.post(route.path, { form_token, unexpected: 'x' });
      const alert = /role="alert"[^>]*>([^<]*)</;
      expect([route.path, refusal.status]).toEqual([route.path, 403]);
      expect([route.path, alert.exec(answer.html)?.[1]]).not.toEqual([
        route.path,
        alert.exec(refusal.html)![1],
      ]);
      expect([route.path, answer.status < 500]).toEqual([route.path, true]);
    }
  });

  it('signing in and out: earlier forms are worth nothing, the new ones are (R59)', async () => {
    const visitor = place.newVisitor();
    const login = await visitor.get('/account/login');
    const form = formWith(login, 'password');
    const sent = { ...form.fields, email: EMAIL, password: PASSWORD };
    const cookie = visitor.cookies.get('regstack-form');
    expect((await visitor.post(form.action, sent)).status).toBe(303);
    expect(visitor.cookies.has('regstack-form')).toBe(false);
    expect((await visitor.post(form.action, sent)).status).toBe(403);
    const [logout] = formsOn(await visitor.get('/account/me')).filter(({ action }) =>
      action.pathname.endsWith('/logout'),
    );
    expect((await visitor.post(logout!.action, logout!.fields)).status).toBe(303);
    visitor.cookies.set('regstack-form', cookie!);
    expect((await visitor.post('/account/logout', logout!.fields)).status).not.toBe(200);
    expect(visitor.cookies.has('regstack-session')).toBe(false);
  });
});

describe('two instances in one app', () => {
  afterAll(closePlaces);

  it('take no cookie and no form token of each other', async () => {
    const { providers } = replacements();
    const settings = {
      ...{ ...SETTINGS, requireVerification: false, providers },
      ...{ name: 'staff', isGlobal: false, enableUiRouter: true },
      ...{ apiPrefix: '/staff/api', uiPrefix: '/staff/pages', staticPrefix: '/staff/files' },
    };
    const place = await openPlace(
      { requireVerification: false },
      { modules: [RegStackModule.forRoot(settings)] },
    );
    const { host, newVisitor } = place;
    for (const api of ['/api/auth', '/staff/api'])
      await host.call('POST', `${api}/register`, { email: MEMBER, password: PASSWORD });
    const [user, member] = [await place.signedIn(MEMBER), newVisitor()];
    await member.signIn('/staff/pages/login', MEMBER, PASSWORD);
    expect([...user.cookies.keys()].filter((name) => member.cookies.has(name))).toEqual([]);
    expect((await member.get('/staff/pages/me')).status).toBe(200);
    expect((await user.get('/staff/pages/me')).headers.get('location')).toMatch(/^\/staff\/pages\/login\?/);
    expect((await member.get('/account/me')).headers.get('location')).toMatch(/^\/account\/login\?/);

    // In one browser both are signed in, each by itself.
    for (const [name, value] of member.cookies) user.cookies.set(name, value);
    const [ours, theirs] = [await user.get('/account/me'), await user.get('/staff/pages/me')];
    expect([ours.status, theirs.status, isPage(ours)]).toEqual([200, 200, true]);
    const [our, their] = [tokenOn(ours), tokenOn(theirs)];
    const post = async (path: string, form_token: string): Promise<number> =>
      (await user.post(path, { form_token, full_name: 'Ann' })).status;
    expect([await post('/account/me', their), await post('/staff/pages/me', our)]).toEqual([403, 403]);
    expect([await post('/account/me', our), await post('/staff/pages/me', their)]).toEqual([303, 303]);
    const logout = await user.post('/staff/pages/logout', { form_token: their });
    expect(logout.status).toBe(303);
    expect((await user.get('/account/me')).status).toBe(200);
    expect((await user.get('/staff/pages/me')).status).toBe(303);

    // Their cookie under our name is no session, and the form cookie of one is none of the other.
    const thief = newVisitor();
    thief.cookies.set('regstack-session', member.cookies.get('regstack-staff-session')!);
    expect((await thief.get('/account/me')).status).toBe(303);
    const stranger = newVisitor();
    const token = tokenOn(await stranger.get('/staff/pages/login'));
    stranger.cookies.set('regstack-form', stranger.cookies.get('regstack-staff-form')!);
    const fields = { form_token: token, email: MEMBER, password: PASSWORD };
    expect((await stranger.post('/account/login', fields)).status).toBe(403);
  });
});
