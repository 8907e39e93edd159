import { Browser } from './browser';
import { Enrolments } from './enrolments';
import { RECOVERY_CODES, secretOn, send, WRONG } from './factor-pages';
import { aNumber } from './factors';
import { Scene } from './scene';

const REQUIRED = { enableUiRouter: true, enableSms2fa: true, mfaPolicy: 'required' } as const;
const NEXT = '?next=%2Forders%3Fpage%3D2';

describe('pages: a sign-in that needs a second factor first', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start(REQUIRED);
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const begun = async (settings: object = {}): Promise<Browser> => {
    await scene.stage.enter({ ...REQUIRED, ...settings });
    const { email, password } = await factors.owner();
    const browser = new Browser(scene);
    await browser.signIn(email, password, `/account/login${NEXT}`);
    expect([browser.page.path, browser.page.title]).toEqual([
      `/account/mfa-enrol${NEXT}`,
      'Protect your account',
    ]);
    expect(browser.cookieOf('session')).toBeNull();
    return browser;
  };

  it('R47: an app completes the sign-in; its codes are shown before it leads on', async () => {
    const browser = await begun();
    await browser.send(browser.form({ action: '/account/mfa/totp/start' }));
    expect([browser.page.path, browser.page.find({ has: 'current_password' })]).toEqual([
      `/account/mfa/totp/confirm${NEXT}`,
      null,
    ]);
    expect(browser.page.links['Choose another way']).toBe(`/account/mfa-enrol${NEXT}`);
    const secret = secretOn(browser.page);
    expect((await send(browser, 'code', { code: '000000' })).errorBeside('code')).toBe(WRONG);
    expect(await browser.isSignedIn()).toBe(false);
    await send(browser, 'code', { code: factors.code(secret) });
    expect(browser.page.html).toMatch(RECOVERY_CODES);
    expect(browser.page.links['I have kept them']).toBe('/orders?page=2');
    expect([browser.cookieOf('step-sign-in'), browser.cookieOf('step-totp-setup')]).toEqual([null, null]);
    expect([await browser.isSignedIn(), browser.cookieOf('form')]).toEqual([true, null]);
    expect((await browser.open('/account/mfa-enrol')).path).toBe('/account/me');
  });

  it('R47: a number completes it, and leads on', async () => {
    const [browser, number] = [await begun(), aNumber()];
    await browser.open(browser.page.links['Add a phone number']!);
    expect(browser.page.find({ has: 'current_password' })).toBeNull();
    await send(browser, 'phone_number', { phone_number: number });
    expect(browser.page.path).toBe(`/account/phone/confirm${NEXT}`);
    await send(browser, 'code', { code: await factors.codeTo(number) });
    expect([browser.page.path, await browser.isSignedIn()]).toEqual(['/orders?page=2', true]);
    expect([browser.cookieOf('step-sign-in'), browser.cookieOf('step-phone-setup')]).toEqual([null, null]);
  });

  it('only what can be enrolled is offered', async () => {
    const browser = await begun({ enableTotp: false });
    expect(browser.page.find({ action: '/account/mfa/totp/start' })).toBeNull();
    expect((await begun({ enableSms2fa: false })).page.links).not.toHaveProperty('Add a phone number');
  });

  it('a sign-in that is over says so; one that waits opens no page of the account', async () => {
    const browser = await begun();
    const form = browser.form({ action: '/account/mfa/totp/start' });
    for (const path of ['me', 'factors', 'sessions', 'mfa/totp/delete', 'mfa/recovery-codes'])
      expect((await browser.open(`/account/${path}`)).title).toBe('Sign in');
    scene.advance(600);
    for (const page of [
      await browser.open('/account/mfa-enrol'),
      await browser.open('/account/phone/start'),
      await browser.send(form),
    ])
      expect([page.status, page.links['Back to the start of the sign-in']]).toEqual([
        400,
        expect.stringMatching(/^\/account\/login/),
      ]);
  });
});
