import { AccountError, RegStackModule, type RegStackModuleOptions, UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { HOST_CONTROLLERS } from '../support/guarded.controllers';
import { Host, replacements, SETTINGS } from '../support/host';
import { send, type Sent } from '../support/send';

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const answerOf = ({ status, json }: Sent): unknown => [status, json.code ?? json.caller];

describe.each([false, true])('the guards on routes of a host, globalGuard %s', (globalGuard) => {
  let parts: ReturnType<typeof replacements>;
  let host: Host;
  const start = async (options: RegStackModuleOptions = {}): Promise<void> => {
    parts = replacements();
    const { providers } = parts;
    const settings = { ...SETTINGS, enableAdminRouter: true, globalGuard, providers };
    const module = RegStackModule.forRoot({ ...settings, ...(options as object) });
    host = await Host.start({ imports: [module], controllers: HOST_CONTROLLERS });
  };
  beforeEach(() => start());
  afterEach(() => host.stop());

  const users = (): UsersService => host.app.get(UsersService, { strict: false });
  const get = async (path: string, token?: string): Promise<unknown> =>
    answerOf(await send(host, 'GET', path, token === undefined ? {} : bearer(token)));
  const signIn = async (email: string, query = ''): Promise<string> => {
    const { json } = await host.call('POST', `/api/auth/login${query}`, { email, password: PASSWORD });
    return json.access_token as string;
  };
  const admin = async (): Promise<{ id: string; token: string }> => {
    const email = 'admin@example.org';
    const { id } = await users().createAdmin({ email, password: PASSWORD });
    return { id, token: await signIn(email) };
  };
  const idOf = async (email: string): Promise<string> => (await users().findByEmail(email))!.id;

  describe('@OptionalAuth()', () => {
    const path = '/host/guarded/optional';

    it('the user who is signed in; for everybody else CurrentUser is null, also behind a bad token', async () => {
      const token = await host.member(parts.mail, 'member@example.org');
      expect(await get(path, token)).toEqual([200, 'member@example.org']);
      const strangers = [undefined, `${token}x`, 'no-token'];
      for (const one of strangers) expect(await get(path, one)).toEqual([200, null]);
      await host.call('POST', '/api/auth/logout', undefined, token);
      expect(await get(path, token)).toEqual([200, null]);
    });

    it('R63: while the database does not answer, a session is 503 and no stranger', async () => {
      const token = await host.member(parts.mail, 'outage@example.org');
      const broken = jest.spyOn(parts.store.sessions, 'authenticate');
      broken.mockRejectedValue(new AccountError('service.unavailable', { retryAfterSeconds: 7 }));
      const refused = await send(host, 'GET', path, bearer(token));
      expect(answerOf(refused)).toEqual([503, 'service.unavailable']);
      expect(refused.headers['retry-after']).toBe('7');
      expect(await get(path)).toEqual([200, null]);
      broken.mockRestore();
      expect(await get(path, token)).toEqual([200, 'outage@example.org']);
    });
  });

  describe('@Roles()', () => {
    it('R56: who has one of them passes, from the request after an admin gave it to the one after it was taken', async () => {
      const token = await host.member(parts.mail, 'editor@example.org');
      const { token: adminToken } = await admin();
      const id = await idOf('editor@example.org');
      const give = async (roles: readonly string[]): Promise<void> => {
        const { status } = await host.call('PATCH', `/api/auth/admin/users/${id}`, { roles }, adminToken);
        expect(status).toBe(200);
      };
      expect(await get('/host/editors', token)).toEqual([403, 'account.not_allowed']);
      await give(['editor']);
      expect(await get('/host/editors', token)).toEqual([200, 'editor@example.org']);
      await give(['Editor', 'editors']);
      expect(await get('/host/editors', token)).toEqual([403, 'account.not_allowed']);
      await users().setRoles(id, ['other', 'editor']);
      expect(await get('/host/editors', token)).toEqual([200, 'editor@example.org']);
      expect(await get('/host/editors')).toEqual([401, 'session.required']);
    });

    it('what stands on the method is asked for in place of what stands on its controller', async () => {
      const token = await host.member(parts.mail, 'reader@example.org');
      const id = await idOf('reader@example.org');
      await users().setRoles(id, ['reader']);
      expect(await get('/host/editors/texts', token)).toEqual([200, 'reader@example.org']);
      expect(await get('/host/editors', token)).toEqual([403, 'account.not_allowed']);
      await users().setRoles(id, ['editor']);
      expect(await get('/host/editors/texts', token)).toEqual([403, 'account.not_allowed']);
    });

    it('a superuser has the roles that they were given, and no others', async () => {
      const { id, token } = await admin();
      expect(await get('/host/editors', token)).toEqual([403, 'account.not_allowed']);
      await users().setRoles(id, ['editor']);
      expect(await get('/host/editors', token)).toEqual([200, 'admin@example.org']);
    });
  });

  describe('@RequireFresh()', () => {
    it('a proof of fresh_session_seconds ago is too old, until it is given again', async () => {
      const token = await host.member(parts.mail, 'fresh@example.org');
      parts.clock.advance(899);
      expect(await get('/host/guarded/fresh', token)).toEqual([200, 'fresh@example.org']);
      parts.clock.advance(1);
      expect(await get('/host/guarded/fresh', token)).toEqual([403, 'session.stale']);
      expect(await get('/host/guarded', token)).toEqual([200, 'fresh@example.org']);
      const proof = { current_password: PASSWORD };
      expect((await host.call('POST', '/api/auth/reauthenticate', proof, token)).status).toBe(200);
      expect(await get('/host/guarded/fresh', token)).toEqual([200, 'fresh@example.org']);
      expect(await get('/host/guarded/fresh')).toEqual([401, 'session.required']);
    });

    it('fresh_session_seconds 0 asks for none', async () => {
      await host.stop();
      await start({ freshSessionSeconds: 0 });
      const token = await host.member(parts.mail, 'fresh@example.org');
      parts.clock.advance(7000);
      expect(await get('/host/guarded/fresh', token)).toEqual([200, 'fresh@example.org']);
    });
  });

  describe('RegStackAdminGuard', () => {
    it.each(['/host/admin', '/host/opened-admin'])(
      '%s: superusers only, at this very moment; @Public() on its controller opens nothing',
      async (path) => {
        const token = await host.member(parts.mail, 'member@example.org');
        const id = await idOf('member@example.org');
        await admin();
        expect(await get(path)).toEqual([401, 'session.required']);
        expect(await get(path, token)).toEqual([403, 'account.not_allowed']);
        await users().promote(id);
        expect(await get(path, token)).toEqual([200, 'member@example.org']);
        await users().demote(id);
        expect(await get(path, token)).toEqual([403, 'account.not_allowed']);
      },
    );

    it('@OptionalAuth() lets no stranger pass it', async () => {
      expect(answerOf(await send(host, 'POST', '/host/opened-admin/optional'))).toEqual([
        401,
        'session.required',
      ]);
    });
  });

  it('a refusal is problem+json with its headers, though no filter of ours stands there', async () => {
    const token = await host.member(parts.mail, 'member@example.org');
    parts.clock.advance(901);
    const problems = [
      await send(host, 'GET', '/host/guarded'),
      await send(host, 'GET', '/host/admin', bearer(token)),
      await send(host, 'GET', '/host/editors', bearer(token)),
      await send(host, 'GET', '/host/guarded/fresh', bearer(token)),
    ];
    expect(problems.map(({ json }) => json.code as string)).toEqual([
      'session.required',
      'account.not_allowed',
      'account.not_allowed',
      'session.stale',
    ]);
    for (const { status, headers, json } of problems) {
      expect(headers).toMatchObject({ 'content-type': PROBLEM_JSON, 'cache-control': 'no-store' });
      expect(headers['www-authenticate']).toBe(status === 401 ? 'Bearer' : undefined);
      expect(json).toEqual({
        type: 'about:blank',
        title: status === 401 ? 'Unauthorized' : 'Forbidden',
        status,
        detail: expect.any(String),
        code: expect.any(String),
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
    }
    expect(new Set(problems.map(({ json }) => json.request_id as string)).size).toBe(problems.length);
  });

  describe('R62: a session that comes by cookie', () => {
    const own = { 'sec-fetch-site': 'same-origin' };
    let cookie: string;
    beforeEach(async () => {
      await host.member(parts.mail, 'cookie@example.org');
      const body = { email: 'cookie@example.org', password: PASSWORD };
      const { headers, json } = await host.call('POST', '/api/auth/login?transport=cookie', body);
      expect(json.access_token).toBeUndefined();
      cookie = headers
        .getSetCookie()
        .find((one) => one.startsWith('regstack-session='))!
        .split(';', 1)[0]!;
    });
    const post = async (headers: Record<string, string>): Promise<unknown> =>
      answerOf(await send(host, 'POST', '/host/guarded', { cookie, ...headers }));

    it.each<[string, Record<string, string>]>([
      ['a page of base_url says so', own],
      ['an older browser names its origin', { origin: 'http://localhost:3000' }],
    ])('may change something where %s', async (_, headers) => {
      expect(await post(headers)).toEqual([201, 'cookie@example.org']);
    });

    it.each<[string, Record<string, string>]>([
      ['nothing says where from', {}],
      ['another site', { 'sec-fetch-site': 'cross-site' }],
      ['another host of the site', { 'sec-fetch-site': 'same-site' }],
      ['the address bar', { 'sec-fetch-site': 'none' }],
      ['another site under our origin', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000' }],
      ['another origin', { origin: 'https://evil.example' }],
      ['our host on another port', { origin: 'http://localhost:3001' }],
      ['our host by another scheme', { origin: 'https://localhost:3000' }],
      ['no origin to speak of', { origin: 'null' }],
      ['our origin as the beginning of another', { origin: 'http://localhost:3000.evil.example' }],
    ])('may not: %s', async (_, headers) => {
      expect(await post(headers)).toEqual([403, 'request.cross_site']);
    });

    it('reads from wherever, but opens no WebSocket from elsewhere', async () => {
      const from = { cookie, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
      expect(answerOf(await send(host, 'GET', '/host/guarded', from))).toEqual([200, 'cookie@example.org']);
      const upgrade = { ...from, upgrade: 'websocket' };
      expect(answerOf(await send(host, 'GET', '/host/guarded', upgrade))).toEqual([
        403,
        'request.cross_site',
      ]);
    });

    it('is not looked at beside an Authorization header, and is refused twice', async () => {
      expect(await post({ ...own, authorization: 'Bearer no-token' })).toEqual([401, 'session.required']);
      expect(await post({ ...own, cookie: `${cookie}; ${cookie}` })).toEqual([400, 'request.malformed']);
      expect(await post({ ...own, cookie: `theirs=1; ${cookie}` })).toEqual([201, 'cookie@example.org']);
    });

    it('optional routes hold to it as well; a bearer token may come from anywhere', async () => {
      const path = '/host/guarded/optional';
      const elsewhere = { 'sec-fetch-site': 'cross-site' };
      const byCookie = await send(host, 'POST', path, { cookie, ...elsewhere });
      expect(answerOf(byCookie)).toEqual([403, 'request.cross_site']);
      const token = await signIn('cookie@example.org');
      const byToken = await send(host, 'POST', path, { ...bearer(token), ...elsewhere });
      expect(answerOf(byToken)).toEqual([201, 'cookie@example.org']);
    });
  });

  it('a route without a guard is the business of the global guard alone', async () => {
    const token = await host.member(parts.mail, 'member@example.org');
    expect((await send(host, 'GET', '/host/open')).status).toBe(globalGuard ? 401 : 200);
    expect((await send(host, 'GET', '/host/open', bearer(token))).status).toBe(200);
    expect((await send(host, 'GET', '/host/public')).status).toBe(200);
  });
});
