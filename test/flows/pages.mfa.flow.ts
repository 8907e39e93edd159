import { Browser } from './browser';
import type { Member } from './scene';
import { Scene } from './scene';
import { type MemberWithBoth, SecondSteps, wrongCode } from './second-steps';
import type { ShownPage } from './shown-page';

const ON = { enableUiRouter: true, enableSms2fa: true } as const;
const STEP = '/account/mfa-confirm';
const NEXT = '?next=%2Forders%3Fpage%3D2';

describe('pages: the second step of a sign-in', () => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start(ON);
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  /** A browser in which somebody has just proved the password. */
  const waiting = async ({ email, password }: Member, query = ''): Promise<Browser> => {
    const browser = new Browser(scene);
    await browser.signIn(email, password, `/account/login${query}`);
    return browser;
  };
  const answer = (browser: Browser, code: string, more: Record<string, string | null> = {}) =>
    browser.send(browser.form({ has: 'code' }), { code, ...more });
  const resend = (browser: Browser): Promise<ShownPage> =>
    browser.send(browser.form({ action: '/account/mfa-resend' }));
  const appMember = async () => steps.enrolApp(await scene.member());
  const phoneMember = async () => steps.enrolPhone(await scene.member());
  const fullMember = async (): Promise<MemberWithBoth> => steps.enrolBoth(await scene.member());

  it('an app: the code signs in and leads on; the token of the step is in no page and no URL, and is forgotten', async () => {
    const member = await appMember();
    const browser = await waiting(member, NEXT);
    expect([browser.page.path, browser.page.title]).toEqual([STEP + NEXT, 'One more step']);
    expect(browser.page.text).toContain('your authenticator app shows now');
    expect(browser.page.find({ action: '/account/mfa-resend' })).toBeNull();
    expect(browser.page.html).toMatch(
      /<input id="code"[^>]* autocomplete="one-time-code" inputmode="numeric"[^>]* required/,
    );
    expect(browser.page.find({ has: 'trust_device' })).toBeNull();
    const token = browser.cookieOf('step-sign-in')!;
    expect([token.length, browser.cookieOf('session'), browser.page.html.includes(token)]).toEqual([
      43,
      null,
      false,
    ]);
    const form = browser.form({ has: 'code' });
    const signedIn = await browser.post(form.action, { ...form.values, code: steps.code(member.secret) });
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/orders?page=2']);
    expect([browser.cookieOf('step-sign-in'), await browser.isSignedIn()]).toEqual([null, true]);
    expect(browser.history.join(' ')).not.toContain(token);
    expect((await browser.open(STEP)).text).toContain('This step has expired');
  });

  it('R34: opening the page changes nothing, and sends nothing', async () => {
    const member = await phoneMember();
    const browser = await waiting(member);
    const sent = (await steps.textsTo(member.number)).length;
    for (let n = 0; n < 10; n++) await browser.open(STEP);
    await browser.open('/account/mfa-resend');
    expect(browser.page.path).toBe(STEP);
    expect(await steps.textsTo(member.number)).toHaveLength(sent);
    expect((await answer(browser, await steps.codeTo(member.number))).path).toBe('/account/me');
  });

  it('a wrong code is said beside its field, and not kept; five of them end the sign-in', async () => {
    const member = await appMember();
    const browser = await waiting(member, NEXT);
    const wrong = steps.wrongFor(member);
    for (let n = 0; n < 4; n++) {
      await answer(browser, wrong);
      expect([browser.page.status, browser.page.path, browser.page.errorBeside('code')]).toEqual([
        400,
        STEP + NEXT,
        'This code is wrong, or was used already.',
      ]);
      expect(browser.page.html).not.toContain(wrong);
    }
    const form = browser.form({ has: 'code' });
    for (const code of [wrong, steps.code(member.secret)]) {
      await browser.send(form, { code });
      expect([browser.page.status, browser.page.alert]).toEqual([
        400,
        'This step has expired, was done already, or had too many wrong codes.',
      ]);
    }
    expect(browser.page.links['Back to the start of the sign-in']).toBe(`/account/login${NEXT}`);
    expect(await browser.isSignedIn()).toBe(false);
  });

  it('an empty code is one that is missing', async () => {
    const browser = await waiting(await appMember());
    await answer(browser, '');
    expect([browser.page.status, browser.page.errorBeside('code')]).toEqual([422, 'Fill this in.']);
  });

  it('R43: too many wrong codes in an hour: a page that says how long', async () => {
    const member = await appMember();
    await steps.spend(member);
    const browser = await waiting(member);
    await answer(browser, steps.code(member.secret));
    expect([browser.page.status, browser.page.title]).toEqual([429, 'Too many attempts']);
    expect(browser.page.text).toMatch(/There were too many wrong codes\. You can try again in \d+ minutes\./);
    expect(Number(browser.page.headers.get('retry-after'))).toBeGreaterThan(3000);
  });

  it('a step that is over says so, however it is asked for', async () => {
    const browser = await waiting(await phoneMember());
    const [code, again] = [browser.form({ has: 'code' }), browser.form({ action: '/account/mfa-resend' })];
    scene.advance(600);
    for (const page of [
      await browser.open(STEP),
      await browser.send(code, { code: '123456' }),
      await browser.send(again),
      await new Browser(scene).open(STEP),
    ])
      expect([page.status, page.links['Back to the start of the sign-in']]).toEqual([400, '/account/login']);
  });

  it('a number: its last two digits are shown, and no other; a new code takes the place of the old one', async () => {
    const member = await phoneMember();
    const browser = await waiting(member, NEXT);
    expect(browser.page.text).toContain(`your number ending in ${member.number.slice(-2)}.`);
    expect(browser.page.text).not.toContain(member.number.slice(-3));
    const old = await steps.codeTo(member.number);
    await resend(browser);
    expect([browser.page.path, browser.page.done]).toEqual([
      `${STEP}?done=code_sent&${NEXT.slice(1)}`,
      'A code is on its way to your phone.',
    ]);
    const code = await steps.codeTo(member.number);
    if (old !== code) expect((await answer(browser, old)).status).toBe(400);
    const form = browser.form({ has: 'code' });
    const signedIn = await browser.post(form.action, { ...form.values, code });
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, '/orders?page=2']);
  });

  it('too many messages: it is said on the page, where the code before is still good', async () => {
    const member = await phoneMember();
    const browser = await waiting(member);
    for (let n = 0; n < 3; n++) await resend(browser);
    const code = await steps.codeTo(member.number);
    await resend(browser);
    expect([browser.page.status, browser.page.title]).toEqual([429, 'One more step']);
    expect(browser.page.alert).toMatch(/Too many text messages were sent\. Try again in \d+ minutes\./);
    expect((await answer(browser, code)).path).toBe('/account/me');
  });

  it('both: one field takes the code of either; a message is sent when somebody asks for one', async () => {
    const member = await fullMember();
    const byApp = await waiting(member);
    expect(byApp.page.text).toContain('authenticator app');
    expect((await answer(byApp, steps.code(member.secret))).path).toBe('/account/me');
    const sent = (await steps.textsTo(member.number)).length;
    const browser = await waiting(member);
    expect(await steps.textsTo(member.number)).toHaveLength(sent);
    await resend(browser);
    const [code, wrong] = [await steps.codeTo(member.number), steps.wrongFor(member)];
    expect((await answer(browser, wrongCode(code, wrong))).status).toBe(400);
    expect((await answer(browser, code)).path).toBe('/account/me');
  });

  it('R48: a recovery code, on a page for letters; each works once', async () => {
    const member = await appMember();
    const [code] = member.recoveryCodes;
    const sign = async (): Promise<Browser> => {
      const browser = await waiting(member, NEXT);
      await browser.open(browser.page.links['Use a recovery code instead']!);
      expect(browser.page.html).not.toMatch(/inputmode|one-time-code/);
      expect(browser.page.links['Use a code instead']).toBe(STEP + NEXT);
      await answer(browser, code!);
      return browser;
    };
    expect((await sign()).page.path).toBe('/orders?page=2');
    const again = await sign();
    expect([again.page.status, again.page.errorBeside('code')]).toEqual([
      400,
      'This code is wrong, or was used already.',
    ]);
    // The page for letters again, not the one for digits.
    expect(again.page.links['Use a code instead']).toBeDefined();
  });

  it.each(['totp', 'recovery_code', 'sms', '"><script>'])(
    '?method=%s on a page without it',
    async (method) => {
      const browser = await waiting(await phoneMember());
      await browser.open(`${STEP}?method=${encodeURIComponent(method)}`);
      expect([browser.page.status, browser.page.html.includes('<script>')]).toEqual([200, false]);
      expect(browser.page.html).toContain('inputmode="numeric"');
    },
  );

  it('R49: a device is trusted where that is on and the box is ticked, which stays so when the code was wrong', async () => {
    await scene.stage.enter({ ...ON, mfaTrustedDeviceDays: 30 });
    const member = await appMember();
    const browser = await waiting(member);
    expect(browser.page.text).toContain('for 30 days');
    await answer(browser, steps.wrongFor(member), { trust_device: 'true' });
    expect(browser.form({ has: 'code' }).values.trust_device).toBe('true');
    expect((await answer(browser, steps.code(member.secret))).path).toBe('/account/me');
    await browser.send(browser.form({ action: '/account/logout' }));
    expect((await browser.signIn(member.email)).path).toBe('/account/me');

    scene.advance(30);
    const other = await waiting(member);
    expect(other.form({ has: 'code' }).values.trust_device).toBeUndefined();
    expect((await answer(other, steps.code(member.secret))).path).toBe('/account/me');
    await other.send(other.form({ action: '/account/logout' }));
    expect((await other.signIn(member.email)).path).toBe(STEP);
    await scene.stage.enter(ON);
  });

  it('R62: a code from another site, or without the token of the form, signs nobody in', async () => {
    const member = await appMember();
    const browser = await waiting(member);
    const { action, values } = browser.form({ has: 'code' });
    const code = steps.code(member.secret);
    const fields = { ...values, code };
    for (const refused of [
      await browser.post(action, fields, { 'sec-fetch-site': 'cross-site' }),
      await browser.post(action, { ...fields, form_token: null }),
      await browser.post(action, { ...fields, form_token: 'x' }),
    ])
      expect(refused.status).toBe(403);
    expect(await browser.isSignedIn()).toBe(false);
    expect((await answer(browser, code)).path).toBe('/account/me');
  });
});
