import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AccountHooks, Veto } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Browser, type Typed } from './browser';
import { expectNoForgery } from './forgeries';
import { Scene, someone } from './scene';
import { SceneAttributes } from './scene.attributes';

const PAGES = { enableUiRouter: true };
const FULL_NAME = 'Ada "Countess" <Lovelace>';

/** A view of a host, which asks for one attribute more. */
const VIEW = `{% layout 'views/registration/register' %}
{% block attributes %}{% render 'field', name: 'attributes.language', label: 'Language', optional: true, typed: typed, errors: errors %}{% endblock %}`;

describe('pages: registration', () => {
  let scene: Scene;
  let refusal: Veto | null = null;
  class Hooks extends AccountHooks {
    override beforeRegister = () => refusal;
  }
  beforeAll(async () => {
    scene = await Scene.start({ ...PAGES, providers: [{ provide: AccountHooks, useClass: Hooks }] });
  });
  afterEach(() => {
    refusal = null;
  });
  afterAll(() => scene.close());

  const at = async (path: string): Promise<Browser> => {
    const browser = new Browser(scene);
    await browser.open(path);
    return browser;
  };
  const register = async (typed: Typed, path = '/account/register'): Promise<Browser> => {
    const browser = await at(path);
    await browser.send(browser.form({ has: 'password' }), typed);
    return browser;
  };
  const resend = async (email: string): Promise<Browser> => {
    const browser = await at('/account/check-mail');
    await browser.send(browser.form({ has: 'email' }), { email });
    return browser;
  };
  const hasAccount = async (email: string, password = PASSWORD): Promise<boolean> =>
    (await scene.login(email, password)).status === 200;

  it('W44: leads to the mailbox, from there to the account, and on to the sign-in', async () => {
    const email = someone();
    const browser = await at('/account/login');
    await browser.open(browser.page.links['Create one']!);
    await browser.send(browser.form({ has: 'password' }), {
      email: ` ${email.toUpperCase()} `,
      password: PASSWORD,
      full_name: FULL_NAME,
    });
    expect([browser.page.path, browser.page.title]).toEqual([
      '/account/check-mail',
      'Look into your mailbox',
    ]);
    expect(await hasAccount(email)).toBe(false);
    await browser.open(await scene.linkTo(email));
    await browser.send(browser.form({ has: 'token_hash' }));
    expect([browser.page.path, browser.page.title]).toEqual([
      '/account/verify?done',
      'Your address is confirmed',
    ]);
    await browser.open(browser.page.links['Sign in']!);
    const page = await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
    expect([page.path, page.form({ has: 'full_name' }).values['full_name']]).toEqual([
      '/account/me',
      FULL_NAME,
    ]);
    expect(browser.history.join(' ')).not.toContain(email);
    expect((await browser.open('/account/register')).path).toBe('/account/me');
  });

  it('has the effect of the JSON route: the same mails, the same events', async () => {
    const ways = [
      (email: string) => register({ email, password: PASSWORD }).then(() => resend(email)),
      (email: string) => scene.register(email).then(() => scene.resend(email)),
    ];
    const seen = [];
    for (const ask of ways) {
      const email = someone();
      scene.takeEvents();
      await ask(email);
      await scene.verify(await scene.tokenTo(email));
      seen.push([scene.takeEvents(), await scene.subjectsTo(email), await hasAccount(email)]);
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toEqual([expect.arrayContaining(['user.registered']), expect.any(Array), true]);
  });

  it.each<[string, Typed, number, Record<string, string | null>]>([
    [
      'nothing',
      { email: '', password: '' },
      422,
      { email: 'Fill this in.', password: 'Fill this in.', full_name: null },
    ],
    ['no address', { email: 'ada' }, 422, { email: 'Enter an address such as name@example.org.' }],
    ['a long address', { email: 'x'.repeat(400) }, 422, { email: 'It must have 1 to 320 characters.' }],
    ['a short password', { password: 'xyz-short-1' }, 422, { password: 'Use at least 12 characters.' }],
    ['a long password', { password: 'x'.repeat(257) }, 422, { password: 'Use at most 256 characters.' }],
    ['one of many', { password: '1qaz2wsx3edc' }, 422, { password: 'Choose one that fewer people use.' }],
    [
      'one of the name',
      { password: 'Ada-Lovelace' },
      422,
      { password: 'Do not use your name, your address or the name of this app.' },
    ],
    ['a long name', { full_name: 'x'.repeat(300) }, 422, { full_name: expect.stringMatching(/^It must/) }],
  ])('what is wrong is said beside its field, with what was typed: %s', async (_, wrong, status, beside) => {
    const typed = { email: someone(), password: PASSWORD, full_name: 'Ada Lovelace', ...wrong };
    const { page } = await register(typed);
    expect([page.path, page.status, page.title]).toEqual([
      '/account/register',
      status,
      expect.stringContaining('Create an account'),
    ]);
    for (const [field, says] of Object.entries(beside))
      expect([field, page.errorBeside(field)]).toEqual([field, says]);
    expect(page.alert).toEqual(expect.any(String));
    const { email, full_name } = typed;
    expect(page.form({ has: 'password' }).values).toMatchObject({ email, full_name, password: '' });
    if (typed.password) expect(page.html).not.toContain(`"${typed.password}"`);
  });

  it('R78: what is typed is shown as text, and a hook says why', async () => {
    refusal = new Veto('Not from here.');
    const email = '"><script>alert(1)</script>@example.org';
    for (const address of [someone(), email]) {
      const { page } = await register({ email: address, password: PASSWORD, full_name: FULL_NAME });
      expect(page.html).not.toMatch(/<script>|"Countess"/);
      expect(page.form({ has: 'password' }).values).toMatchObject({ email: address, full_name: FULL_NAME });
      expect(page.alert).toBe(address === email ? 'We cannot use this e-mail address.' : 'Not from here.');
    }
  });

  it('fields that it does not have are refused', async () => {
    const email = someone();
    for (const field of ['is_superuser', 'roles', 'attributes', 'attributes.plan', 'attributes.__proto__'])
      expect((await register({ email, password: PASSWORD, [field]: 'x' })).page.status).toBe(422);
    expect(await scene.subjectsTo(email)).toEqual([]);
  });

  it('R62: nobody else sends the forms', async () => {
    const [email, waiting] = [someone(), someone()];
    const browser = await at('/account/register');
    await expectNoForgery(browser, browser.form({ has: 'password' }), { email, password: PASSWORD });
    await scene.register(waiting);
    await browser.open('/account/check-mail');
    await expectNoForgery(browser, browser.form({ has: 'email' }), { email: waiting });
    expect([await scene.subjectsTo(email), (await scene.subjectsTo(waiting)).length]).toEqual([[], 1]);
  });

  it('another link takes the place of the first, and more than a few are not sent', async () => {
    const email = someone();
    await register({ email, password: PASSWORD });
    const first = await scene.tokenTo(email);
    const { page } = await resend(email);
    expect([page.path, page.done]).toEqual([
      '/account/check-mail?done=resent',
      'If this address is still to be confirmed, another link is on its way to it.',
    ]);
    expect((await scene.verify(first)).status).toBe(400);
    expect((await scene.verify(await scene.tokenTo(email))).status).toBe(200);
    const { page: wrong } = await resend('ada');
    expect([wrong.status, wrong.errorBeside('email'), wrong.form({ has: 'email' }).values['email']]).toEqual([
      422,
      'Enter an address such as name@example.org.',
      'ada',
    ]);
  });

  it('who signs in too early is told where there is another link', async () => {
    const email = someone();
    await scene.stage.enter({ ...PAGES, requireVerification: false });
    await scene.register(email);
    await scene.stage.enter(PAGES);
    const browser = new Browser(scene);
    const page = await browser.signIn(email);
    expect([page.status, page.links['Ask for another link']]).toEqual([403, '/account/check-mail']);
  });

  describe('with other settings', () => {
    it('without proof of the address the account is there at once, and a taken one is said', async () => {
      await scene.stage.enter({ ...PAGES, requireVerification: false });
      const email = someone();
      const browser = await register({ email, password: PASSWORD }, '/account/register?next=/plain');
      expect([browser.page.path, browser.page.done]).toEqual([
        '/account/login?done=registered&next=%2Fplain',
        'Your account is ready. Sign in now.',
      ]);
      await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
      expect(browser.page.path).toBe('/plain');
      const { page } = await register({ email, password: PASSWORD });
      expect([page.status, page.alert, page.form({ has: 'password' }).values['email']]).toEqual([
        409,
        'There is already an account with this e-mail address.',
        email,
      ]);
    });

    it('where it is closed, the page says so, also to a form that was open', async () => {
      const open = await at('/account/register');
      await scene.stage.enter({ ...PAGES, allowRegistration: false });
      const email = someone();
      const sent = await open.send(open.form({ has: 'password' }), { email, password: PASSWORD });
      for (const page of [sent, (await at('/account/register')).page]) {
        expect([page.status, page.alert, page.find({ has: 'password' })]).toEqual([
          403,
          'You cannot create an account here at the moment.',
          null,
        ]);
      }
      expect((await at('/account/login')).page.links).not.toHaveProperty('Create one');
      await scene.stage.enter({ allowRegistration: true });
      for (const path of ['register', 'check-mail', 'forgot'])
        expect((await at(`/account/${path}`)).page.status).toBe(404);
    });

    it('a view of the host asks for its attributes', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'views-'));
      mkdirSync(join(folder, 'registration'));
      writeFileSync(join(folder, 'registration', 'register.liquid'), VIEW);
      const host = { ...PAGES, attributes: SceneAttributes, extraTemplateDirs: [folder] };
      await scene.stage.enter({ ...host, requireVerification: false });
      const typed = { email: someone(), password: PASSWORD };
      const { page } = await register({ ...typed, 'attributes.language': 'fr' });
      expect([page.status, page.errorBeside('attributes.language')]).toEqual([
        422,
        'language must be one of the following values: en, de',
      ]);
      expect(page.form({ has: 'password' }).values['attributes.language']).toBe('fr');
      await register({ ...typed, 'attributes.language': 'de' });
      const { token } = await scene.signIn(typed.email, PASSWORD);
      expect((await scene.me({ token })).attributes).toEqual({ plan: 'free', language: 'de' });
      const other = { ...typed, email: someone(), 'attributes.language': '' };
      expect((await register(other)).page.path).toBe('/account/login?done=registered');
      rmSync(folder, { recursive: true });
    });
  });
});
