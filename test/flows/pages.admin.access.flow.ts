import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../support/demo';
import { Browser } from './browser';
import { type Member, Scene } from './scene';

const HOST = { enableAdminRouter: true, enableUiRouter: true };
const USER = `/account/admin/users/${randomUUID()}`;
const REGISTRATION = `/account/admin/registrations/${randomUUID()}`;
const MESSAGE = `/account/admin/outbox/${randomUUID()}`;
const PAGES = ['', '/audit', '/registrations', '/outbox'].map((page) => `/account/admin${page}`).concat(USER);
/** Where forms go, those that ask for a fresh session first. */
const FRESH = [
  ...['', '/disable', '/enable', '/promote', '/demote', '/revoke-sessions', '/delete'].map(
    (act) => USER + act,
  ),
  `${REGISTRATION}/promote`,
  `${MESSAGE}/retry`,
];
const FORMS = [...FRESH, `${USER}/resend-verification`];

describe('pages: who comes to those of admins', () => {
  let scene: Scene;
  let admin: Member;
  let browser: Browser;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
    browser = await signedIn(admin);
  });
  afterAll(() => scene.close());

  const signedIn = async ({ email }: Pick<Member, 'email'>): Promise<Browser> => {
    const one = new Browser(scene);
    await one.signIn(email);
    return one;
  };
  /** A form token that is good for this browser, of whatever page. */
  const tokenOf = async (one: Browser): Promise<string> =>
    (await one.open('/account/me')).form({ action: '/account/logout' }).values['form_token']!;
  const statusesOf = async (one: Browser): Promise<number[]> => {
    const form = { form_token: await tokenOf(one), confirm: 'yes' };
    const statuses = [];
    for (const page of PAGES) statuses.push((await one.open(page)).status);
    for (const path of FORMS) statuses.push((await one.post(path, form)).status);
    return statuses;
  };
  const all = (status: number): number[] => [...PAGES, ...FORMS].map(() => status);

  it('R56: strangers are led to the sign-in and back', async () => {
    for (const path of PAGES) {
      const { status, headers } = await scene.get(`${path}?q=a`);
      const next = encodeURIComponent(path);
      expect([status, headers.get('location')]).toEqual([303, `/account/login?next=${next}`]);
    }
    for (const path of FORMS) {
      const { status, headers } = await new Browser(scene).post(path, {});
      expect([status, headers.get('location')]).toEqual([303, '/account/login?next=%2Faccount%2Fme']);
    }
    const member = await scene.admin();
    const stranger = new Browser(scene);
    await stranger.open('/account/admin?q=a');
    await stranger.send(stranger.form({ has: 'password' }), { email: member.email, password: PASSWORD });
    expect([stranger.page.status, stranger.page.path]).toEqual([200, '/account/admin']);
  });

  it('R56: users are refused, and find no link that leads here; admins find one', async () => {
    const member = await signedIn(await scene.member());
    expect(await statusesOf(member)).toEqual(all(403));
    expect(member.page.links).not.toHaveProperty('Administration');
    await member.open('/account/admin');
    expect(member.page.alert).toBe('Your account has no right to this.');
    expect((await browser.open('/account/me')).links).toHaveProperty('Administration', '/account/admin');
  });

  it('unknown ids and those that are none are one page', async () => {
    const ids = [randomUUID(), 'x', '%00', '0', '%0d%0aset-cookie:a=b', '%3Fdone', '%F0%9F%98%80'];
    const form = { form_token: await tokenOf(browser), confirm: 'yes' };
    for (const id of ids) {
      const path = `/account/admin/users/${id}`;
      const page = await browser.open(path);
      expect([page.status, page.alert]).toEqual([404, 'There is no such account.']);
      for (const act of ['', '/disable', '/delete', '/revoke-sessions', '/resend-verification'])
        expect((await browser.post(path + act, form)).status).toBe(404);
      const promoted = await browser.post(`/account/admin/registrations/${id}/promote`, form);
      expect([promoted.status, promoted.text.includes('There is no such registration.')]).toEqual([
        404,
        true,
      ]);
    }
    expect((await browser.open(`${USER}/anything`)).status).toBe(404);
  });

  it('switched off, with the admin routes or with the pages, there is nothing', async () => {
    for (const off of [{ enableUiRouter: true }, { enableAdminRouter: true, enableUiRouter: false }]) {
      await scene.stage.enter(off);
      for (const path of PAGES)
        for (const cookie of ['', browser.cookie])
          expect((await scene.get(path, { cookie })).status).toBe(404);
      for (const path of FORMS) expect((await browser.post(path, {})).status).toBe(404);
    }
    await scene.stage.enter({ enableUiRouter: true });
    expect((await browser.open('/account/me')).links).not.toHaveProperty('Administration');
    await scene.stage.enter(HOST);
  });

  it('R62: a form without its token, or with that of another browser, changes nothing', async () => {
    const member = await scene.member();
    const user = `/account/admin/users/${(await scene.me(member)).id}`;
    const other = await tokenOf(await signedIn(await scene.admin()));
    const own = await tokenOf(browser);
    for (const act of ['', '/disable', '/promote', '/revoke-sessions', '/delete'])
      for (const form_token of [null, '', 'x', other]) {
        const fields = { form_token, confirm: 'yes', full_name: 'Eve', roles: 'x' };
        expect((await browser.post(user + act, fields)).status).toBe(403);
      }
    for (const site of ['cross-site', 'same-site', 'none']) {
      const head = { 'sec-fetch-site': site, origin: 'https://evil.example' };
      expect((await browser.post(`${user}/disable`, { form_token: own }, head)).status).toBe(403);
    }
    expect(await scene.me(member)).toMatchObject({ full_name: null, is_superuser: false, is_active: true });
    expect((await browser.post(`${user}/revoke-sessions`, { form_token: own })).status).toBe(303);
    expect(await scene.isSignedIn(member.token)).toBe(false);
  });

  it('R56: what needs a fresh session leads to the proof that it is them, and back to the page of the form', async () => {
    const form = { form_token: await tokenOf(browser), confirm: 'yes' };
    const member = await scene.member();
    const user = `/account/admin/users/${(await scene.me(member)).id}`;
    scene.advance(901);
    await browser.open(`${user}?done=user_saved`);
    const next = encodeURIComponent(user);
    for (const path of [...FRESH, `${user}/disable`, `${user}/delete`]) {
      const { status, headers } = await browser.post(path, form);
      expect([path, status, headers.get('location')]).toEqual([
        path,
        303,
        `/account/reauthenticate?next=${next}`,
      ]);
    }
    expect(await scene.isSignedIn(member.token)).toBe(true);
    // As on the JSON route: a link to the address of the user harms nobody.
    expect((await browser.post(`${user}/resend-verification`, form)).status).toBe(400);
    for (const path of [...PAGES.slice(0, -1), user]) expect((await browser.open(path)).status).toBe(200);
    browser = await signedIn(admin);
  });

  it('where superusers must have a second factor, who has none is refused', async () => {
    await scene.stage.enter({ ...HOST, mfaPolicy: 'required_for_superusers' });
    expect(await statusesOf(browser)).toEqual(all(403));
    expect((await browser.open('/account/admin')).alert).toBe('Your account has to have a second factor.');
    await scene.stage.enter(HOST);
    expect((await browser.open('/account/admin')).status).toBe(200);
  });
});
