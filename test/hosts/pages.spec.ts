import { Controller, Get } from '@nestjs/common';
import type { FeatureName, RegStackOptions } from '@regstack/nestjs';
import { routesOf } from '../security/discovery';
import { PASSWORD } from '../support/demo';
import { crawl, crawlAll } from './crawl';
import { closePlaces, EMAIL, openPlace } from './place';
import { formsOn, isPage } from './visitor';

/** Pages of mailed links, with the setting that puts a page of the host in the place of each. */
const LANDINGS = {
  verify: 'verifyUrlTemplate',
  reset: 'passwordResetUrlTemplate',
  'confirm-email-change': 'emailChangeUrlTemplate',
  'undo-email-change': 'emailChangeUndoUrlTemplate',
} as const satisfies Record<string, keyof RegStackOptions>;
const FEATURES = [
  ...(['registration', 'login', 'mfa', 'account', 'password', 'email-change', 'sessions', 'admin'] as const),
] satisfies readonly FeatureName[];

@Controller('account')
class HostsOwnPages {
  @Get('login')
  login() {
    return { page: 'of the host' };
  }
}

describe('pages in a host', () => {
  afterEach(closePlaces);

  it.each<[string, RegStackOptions, isPrefixed: boolean, api: string]>([
    ['as they are', {}, false, '/api/auth'],
    [
      'below other prefixes',
      { uiPrefix: '/my/pages', apiPrefix: '/rest', staticPrefix: '/my/files' },
      false,
      '/rest',
    ],
    ['below a global prefix', {}, true, '/v1/api/auth'],
    [
      'below all of them, behind a proxy that strips the path of base_url',
      {
        ...{ uiPrefix: '/my/pages', apiPrefix: '/rest', staticPrefix: '/my/files' },
        baseUrl: 'https://app.example.org/shop',
      },
      true,
      '/v1/rest',
    ],
  ])('every link, form, redirect and file of the pages is there: %s', async (_, options, isPrefixed, api) => {
    const place = await openPlace(options, isPrefixed ? { globalPrefix: 'v1' } : {});
    const { wrong, seen } = await crawlAll(place, api);
    expect(wrong).toEqual([]);
    const kinds = new Set(seen.map(({ headers }) => headers.get('content-type')?.split(';', 1)[0]));
    expect(kinds).toEqual(expect.objectContaining(new Set(['text/html', 'text/css', 'text/javascript'])));
    // Signed in, the own page is one of them, and everybody is led to the sign-in page.
    expect(seen.some(({ url, status }) => url.pathname.endsWith('/me') && status === 200)).toBe(true);
    expect(seen.some(({ url, status }) => url.pathname.endsWith('/me') && status === 303)).toBe(true);
  });

  it.each(FEATURES)('leaveOut: without %s no page leads to what is not there', async (one) => {
    const place = await openPlace({ leaveOut: [one] });
    const visitor = one === 'login' ? place.newVisitor() : await place.signedIn();
    const stranger = await crawl(place.newVisitor(), place.pages);
    const user = await crawl(visitor, place.pages);
    expect([...stranger.wrong, ...user.wrong]).toEqual([]);
  });

  it.each<RegStackOptions>([
    { allowRegistration: false },
    { enablePasswordReset: false },
    { enableAccountDeletion: false },
    { enableAdminRouter: false },
    { enableTotp: false, enableSms2fa: false },
    { mfaPolicy: 'off' },
  ])('no page leads to what %j switches off', async (options) => {
    const place = await openPlace(options);
    const visitors = [place.newVisitor(), await place.signedIn()];
    const isOn = async (path: string): Promise<boolean> => (await visitors[1]!.open(path)).status !== 404;
    const there: string[] = [];
    for (const path of place.pages) if (await isOn(path)) there.push(path);
    for (const visitor of visitors) expect((await crawl(visitor, there)).wrong).toEqual([]);
  });

  it('enable_ui_router = false: the landing pages alone, and what the host has there is the host’s', async () => {
    const { host, newVisitor } = await openPlace({ enableUiRouter: false }, { controllers: [HostsOwnPages] });
    const page = await host.call('GET', '/account/login');
    expect([page.status, page.json]).toEqual([200, { page: 'of the host' }]);
    const [visitor, landings] = [newVisitor(), Object.keys(LANDINGS).map((name) => `/account/${name}`)];
    const ours = routesOf(host.app).filter(
      ({ path }) => path.startsWith('/account/') && path !== '/account/login',
    );
    for (const { method, path } of ours.filter((route) => !landings.includes(route.path))) {
      const { status } = await (method === 'GET' ? visitor.get(path) : visitor.post(path));
      expect([method, path, status]).toEqual([method, path, 404]);
    }
    for (const path of ['/account/me', '/account/logout', '/account/register', '/account/sessions'])
      expect((await host.call('GET', path)).json).toMatchObject({ statusCode: 404 });
    const { wrong, seen } = await crawl(newVisitor(), [
      ...landings,
      ...landings.map((path) => `${path}?done`),
    ]);
    expect(wrong).toEqual([]);
    const pages = new Set(seen.filter(isPage).map(({ url }) => url.pathname));
    expect(pages).toEqual(new Set(landings));
  });

  it.each([true, false])(
    'a landing page is gone where the host has its own, and only that (pages: %s)',
    async (enableUiRouter) => {
      for (const [name, setting] of Object.entries(LANDINGS)) {
        const { newVisitor, pages } = await openPlace({
          enableUiRouter,
          [setting]: `https://front.example/#/${name}/{token}`,
        });
        const visitor = newVisitor();
        for (const other of Object.keys(LANDINGS))
          expect([other, (await visitor.get(`/account/${other}?done`)).status]).toEqual([
            other,
            other === name ? 404 : 200,
          ]);
        const rest = pages.filter((path) => path !== `/account/${name}` && !path.includes('.off'));
        expect((await crawl(newVisitor(), rest)).wrong).toEqual([]);
      }
    },
  );

  it('globalGuard: strangers see what strangers see, and sign in', async () => {
    const place = await openPlace({ globalGuard: true });
    const { wrong } = await crawlAll(place, '/api/auth');
    expect(wrong).toEqual([]);
    const seen = await place.newVisitor().get('/account/me');
    expect([seen.status, seen.headers.get('location')]).toEqual([303, '/account/login?next=%2Faccount%2Fme']);
  });

  it('R62, R76: over https cookies are of this host alone, browsers stay there, and forms come from there', async () => {
    const { newVisitor, signedIn } = await openPlace({ baseUrl: 'https://app.example.org' });
    const visitor = await signedIn();
    expect([...visitor.cookies.keys()].filter((name) => !name.startsWith('__Host-'))).toEqual([]);
    expect([...visitor.cookies.keys()]).toContain('__Host-regstack-session');
    const stranger = newVisitor();
    const login = await stranger.get('/account/login');
    expect(login.headers.get('strict-transport-security')).toBe('max-age=31536000');
    for (const line of login.headers.getSetCookie())
      expect(line).toMatch(/^__Host-[\w-]+=[\w-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/);
    const [form] = formsOn(login);
    const fields = { ...form!.fields, email: EMAIL, password: PASSWORD };
    for (const origin of [
      'http://app.example.org',
      'https://app.example.org:8443',
      'https://example.org',
      'null',
    ])
      expect((await stranger.post(form!.action, fields, { origin })).status).toBe(403);
    expect(stranger.cookies.has('__Host-regstack-session')).toBe(false);
    expect((await stranger.post(form!.action, fields, { origin: 'https://app.example.org' })).status).toBe(
      303,
    );
    expect(stranger.cookies.has('__Host-regstack-session')).toBe(true);
  });
});
