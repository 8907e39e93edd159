import { UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Browser, type Typed } from './browser';
import { expectNoForgery } from './forgeries';
import { Scene, someone, WRONG_PASSWORD } from './scene';

const PAGES = { enableUiRouter: true };
const EMAIL = { action: '/account/change-email' };
const DELETION = { action: '/account/delete-account' };

describe('pages: the account', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start(PAGES);
  });
  afterAll(() => scene.close());

  const signedIn = async (): Promise<Browser & { email: string }> => {
    const [browser, { email }] = [new Browser(scene), await scene.member()];
    await browser.signIn(email);
    return Object.assign(browser, { email });
  };
  const hasAccount = async (email: string): Promise<boolean> =>
    (await scene.login(email, PASSWORD)).status === 200;

  it('shows the present state of each section, all of them closed; each has a path where it is open', async () => {
    const browser = await signedIn();
    const names = ['profile', 'change-email', 'change-password', 'delete'];
    expect(names.map((name) => browser.page.isOpen(name))).toEqual([false, false, false, false]);
    const { text } = browser.page;
    for (const says of [`E-mail address ${browser.email}`, 'Password Set']) expect(text).toContain(says);
    const ids = [...browser.page.html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [path, name] of [
      ['change-email', 'change-email'],
      ['change-password', 'change-password'],
      ['delete-account', 'delete'],
    ]) {
      const page = await browser.open(`/account/${path}`);
      expect([path, page.status, names.filter((one) => page.isOpen(one))]).toEqual([path, 200, [name]]);
    }
    expect((await scene.get('/account/change-email')).headers.get('location')).toBe(
      '/account/login?next=%2Faccount%2Fchange-email',
    );
  });

  it('R78: the name is changed and removed, and shown as text', async () => {
    const browser = await signedIn();
    const name = '"><b>Ada</b>';
    for (const full_name of [name, '']) {
      const page = await browser.send(browser.form({ has: 'full_name' }), { full_name });
      expect([page.path, page.done]).toEqual(['/account/me?done=profile', 'Your name is saved.']);
      expect([page.form({ has: 'full_name' }).values['full_name'], page.html.includes(name)]).toEqual([
        full_name,
        false,
      ]);
    }
    const long = 'x'.repeat(300);
    const page = await browser.send(browser.form({ has: 'full_name' }), { full_name: long });
    expect([page.status, page.isOpen('profile'), page.errorBeside('full_name')]).toEqual([
      422,
      true,
      expect.stringMatching(/^It must have/),
    ]);
    expect(page.form({ has: 'full_name' }).values['full_name']).toBe(long);
    await expectNoForgery(browser, browser.form({ has: 'full_name' }), { full_name: 'Eve' });
    expect((await browser.open('/account/me')).form({ has: 'full_name' }).values['full_name']).toBe('');
  });

  describe('the address', () => {
    const change = (browser: Browser, new_email: string, current_password = PASSWORD) =>
      browser.send(browser.form(EMAIL), { new_email, current_password });

    it('W44: moves once the link in the new mailbox is used', async () => {
      const [browser, to] = [await signedIn(), someone()];
      const page = await change(browser, to);
      expect([page.path, page.done, page.html.includes(to)]).toEqual([
        '/account/me?done=email_requested',
        'A link is on its way to the new address. Open it to move your account there.',
        false,
      ]);
      expect([await hasAccount(browser.email), await hasAccount(to)]).toEqual([true, false]);
      await browser.open(await scene.linkTo(to));
      await browser.send(browser.form({ has: 'token_hash' }));
      expect(browser.page.title).toBe('Your new address is confirmed');
      await browser.open(browser.page.links['Sign in']!);
      await browser.send(browser.form({ has: 'password' }), { email: to, password: PASSWORD });
      expect([browser.page.path, browser.page.text.includes(to)]).toEqual(['/account/me', true]);
    });

    it('has the effect of the JSON route', async () => {
      const seen = [];
      for (const way of ['page', 'json']) {
        const [browser, to] = [await signedIn(), someone()];
        const member = await scene.signIn(browser.email, PASSWORD);
        scene.takeEvents();
        await (way === 'page' ? change(browser, to) : scene.changeEmail(member, to));
        seen.push([scene.takeEvents(), await scene.subjectsTo(to), await scene.subjectsTo(browser.email)]);
      }
      expect(seen[0]).toEqual(seen[1]);
    });

    it('R24: a taken one looks as a free one does', async () => {
      const [browser, pages] = [await signedIn(), []] as [Browser, string[]];
      for (const to of [someone(), (await scene.member()).email]) {
        const { html, path } = await change(browser, to);
        pages.push(path + html);
        expect((await scene.mailsTo(to)).length).toBeGreaterThan(0);
      }
      expect(pages[0]).toBe(pages[1]);
    });

    it.each<[string, (own: string) => Typed, number, Record<string, string | null>]>([
      [
        'nothing',
        () => ({ new_email: '', current_password: '' }),
        422,
        { new_email: 'Fill this in.', current_password: 'Fill this in.' },
      ],
      [
        'no address',
        () => ({ new_email: 'ada' }),
        422,
        { new_email: 'Enter an address such as name@example.org.', current_password: null },
      ],
      [
        'the own one',
        (own) => ({ new_email: own }),
        400,
        { new_email: 'Enter an address other than the current one.' },
      ],
      [
        'a wrong password',
        () => ({ current_password: WRONG_PASSWORD }),
        400,
        { current_password: 'This is not your current password.', new_email: null },
      ],
    ])('what is wrong is said beside its field: %s', async (_, wrong, status, beside) => {
      const browser = await signedIn();
      const typed = { new_email: someone(), current_password: PASSWORD, ...wrong(browser.email) };
      const page = await browser.send(browser.form(EMAIL), typed);
      expect([page.status, page.path, page.isOpen('change-email')]).toEqual([status, EMAIL.action, true]);
      for (const [field, says] of Object.entries(beside))
        expect([field, page.errorBeside(field)]).toEqual([field, says]);
      expect(page.form(EMAIL).values).toMatchObject({ new_email: typed.new_email, current_password: '' });
      expect([page.html.includes(PASSWORD), page.html.includes(WRONG_PASSWORD)]).toEqual([false, false]);
      expect(page.errorsIn({ action: '/account/change-password' })).toEqual([]);
    });

    it('R62: nobody else sends the form', async () => {
      const [browser, new_email] = [await signedIn(), someone()];
      await expectNoForgery(browser, browser.form(EMAIL), { new_email, current_password: PASSWORD });
      expect(await scene.subjectsTo(new_email)).toEqual([]);
    });
  });

  describe('its end', () => {
    const end = (browser: Browser, typed: Typed) => browser.send(browser.form(DELETION), typed);
    const BOTH = { current_password: PASSWORD, confirm: 'yes' };

    it('deletes it, ends the sessions, and says so', async () => {
      const [browser, other] = [await signedIn(), new Browser(scene)];
      await other.signIn(browser.email);
      const { cookie } = browser;
      const page = await end(browser, BOTH);
      expect([page.path, page.done]).toEqual(['/account/login?done=deleted', 'Your account is deleted.']);
      expect([
        browser.cookieOf('session'),
        await other.isSignedIn(),
        await hasAccount(browser.email),
      ]).toEqual([null, false, false]);
      expect((await scene.get('/orders', { cookie })).status).toBe(401);
      expect((await other.open('/account/me')).title).toBe('Sign in');
    });

    it('has the effect of the JSON route', async () => {
      const seen = [];
      for (const way of ['page', 'json']) {
        const browser = await signedIn();
        const { token } = await scene.signIn(browser.email, PASSWORD);
        scene.takeEvents();
        if (way === 'page') await end(browser, BOTH);
        else await scene.delete('/account', { current_password: PASSWORD }, { token });
        seen.push([scene.takeEvents(), await scene.subjectsTo(browser.email)]);
      }
      expect(seen[0]).toEqual(seen[1]);
    });

    it.each<[string, Typed, number, Record<string, string | null>]>([
      [
        'nothing',
        {},
        422,
        {
          current_password: 'Fill this in.',
          confirm: 'Tick this first. It cannot be undone.',
        },
      ],
      [
        'no tick',
        { current_password: PASSWORD },
        422,
        { current_password: null, confirm: 'Tick this first. It cannot be undone.' },
      ],
      ['another tick', { ...BOTH, confirm: 'no' }, 422, { confirm: expect.stringMatching(/^Tick/) }],
      [
        'a wrong password',
        { ...BOTH, current_password: WRONG_PASSWORD },
        400,
        { current_password: 'This is not your current password.', confirm: null },
      ],
    ])('what is wrong is said beside its field: %s', async (_, typed, status, beside) => {
      const browser = await signedIn();
      const page = await end(browser, typed);
      expect([page.status, page.path, page.isOpen('delete')]).toEqual([status, DELETION.action, true]);
      for (const [field, says] of Object.entries(beside))
        expect([field, page.errorBeside(field)]).toEqual([field, says]);
      expect(page.form(DELETION).values['confirm']).toBe(typed['confirm'] === undefined ? undefined : 'yes');
      expect([page.html.includes(PASSWORD), page.html.includes(WRONG_PASSWORD)]).toEqual([false, false]);
      expect([await browser.isSignedIn(), await hasAccount(browser.email)]).toEqual([true, true]);
    });

    it('the last admin stays, and is told why', async () => {
      const [browser, email] = [new Browser(scene), someone()];
      const users = scene.stage.host.app.get(UsersService, { strict: false });
      await users.createAdmin({ email, password: PASSWORD });
      await browser.signIn(email);
      const page = await end(browser, BOTH);
      expect([page.status, page.alert, page.isOpen('delete')]).toEqual([
        409,
        'This is the last active admin. Make somebody else one first.',
        true,
      ]);
      expect(await hasAccount(email)).toBe(true);
    });

    it('R62: nobody else sends the form', async () => {
      const browser = await signedIn();
      await expectNoForgery(browser, browser.form(DELETION), BOTH);
      expect([await browser.isSignedIn(), await hasAccount(browser.email)]).toEqual([true, true]);
    });

    it('switched off, there is none', async () => {
      const browser = await signedIn();
      const form = browser.form(DELETION);
      await scene.stage.enter({ ...PAGES, enableAccountDeletion: false });
      expect((await browser.send(form, BOTH)).status).toBe(404);
      expect((await browser.open(DELETION.action)).status).toBe(404);
      expect((await browser.open('/account/me')).find(DELETION)).toBeNull();
      expect(await hasAccount(browser.email)).toBe(true);
      await scene.stage.enter(PAGES);
    });
  });

  it('what a host leaves out is not on the page', async () => {
    const browser = await signedIn();
    await scene.stage.enter({ ...PAGES, leaveOut: ['email-change', 'password'] });
    await browser.open('/account/me');
    expect(browser.page.forms.map(({ action }) => action)).toEqual([
      '/account/logout',
      '/account/me',
      DELETION.action,
    ]);
    expect((await browser.open(EMAIL.action)).status).toBe(404);
    await scene.stage.enter(PAGES);
  });
});
