import { PASSWORD } from '../support/demo';
import { Browser, type Typed } from './browser';
import { Enrolments } from './enrolments';
import { expectNoForgery } from './forgeries';
import { OTHER_PASSWORD, Scene, someone, WRONG_PASSWORD } from './scene';

const PAGES = { enableUiRouter: true };
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('pages: passwords', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start(PAGES);
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const at = async (path: string, browser = new Browser(scene)): Promise<Browser> => {
    await browser.open(path);
    return browser;
  };
  const signedIn = async (): Promise<Browser & { email: string }> => {
    const [browser, { email }] = [new Browser(scene), await scene.member()];
    await browser.signIn(email);
    return Object.assign(browser, { email });
  };
  const hasPassword = async (email: string, password: string): Promise<boolean> =>
    (await scene.login(email, password)).status === 200;

  describe('forgotten', () => {
    it('W44: leads from the sign-in over the mailbox to a new one', async () => {
      const { email } = await scene.member();
      const browser = await at('/account/login');
      await browser.open(browser.page.links['Forgot your password?']!);
      await browser.send(browser.form({ has: 'email' }), { email });
      expect([browser.page.path, browser.page.done, browser.page.find({ has: 'email' })]).toEqual([
        '/account/forgot?done=forgot',
        'If there is an account with this address, a link is on its way to it.',
        null,
      ]);
      await browser.open(await scene.linkTo(email));
      await browser.send(browser.form({ has: 'new_password' }), { new_password: OTHER_PASSWORD });
      expect([browser.page.path, browser.page.title]).toEqual([
        '/account/reset?done',
        'Your password is set',
      ]);
      await browser.open(browser.page.links['Sign in']!);
      const typed = { email, password: OTHER_PASSWORD };
      expect((await browser.send(browser.form({ has: 'password' }), typed)).path).toBe('/account/me');
    });

    it('what is wrong is said beside its field, and who asks again does so on the page', async () => {
      const browser = await at('/account/forgot');
      for (const [email, says] of [
        ['', 'Fill this in.'],
        ['ada', 'Enter an address such as name@example.org.'],
      ] as const) {
        const page = await browser.send(browser.form({ has: 'email' }), { email });
        expect([page.status, page.errorBeside('email'), page.form({ has: 'email' }).values['email']]).toEqual(
          [422, says, email],
        );
      }
      await browser.send(browser.form({ has: 'email' }), { email: someone() });
      expect(
        (await browser.open(browser.page.links['Ask for another link']!)).find({ has: 'email' }),
      ).toEqual(expect.anything());
    });

    it('R62: nobody else sends the form', async () => {
      const { email } = await scene.member();
      const before = await scene.subjectsTo(email);
      const browser = await at('/account/forgot');
      await expectNoForgery(browser, browser.form({ has: 'email' }), { email });
      expect(await scene.subjectsTo(email)).toEqual(before);
    });

    it('switched off, there is neither page nor link', async () => {
      const open = await at('/account/forgot');
      await scene.stage.enter({ ...PAGES, enablePasswordReset: false });
      const sent = await open.send(open.form({ has: 'email' }), { email: someone() });
      expect([sent.status, (await at('/account/forgot')).page.status]).toEqual([404, 404]);
      expect((await at('/account/login')).page.links).not.toHaveProperty('Forgot your password?');
      await scene.stage.enter(PAGES);
    });
  });

  describe('changed', () => {
    const SECTION = { action: '/account/change-password' };
    const change = (browser: Browser, typed: Typed) => browser.send(browser.form(SECTION), typed);

    it('ends every session, this one too, and says so where one signs in', async () => {
      const [browser, other] = [await signedIn(), new Browser(scene)];
      await other.signIn(browser.email);
      const { cookie } = browser;
      await browser.open(SECTION.action);
      const page = await change(browser, { current_password: PASSWORD, new_password: OTHER_PASSWORD });
      expect([page.path, page.done]).toEqual([
        '/account/login?done=password_changed',
        'Your password is changed, and you are signed out everywhere. Sign in with the new one.',
      ]);
      expect([browser.cookieOf('session'), await other.isSignedIn()]).toEqual([null, false]);
      expect((await scene.get('/orders', { cookie })).status).toBe(401);
      expect([
        await hasPassword(browser.email, PASSWORD),
        await hasPassword(browser.email, OTHER_PASSWORD),
      ]).toEqual([false, true]);
      expect(page.find({ action: '/account/logout' })).toBeNull();
    });

    it('has the effect of the JSON route', async () => {
      const seen = [];
      for (const way of ['page', 'json'] as const) {
        const browser = await signedIn();
        const member = await scene.signIn(browser.email, PASSWORD);
        scene.takeEvents();
        if (way === 'json') await scene.changePassword(member, PASSWORD, OTHER_PASSWORD);
        else await change(browser, { current_password: PASSWORD, new_password: OTHER_PASSWORD });
        seen.push([scene.takeEvents(), await scene.subjectsTo(browser.email)]);
        expect([await scene.isSignedIn(member.token), await browser.isSignedIn()]).toEqual([false, false]);
      }
      expect(seen[0]).toEqual(seen[1]);
    });

    it.each<[string, Typed, number, Record<string, string | null>]>([
      ['nothing', {}, 422, { current_password: 'Fill this in.', new_password: 'Fill this in.' }],
      [
        'a wrong one',
        { current_password: WRONG_PASSWORD, new_password: OTHER_PASSWORD },
        400,
        { current_password: 'This is not your current password.', new_password: null },
      ],
      [
        'the same one',
        { current_password: PASSWORD, new_password: PASSWORD },
        400,
        { new_password: 'Choose a password other than the current one.' },
      ],
      [
        'a short one',
        { current_password: PASSWORD, new_password: 'xyz-short-1' },
        422,
        { new_password: 'Use at least 12 characters.', current_password: null },
      ],
    ])('what is wrong is said beside its field: %s', async (_, typed, status, beside) => {
      const browser = await signedIn();
      const page = await change(browser, typed);
      expect([page.status, page.path, page.isOpen('change-password')]).toEqual([
        status,
        SECTION.action,
        true,
      ]);
      for (const [field, says] of Object.entries(beside))
        expect([field, page.errorBeside(field)]).toEqual([field, says]);
      for (const password of Object.values(typed)) expect(page.html).not.toContain(password);
      // The other sections know nothing of it.
      expect(page.errorsIn({ action: '/account/delete-account' })).toEqual([]);
      expect([await browser.isSignedIn(), await hasPassword(browser.email, PASSWORD)]).toEqual([true, true]);
    });

    it('W42: too many guesses lock it, for a while that is said', async () => {
      const browser = await signedIn();
      const typed = { current_password: WRONG_PASSWORD, new_password: OTHER_PASSWORD };
      for (let n = 0; n < 5; n++) await change(browser, typed);
      const page = await change(browser, { ...typed, current_password: PASSWORD });
      expect([page.status, page.title]).toEqual([429, 'Too many attempts']);
      expect(page.text).toMatch(/try again in \d+ minutes/);
    });

    it('R62: nobody else sends the form', async () => {
      const browser = await signedIn();
      const typed = { current_password: PASSWORD, new_password: OTHER_PASSWORD };
      await expectNoForgery(browser, browser.form(SECTION), typed);
      expect([await browser.isSignedIn(), await hasPassword(browser.email, PASSWORD)]).toEqual([true, true]);
    });

    it('needs a session: without one it leads to the sign-in, and back to the section', async () => {
      const { email } = await scene.member();
      const browser = await at(SECTION.action);
      expect(browser.page.title).toBe('Sign in');
      await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
      expect([browser.page.path, browser.page.isOpen('change-password')]).toEqual([SECTION.action, true]);
    });
  });

  describe('asked for once more', () => {
    const PATH = '/account/reauthenticate';
    const isFresh = async (browser: Browser): Promise<boolean> =>
      (await scene.post('/sessions/revoke-others', {}, { cookie: browser.cookie, headers: SAME_ORIGIN }))
        .status !== 403;
    const stale = async (): Promise<Browser> => {
      const browser = await signedIn();
      scene.advance(901);
      expect(await isFresh(browser)).toBe(false);
      return at(`${PATH}?next=/plain`, browser);
    };

    it('makes the session fresh and goes on to where one was', async () => {
      const browser = await stale();
      expect(browser.form({ action: PATH }).names).toEqual(['form_token', 'current_password']);
      const session = browser.cookieOf('session');
      const page = await browser.send(browser.form({ action: PATH }), { current_password: PASSWORD });
      expect([page.path, await isFresh(browser), browser.cookieOf('session')]).toEqual([
        '/plain',
        true,
        session,
      ]);
      await at(PATH, browser);
      await browser.send(browser.form({ action: PATH }), { current_password: PASSWORD });
      expect(browser.page.path).toBe('/account/me');
    });

    it.each([
      ['', 422, 'Fill this in.'],
      [WRONG_PASSWORD, 400, 'This is not your current password.'],
    ])('what is wrong is said beside its field: %j', async (current_password, status, says) => {
      const browser = await stale();
      const page = await browser.send(browser.form({ action: PATH }), { current_password });
      expect([page.status, page.errorBeside('current_password')]).toEqual([status, says]);
      expect([page.html.includes(WRONG_PASSWORD), await isFresh(browser)]).toEqual([false, false]);
      expect((await browser.send(page.form({ action: PATH }), { current_password: PASSWORD })).path).toBe(
        '/plain',
      );
    });

    it('W26: goes on to no other origin', async () => {
      const browser = await signedIn();
      for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/.//evil.example']) {
        const action = `${PATH}?next=${encodeURIComponent(next)}`;
        await at(action, browser);
        for (const form of [browser.form({ action: PATH }), { ...browser.form({ action: PATH }), action }]) {
          await browser.send(form, { current_password: PASSWORD });
          expect([next, browser.page.path]).toEqual([next, '/account/me']);
          await at(action, browser);
        }
      }
    });

    it('R46: asks for a code where the account has a second factor', async () => {
      const member = await factors.enrolApp(await scene.member());
      const browser = new Browser(scene);
      const { email, password } = member;
      const typed = { email, password };
      const { json } = await scene.post('/login?transport=cookie', typed, { headers: SAME_ORIGIN });
      browser.keep(
        await factors.confirm(json.mfa_pending_token, factors.nextCode(member), {}, { headers: SAME_ORIGIN }),
      );
      scene.advance(901);
      await at(`${PATH}?next=/plain`, browser);
      const prove = (code: string) =>
        browser.send(browser.form({ has: 'code' }), { current_password: PASSWORD, code });
      const without = await prove('');
      expect([without.status, without.alert, without.errorBeside('current_password')]).toEqual([
        403,
        'Enter a code too: from your authenticator app, from a text message, or one of your recovery codes.',
        null,
      ]);
      const wrong = await prove('wrong-code');
      expect([wrong.status, wrong.errorBeside('code'), wrong.html.includes('wrong-code')]).toEqual([
        400,
        'This code is wrong, or was used already.',
        false,
      ]);
      expect(await isFresh(browser)).toBe(false);
      const page = await prove(factors.nextCode(member));
      expect([page.path, await isFresh(browser)]).toEqual(['/plain', true]);
    });

    it('R62: nobody else sends the form', async () => {
      const browser = await stale();
      await expectNoForgery(browser, browser.form({ action: PATH }), { current_password: PASSWORD });
      expect(await isFresh(browser)).toBe(false);
    });
  });
});
