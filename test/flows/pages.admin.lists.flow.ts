import { PASSWORD } from '../support/demo';
import { Browser } from './browser';
import { type Member, OTHER_PASSWORD, Scene, someone } from './scene';
import type { ShownPage } from './shown-page';

const HOST = { enableAdminRouter: true, enableUiRouter: true, requireVerification: false };
const STALE_CURSOR = 'This part of the list is no longer there. Begin at the first page.';
describe('pages: lists for admins', () => {
  let scene: Scene;
  let admin: Member;
  let browser: Browser;
  /** Addresses of 55 users, newest first. */
  const people: string[] = [];
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin('root@example.org');
    for (let n = 0; n < 55; n++) {
      const email = `person-${String(n).padStart(2, '0')}@example.org`;
      await scene.post('/register', { email, password: PASSWORD, full_name: n % 2 ? null : `Ödön ${n}%` });
      scene.advance(1);
      people.unshift(email);
    }
    browser = new Browser(scene);
    await browser.signIn(admin.email);
  });
  afterAll(() => scene.close());

  const open = (path: string): Promise<ShownPage> => browser.open(`/account/admin${path}`);
  /** The addresses of the list that is shown. */
  const listed = (): string[] =>
    [...browser.page.html.matchAll(/<a href="\/account\/admin\/users\/[^"]*">([^<]*)<\/a>/g)].map(
      ([, text]) => text!,
    );
  /** Searches as somebody does by the form. Not named: left as it is. */
  const search = async (typed: Record<string, string>): Promise<string[]> => {
    const { action, values } = (await open('')).form({ has: 'q' });
    await browser.open(`${action}?${String(new URLSearchParams({ ...values, ...typed }))}`);
    return listed();
  };
  /** The kinds of the records that are shown. */
  const kinds = (): string[] =>
    [...browser.page.html.matchAll(/<td [^>]*><code>([^<]*)/g)].map(([, kind]) => kind!);
  const follow = (link: string): Promise<ShownPage> => browser.open(browser.page.links[link]!);
  const idOf = async (email: string): Promise<string> => {
    await search({ q: email });
    return browser.page.links[email]!.split('/').at(-1)!;
  };

  it('users are counted and listed newest first, by pages that lead on and back', async () => {
    const first = await open('');
    expect(first.text).toContain('Users 56 Active 56 Verified 1 Admins 1 Registrations waiting 0');
    expect(first.text).toContain('Users found: 56');
    expect(listed()).toEqual(people.slice(0, 50));
    expect(first.links).not.toHaveProperty('First page');
    // Who registers in between shifts nobody.
    await scene.register(someone());
    const second = await follow('Next page');
    expect(listed()).toEqual([...people.slice(50), admin.email]);
    expect(second.links).not.toHaveProperty('Next page');
    expect((await follow('First page')).status).toBe(200);
    expect(listed()).toHaveLength(50);
  });

  it('a search narrows the list, and its pages stay within it', async () => {
    expect(await search({})).toHaveLength(50);
    expect(await search({ q: 'PERSON-0' })).toEqual(people.slice(-10));
    expect(browser.page.form({ has: 'q' }).values).toEqual({
      ...{ q: 'PERSON-0', is_active: '', is_verified: '', is_superuser: '' },
    });
    expect(await search({ q: 'Ödön 14%' })).toEqual(['person-14@example.org']);
    expect(await search({ is_superuser: 'true' })).toEqual([admin.email]);
    expect(await search({ is_verified: 'true' })).toEqual([admin.email]);
    expect(await search({ is_active: 'false' })).toEqual([]);
    expect([browser.page.status, browser.page.text.includes('No user matches.')]).toEqual([200, true]);
    await open('?q=person-&is_superuser=false&limit=50');
    await follow('Next page');
    expect(listed()).toEqual(people.slice(50));
    expect(browser.page.form({ has: 'q' }).values).toMatchObject({ q: 'person-', is_superuser: 'false' });
    await open('?limit=2&skip=3&q=person');
    expect(listed()).toEqual(people.slice(3, 5));
    await follow('Next page');
    expect(listed()).toEqual(people.slice(5, 7));
  });

  it.each([
    ...['?cursor=x', '?cursor=a.b.c', `?q=${'x'.repeat(201)}`, '?q=%00', '?is_active=1', '?is_verified=True'],
    ...['?limit=0', '?limit=x', '?skip=-1', '?q=a&q=b', '/audit?cursor=x', `/audit?kind=${'x'.repeat(65)}`],
    ...['/audit?user_id=%00', '/audit?limit=201', '/registrations?cursor=x', '/registrations?limit=-1'],
  ])('a query that is not as it should be is said on the page of the list: %s', async (query) => {
    const page = await open(query);
    expect([page.status, page.alert]).toEqual([422, 'Please check the fields again.']);
    expect(page.text.includes(STALE_CURSOR)).toBe(query.includes('cursor'));
    if (query.includes('q=x')) expect(page.errorBeside('q')).toBe('It must have 1 to 200 characters.');
    if (query.includes('active=1')) expect(page.errorBeside('is_active')).toBe('It must be true or false.');
    const list = query.split('?')[0]!;
    expect((await open(`${list}?done=x&utm_source=mail&cursor=&limit=`)).status).toBe(200);
  });

  it('a user is shown with all that admins know, and what happened to them', async () => {
    const email = someone();
    await scene.post('/register', { email, password: PASSWORD, full_name: 'Ada' });
    const id = await idOf(email);
    for (const badge of ['Not verified', 'Never']) expect(browser.page.text).toContain(badge);
    const revoke = `/admin/users/${id}/revoke-sessions`;
    for (let n = 0; n < 10; n++) await scene.post(revoke, undefined, { token: admin.token });
    const page = await open(`/users/${id}`);
    for (const text of [email, id, 'Name Ada', 'Status Active', 'Address Not verified', 'Rights None'])
      expect(page.text).toContain(text);
    expect(kinds()).toEqual(Array(10).fill('session.all_revoked'));
    await follow('All events of this user');
    expect(browser.page.path).toBe(`/account/admin/audit?user_id=${id}`);
    expect(kinds()).toHaveLength(11);
  });

  it('the audit log is listed newest first, by kind and by user, page by page', async () => {
    const email = someone();
    await scene.register(email);
    await scene.guess(email, 3);
    const id = await idOf(email);
    await open(`/audit?user_id=${id}&kind=`);
    expect(kinds()).toEqual([...Array<string>(3).fill('user.login_failed'), 'user.registered']);
    expect(browser.page.links).toMatchObject({ [id]: `/account/admin/users/${id}` });
    await open(`/audit?user_id=${id}&kind=user.registered`);
    expect(kinds()).toEqual(['user.registered']);
    expect(browser.page.form({ has: 'kind' }).values).toEqual({ user_id: id, kind: 'user.registered' });
    await open(`/audit?user_id=${id}&limit=3`);
    await follow('Next page');
    expect(kinds()).toEqual(['user.registered']);
    await follow('First page');
    expect(kinds()).toEqual(Array(3).fill('user.login_failed'));
    expect((await open('/audit?kind=nothing.known')).text).toContain('There are no such events.');
  });

  it('waiting registrations become accounts by an admin’s word, with the password of that attempt', async () => {
    await scene.stage.enter({ ...HOST, requireVerification: true });
    expect((await open('/registrations')).text).toContain('No registration is waiting.');
    const [email, other] = [someone(), someone()];
    await scene.register(email, OTHER_PASSWORD);
    scene.advance(1);
    await scene.register(email, PASSWORD);
    await scene.register(other);
    const attempts = (await open('/registrations')).forms.filter(({ action }) => action.endsWith('/promote'));
    expect(attempts).toHaveLength(3);
    await open('/registrations?limit=2');
    await follow('Next page');
    expect(browser.page.form({ action: attempts[2]!.action })).toEqual(attempts[2]);
    await browser.send(attempts[1]!);
    expect([browser.page.path, browser.page.done]).toEqual([
      '/account/admin/registrations?done=registration_promoted',
      'The registration is an account now.',
    ]);
    expect([browser.page.text.includes(email), browser.page.text.includes(other)]).toEqual([false, true]);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
    for (const late of [attempts[1]!, attempts[2]!]) {
      const refused = await browser.send(late);
      expect([refused.status, refused.alert]).toEqual([404, 'There is no such registration.']);
      expect(refused.text).toContain(other);
      expect((await browser.open(late.action)).title).toBe('Registrations');
    }
    await scene.stage.enter(HOST);
  });
});
