import { PASSWORD } from '../support/demo';
import { raw } from './raw';
import { type Answer, fingerprint, type Head, outcome, Scene, WRONG_PASSWORD } from './scene';

const OURS = 'http://localhost:3000';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const REFUSED = [403, 'request.cross_site'];
const COOKIE = /^regstack-session=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=7200; HttpOnly; SameSite=Lax$/;

type Headers = Readonly<Record<string, string>>;

/** Where a request with somebody's cookie may not come from, by what the browser says of it. */
const FOREIGN: readonly (readonly [string, Headers])[] = [
  ['nowhere known', {}],
  ['a page of a sister domain', { 'sec-fetch-site': 'same-site', origin: OURS }],
  ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ['another site, with our origin', { 'sec-fetch-site': 'cross-site', origin: OURS }],
  ['the address bar', { 'sec-fetch-site': 'none' }],
  ['a page without an origin', { origin: 'null' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['another port', { origin: 'http://localhost:3001' }],
  ['the same host over https', { origin: 'https://localhost:3000' }],
  ['a host that begins like ours', { origin: `${OURS}.evil.example` }],
];

describe('sessions in cookies', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.close());

  const login = (email: string, head: Head = {}, password = PASSWORD): Promise<Answer> =>
    scene.post('/login?transport=cookie', { email, password }, head);
  const sessionOf = ({ cookies }: Answer): string =>
    cookies.find((one) => /^(__Host-)?regstack-session=/.test(one))!;
  const tokenOf = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1);

  /** Somebody whose browser keeps the session. */
  const browser = async () => {
    const { email, token } = await scene.member();
    return { email, token, cookie: sessionOf(await login(email)) };
  };
  const isAlive = async (cookie: string): Promise<boolean> =>
    (await scene.get('/orders', { cookie })).status === 200;

  it('R62: the token goes into a cookie that no script reads, and not into the answer', async () => {
    const { email } = await scene.member();
    const { status, json, headers } = await login(email, { headers: SAME_ORIGIN });
    expect([status, json]).toEqual([200, { token_type: 'cookie', expires_in: 7200 }]);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(/^regstack-device=/),
      expect.stringMatching(COOKIE),
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('R62: over https it is Secure and of this host alone, and found under no other name', async () => {
    const { email } = await scene.member();
    await scene.stage.enter({ baseUrl: 'https://shop.example/app' });
    const answer = await login(email);
    expect(answer.headers.getSetCookie()[1]).toMatch(
      /^__Host-regstack-session=\S+; Path=\/; Max-Age=7200; HttpOnly; SameSite=Lax; Secure$/,
    );
    const cookie = sessionOf(answer);
    expect(await isAlive(cookie)).toBe(true);
    expect(await isAlive(cookie.replace('__Host-', ''))).toBe(false);
    expect(await isAlive(cookie.replace('__Host-', '__host-'))).toBe(false);
    const order = (origin: string) => scene.postTo('/staff/order', { cookie, headers: { origin } });
    for (const origin of ['http://shop.example', 'https://shop.example:444', 'https://www.shop.example'])
      expect(outcome(await order(origin))).toEqual(REFUSED);
    expect((await order('https://shop.example')).status).toBe(200);
    await scene.stage.enter({});
  });

  it('it opens what reads, wherever the link was, here and in the host’s routes', async () => {
    const { email, cookie } = await browser();
    const senders: Headers[] = [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }];
    for (const headers of senders) {
      expect((await scene.get('/orders', { cookie, headers })).json).toEqual({ customer: email });
      expect((await scene.get('/api/auth/me', { cookie, headers })).json.email).toBe(email);
    }
    const { items } = (await scene.get('/api/auth/sessions', { cookie })).json;
    expect(items.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
  });

  it.each(FOREIGN)('R62: from %s it changes nothing, here or in the host’s routes', async (_, headers) => {
    const { email, cookie } = await browser();
    const head = { cookie, headers };
    const own = { current_password: PASSWORD };
    const { json } = await scene.get('/api/auth/sessions', { cookie });
    const answers = [
      await scene.patch('/me', { full_name: 'Mallory' }, head),
      await scene.delete(`/sessions/${json.items[0].id}`, undefined, head),
      await scene.post('/sessions/revoke-others', undefined, head),
      await scene.post('/change-password', { ...own, new_password: WRONG_PASSWORD }, head),
      await scene.post('/reauthenticate', own, head),
      await scene.delete('/account', own, head),
      await scene.post('/account/delete', own, head),
      await scene.post('/logout', undefined, head),
      await scene.postTo('/staff/order', head),
    ];
    expect(answers.map(outcome)).toEqual(answers.map(() => REFUSED));
    const me = await scene.get('/api/auth/me', { cookie });
    expect([me.status, me.json.full_name]).toEqual([200, null]);
    expect((await scene.get('/api/auth/sessions', { cookie })).json).toEqual(json);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it.each([
    ['says that it is of our origin', SAME_ORIGIN],
    ['says so, whatever its Origin', { ...SAME_ORIGIN, origin: 'null' }],
    ['is too old to say so and names our origin', { origin: OURS }],
  ])('R62: a request that %s changes what it asks for', async (_, headers) => {
    const { cookie } = await browser();
    const head = { cookie, headers };
    expect((await scene.patch('/me', { full_name: 'Ada' }, head)).json.full_name).toBe('Ada');
    expect((await scene.postTo('/staff/order', head)).status).toBe(200);
    expect((await scene.post('/reauthenticate', { current_password: PASSWORD }, head)).status).toBe(200);
    expect((await scene.post('/sessions/revoke-others', undefined, head)).status).toBe(200);
    expect((await scene.delete('/account', { current_password: PASSWORD }, head)).status).toBe(200);
    expect(await isAlive(cookie)).toBe(false);
  });

  it('R62: a form of another page, with JSON in it or not, does nothing', async () => {
    const { cookie } = await browser();
    const body = '{"full_name":"Mallory","x":"="}';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      for (const [, more] of FOREIGN) {
        const headers = { cookie, 'content-type': type, ...more };
        const response = await fetch(`${scene.stage.host.url}/api/auth/me`, {
          method: 'PATCH',
          headers,
          body,
        });
        expect([403, 415]).toContain(response.status);
      }
    expect((await scene.get('/api/auth/me', { cookie })).json.full_name).toBeNull();
  });

  it('R62: a WebSocket has no CORS: only our own Origin opens one', async () => {
    const { cookie } = await browser();
    const open = async (headers: Record<string, string>): Promise<unknown> => {
      const upgrade = { connection: 'Upgrade', upgrade: 'WebSocket', 'sec-websocket-version': '13' };
      const all = { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', cookie, ...headers };
      const { status, json } = await raw(scene, { method: 'GET', path: '/orders', headers: all });
      return [status, json.code];
    };
    expect(await open({ origin: 'https://evil.example' })).toEqual(REFUSED);
    expect(await open(SAME_ORIGIN)).toEqual(REFUSED);
    expect(await open({ ...SAME_ORIGIN, origin: 'null' })).toEqual(REFUSED);
    expect(await open({})).toEqual(REFUSED);
    expect(await open({ 'sec-fetch-site': 'same-site', origin: OURS })).toEqual([200, undefined]);
  });

  it('with an Authorization header the cookie is not looked at, whatever the header says', async () => {
    const { email, token, cookie } = await browser();
    for (const authorization of ['Bearer wrong', 'Basic YTpi', 'Bearer', '', `Bearer ${tokenOf(cookie)}`]) {
      const answer = await scene.get('/orders', { cookie, headers: { authorization } });
      expect([authorization, ...outcome(answer)]).toEqual([authorization, 401, 'session.required']);
    }
    // A client that is no browser brings both: the header is what counts, and needs no word on where it comes from.
    const other = await browser();
    const patched = await scene.patch('/me', { full_name: 'Ada' }, { token, cookie: other.cookie });
    expect([patched.status, patched.json.email]).toEqual([200, email]);
    expect((await scene.get('/api/auth/me', { cookie: other.cookie })).json.full_name).toBeNull();
  });

  it('a token of one transport is nothing in the other, and tells so by nothing', async () => {
    const { token, cookie } = await browser();
    const answers = [
      await scene.get('/api/auth/me', { token: tokenOf(cookie) }),
      await scene.get('/api/auth/me', { cookie: `regstack-session=${token}` }),
      await scene.get('/api/auth/me', { cookie: `regstack-session=${tokenOf(cookie).slice(0, -2)}` }),
      await scene.get('/api/auth/me', { cookie: 'regstack-session=' }),
      await scene.get('/api/auth/me'),
    ];
    const [first, ...others] = answers.map(fingerprint);
    expect(outcome(answers[0]!)).toEqual([401, 'session.required']);
    for (const one of others) expect(one).toEqual(first);
  });

  it('a cookie that comes twice was planted, and refuses', async () => {
    const [one, other] = [await browser(), await browser()];
    for (const cookie of [`${one.cookie}; ${other.cookie}`, `regstack-session=x; ${one.cookie}`]) {
      expect(outcome(await scene.get('/orders', { cookie }))).toEqual([400, 'request.malformed']);
      expect(outcome(await login(one.email, { cookie }))).toEqual([400, 'request.malformed']);
    }
    expect(await isAlive(`Regstack-Session=x; ${one.cookie}; regstack-sessions=y`)).toBe(true);
  });

  it('R59: a sign-in gives a new token, and the session that the browser had ends', async () => {
    const [victim, planted] = [await browser(), await browser()];
    const next = sessionOf(await login(victim.email, { cookie: victim.cookie }));
    expect(next).not.toBe(victim.cookie);
    expect([await isAlive(victim.cookie), await isAlive(next)]).toEqual([false, true]);
    const fixed = sessionOf(await login(victim.email, { cookie: planted.cookie }));
    expect([await isAlive(planted.cookie), await isAlive(fixed), await isAlive(next)]).toEqual([
      false,
      true,
      true,
    ]);
    expect((await scene.get('/orders', { cookie: fixed })).json.customer).toBe(victim.email);
  });

  it('R59: neither a wrong password nor a sign-in by bearer ends it, and nonsense in it hinders nobody', async () => {
    const { email, cookie } = await browser();
    expect((await login(email, { cookie }, WRONG_PASSWORD)).status).toBe(401);
    expect((await scene.login(email, PASSWORD, { cookie })).status).toBe(200);
    expect(await isAlive(cookie)).toBe(true);
    expect((await login(email, { cookie: 'regstack-session=nonsense' })).status).toBe(200);
  });

  it('R62: no page of another site puts its session into this browser', async () => {
    const { email, cookie } = await browser();
    const headers = FOREIGN.map(([, one]) => one).filter((one) => Object.keys(one).length > 0);
    for (const one of headers) {
      const refused = await login(email, { headers: one, cookie });
      expect([...outcome(refused), refused.cookies]).toEqual([...REFUSED, []]);
    }
    expect(await isAlive(cookie)).toBe(true);
    expect((await login(email, { headers: { origin: OURS } })).status).toBe(200);
    // Refused before anything is counted.
    const guesses = await scene.guess(email, 5);
    expect(guesses).toEqual([401, 401, 401, 401, 401]);
  });

  it('R54: a logout ends the session and the browser forgets it; one by header leaves the cookie', async () => {
    const { token, cookie } = await browser();
    const byHeader = await scene.post('/logout', undefined, { token, cookie });
    expect([byHeader.status, byHeader.cookies]).toEqual([200, []]);
    expect(await isAlive(cookie)).toBe(true);
    const { status, headers } = await scene.post('/logout', undefined, { cookie, headers: SAME_ORIGIN });
    expect([status, headers.getSetCookie()]).toEqual([
      200,
      ['regstack-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax'],
    ]);
    expect(await isAlive(cookie)).toBe(false);
  });

  it.each(['?transport=other', '?transport=', '?transport=Cookie', '?transport=cookie&transport=cookie'])(
    'no transport of ours: %s',
    async (query) => {
      const { email } = await scene.member();
      const refused = await scene.post(`/login${query}`, { email, password: PASSWORD });
      expect([...outcome(refused), refused.json.errors[0].field, refused.cookies]).toEqual([
        422,
        'request.invalid',
        'transport',
        [],
      ]);
    },
  );
});
