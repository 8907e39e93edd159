import { PASSWORD } from '../support/demo';
import { Browser } from './browser';
import { Scene, someone, WRONG_PASSWORD } from './scene';

/** Where a sign-in may not lead, as `next` says it. */
const ELSEWHERE = [
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/\t/evil.example',
  'https://evil.example',
  'http:evil.example',
  'javascript:alert(1)',
  'evil.example',
  '@evil.example',
  '',
];

describe('pages: signing in and out', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start({ enableUiRouter: true });
  });
  afterAll(() => scene.close());

  const newBrowser = (): Browser => new Browser(scene);

  /** A browser whose user is signed in. */
  const signedIn = async (): Promise<Browser & { email: string }> => {
    const [browser, { email }] = [newBrowser(), await scene.member()];
    await browser.signIn(email);
    return Object.assign(browser, { email });
  };

  it('a cookie of a form that comes twice was planted, and refuses, on the page as with the form', async () => {
    const cookie = ['a', 'b'].map((one) => `regstack-form=${one.repeat(43)}`).join('; ');
    for (const path of ['/account/login', '/account/check-mail'])
      expect((await scene.get(path, { cookie })).status).toBe(400);
    expect((await scene.submit('/account/login', { form_token: 'x' }, { cookie })).status).toBe(400);
  });

  it('R62: a sign-in leads to the own page; sign-out ends the session', async () => {
    const [browser, { email }] = [newBrowser(), await scene.member()];
    await browser.open('/account/me');
    expect([browser.page.status, browser.page.title]).toEqual([200, 'Sign in']);
    const page = await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
    expect([page.status, page.path, page.title]).toEqual([200, '/account/me', 'Your account']);
    expect(browser.history).toEqual([
      '/account/me',
      '/account/login?next=%2Faccount%2Fme',
      '/account/login?next=%2Faccount%2Fme',
      '/account/me',
    ]);

    const cookie = browser.cookie;
    await browser.send(browser.form({ action: '/account/logout' }));
    expect([browser.page.path, browser.page.done]).toEqual([
      '/account/login?done=signed_out',
      'You are signed out.',
    ]);
    expect([browser.cookieOf('session'), await browser.isSignedIn()]).toEqual([null, false]);
    expect((await scene.get('/orders', { cookie })).status).toBe(401);
    expect((await browser.open('/account/me')).title).toBe('Sign in');
  });

  it('R67: `next` as a field leads on too, also after a wrong password, and nowhere else', async () => {
    const { email } = await scene.member();
    const next = '/orders?a=b';
    const browser = newBrowser();
    await browser.open('/account/login');
    const wrong = await browser.send(browser.form({ has: 'password' }), {
      email,
      password: WRONG_PASSWORD,
      next,
    });
    expect(wrong.status).toBe(401);
    const form = browser.form({ has: 'password' });
    expect(form.action).toContain(`next=${encodeURIComponent(next)}`);
    await browser.send(form, { email, password: PASSWORD });
    expect(browser.history.at(-1)).toBe(next);
    for (const elsewhere of ELSEWHERE) {
      const other = newBrowser();
      await other.open('/account/login');
      const page = await other.send(other.form({ has: 'password' }), {
        email,
        password: PASSWORD,
        next: elsewhere,
      });
      expect([elsewhere, page.path]).toEqual([elsewhere, '/account/me']);
    }
  });

  it('a wrong password is said; the address stays and the password does not', async () => {
    const [browser, { email }] = [newBrowser(), await scene.member()];
    for (const address of [email, someone()]) {
      const page = await browser.signIn(address, WRONG_PASSWORD);
      expect([page.status, page.alert]).toEqual([401, 'The e-mail address or the password is wrong.']);
      expect(page.form({ has: 'password' }).values).toMatchObject({ email: address, password: '' });
      expect(page.html).not.toContain(WRONG_PASSWORD);
    }
    expect(browser.cookieOf('session')).toBeNull();
    // The page that it came back on is good for another try.
    const page = await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
    expect([page.path, await browser.isSignedIn()]).toEqual(['/account/me', true]);
  });

  it('what is left empty is said beside its field', async () => {
    const browser = newBrowser();
    await browser.open('/account/login');
    const page = await browser.send(browser.form({ has: 'password' }));
    expect([page.status, page.errorBeside('email'), page.errorBeside('password')]).toEqual([
      422,
      'Fill this in.',
      'Fill this in.',
    ]);
  });

  it('R13: whose address it is, neither page nor headers tell', async () => {
    const seen = [];
    for (const email of [someone(), (await scene.member()).email]) {
      const { html, headers } = await newBrowser().signIn(email, WRONG_PASSWORD);
      const page = html.replace(/(name="form_token" value=")[^"]*/g, '$1').replaceAll(email, '');
      seen.push([page, [...headers].filter(([name]) => !['date', 'etag', 'set-cookie'].includes(name))]);
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it('W26, R67: `next` leads to a page of this origin, and nowhere else', async () => {
    const { email } = await scene.member();
    const browser = newBrowser();
    const opened = `/account/login?next=${encodeURIComponent('/orders?of=mine&now=1')}`;
    expect((await browser.signIn(email, WRONG_PASSWORD, opened)).status).toBe(401);
    await browser.send(browser.form({ has: 'password' }), { email, password: PASSWORD });
    expect([browser.page.status, browser.page.path]).toEqual([200, '/orders?of=mine&now=1']);
    expect((await browser.open('/account/login?next=/plain')).path).toBe('/plain');

    for (const next of ELSEWHERE) {
      const [stranger, path] = [newBrowser(), `/account/login?next=${encodeURIComponent(next)}`];
      await stranger.open(path);
      expect([next, stranger.page.html.includes('evil')]).toEqual([next, false]);
      // As the form is, and as somebody else could have written it.
      for (const action of [stranger.form({ has: 'password' }).action, path]) {
        const form = { ...stranger.form({ has: 'password' }), action };
        const page = await stranger.send(form, { email, password: PASSWORD });
        expect([next, page.path]).toEqual([next, '/account/me']);
        await stranger.send(stranger.form({ action: '/account/logout' }));
      }
      await browser.open(path);
      expect([next, browser.page.path]).toEqual([next, '/account/me']);
    }
  });

  it('somebody signed in has nothing to do at the sign-in, and goes on', async () => {
    const browser = await signedIn();
    expect((await browser.open('/account/login')).path).toBe('/account/me');
  });

  describe('R62: a form is bound to the browser as it is', () => {
    const EXPIRED = 'This form was open for too long. Open the page again.';

    it('without its token, with another one, or with that of another browser', async () => {
      const [{ email }, browser, other] = [await scene.member(), newBrowser(), newBrowser()];
      const [mine, theirs] = [browser, other].map(async (one) => {
        await one.open('/account/login');
        return one.form({ has: 'password' });
      });
      const form = await mine!;
      for (const form_token of [null, '', 'x', (await theirs!).values['form_token']!]) {
        const page = await browser.send(form, { email, password: PASSWORD, form_token });
        expect([page.status, page.alert]).toEqual([403, EXPIRED]);
        expect(browser.cookieOf('session')).toBeNull();
      }
      expect((await browser.send(form, { email, password: PASSWORD })).path).toBe('/account/me');
    });

    it('with one of before the sign-in, or of before the sign-out', async () => {
      const [browser, { email }] = [newBrowser(), await scene.member()];
      await browser.open('/account/login');
      const before = browser.form({ has: 'password' }).values['form_token']!;
      await browser.signIn(email);
      const profile = browser.form({ has: 'full_name' });
      for (const form_token of [before, null])
        expect((await browser.send(profile, { full_name: 'Eve', form_token })).status).toBe(403);
      await browser.open('/account/me');
      const after = browser.form({ has: 'full_name' });
      expect(after.values['full_name']).toBe('');
      await browser.send(browser.form({ action: '/account/logout' }));
      for (const form_token of [before, after.values['form_token']!]) {
        await browser.open('/account/login');
        const page = await browser.send(browser.form({ has: 'password' }), { email, form_token });
        expect(page.status).toBe(403);
      }
    });

    it('of another session of the same user', async () => {
      const [one, other] = [await signedIn(), newBrowser()];
      await other.signIn(one.email);
      const { form_token } = other.form({ has: 'full_name' }).values;
      const page = await one.send(one.form({ has: 'full_name' }), {
        full_name: 'Eve',
        form_token: form_token!,
      });
      expect([page.status, page.alert]).toEqual([403, EXPIRED]);
      expect(await other.isSignedIn()).toBe(true);
    });

    it.each(['cross-site', 'same-site', 'none'])('sent from a page that is %s', async (site) => {
      const [{ email }, browser] = [await scene.member(), newBrowser()];
      await browser.open('/account/login');
      const typed = { email, password: PASSWORD };
      const page = await browser.send(browser.form({ has: 'password' }), typed, { 'sec-fetch-site': site });
      expect([page.status, page.alert, browser.cookieOf('session')]).toEqual([
        403,
        'This came from another site. Open the page again and try once more.',
        null,
      ]);
    });
  });

  it('R18, R22: a locked address says for how long, and what can be done', async () => {
    const [browser, { email }] = [newBrowser(), await scene.member()];
    for (let n = 0; n < 5; n++) await browser.signIn(email, WRONG_PASSWORD);
    const page = await browser.signIn(email);
    expect([page.status, page.title, page.headers.get('retry-after')]).toEqual([
      429,
      'Too many attempts',
      expect.stringMatching(/^\d+$/),
    ]);
    expect(page.text).toMatch(/You can try again in \d+ minutes\./);
    expect(page.links['Forgot your password?']).toBe('/account/forgot');
    expect(browser.cookieOf('session')).toBeNull();
    scene.advance(Number(page.headers.get('retry-after')));
    expect((await browser.signIn(email)).path).toBe('/account/me');
  });

  it('the pages of mailed links lead to the sign-in, used or refused', async () => {
    const browser = newBrowser();
    for (const name of ['verify', 'reset', 'confirm-email-change', 'undo-email-change']) {
      for (const query of ['?done', '']) {
        const { links } = await browser.open(`/account/${name}${query}`);
        expect([name, links['Sign in']]).toEqual([name, '/account/login']);
      }
    }
  });

  it('with the pages switched off there are none', async () => {
    const { email } = await scene.member();
    const browser = newBrowser();
    await browser.open('/account/login');
    const { values } = browser.form({ has: 'password' });
    await scene.stage.enter({ enableUiRouter: false });
    for (const path of ['/account/login', '/account/me'])
      expect([path, (await browser.open(path)).status]).toEqual([path, 404]);
    for (const path of ['/account/login', '/account/logout', '/account/me'])
      expect((await browser.post(path, { ...values, email, password: PASSWORD })).status).toBe(404);
    expect(browser.cookieOf('session')).toBeNull();
    await scene.stage.enter({ enableUiRouter: true });
  });
});
