import { Browser } from './browser';
import { CapturedLog } from './captured-log';
import { Enrolments } from './enrolments';
import { codesOn, secretOn, send, signedIn } from './factor-pages';
import { CROWD, crowd, passwordOf, race, raceTrack, tally, whoSignsIn } from './race';
import { type Answer, Scene } from './scene';
import type { ShownForm } from './shown-page';

describe('pages: attacks', () => {
  const log = new CapturedLog();
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start({ enableUiRouter: true });
    log.capture();
  });
  afterAll(async () => {
    log.release();
    await scene.close();
  });

  it.each([
    ['of somebody signed in', '/account/logout'],
    ['that signs in', '/account/login'],
    ['of a mailed link', '/account/reset'],
  ])('R62, R72: a form %s, sent by another site, is refused, and told once', async (_whose, path) => {
    const browser = new Browser(scene);
    if (path === '/account/logout') await browser.signIn((await scene.member()).email);
    const before = log.security.length;
    const answer = await browser.post(path, {}, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect(log.since(before)).toMatchObject([
      {
        kind: 'access.cross_site',
        actor: null,
        ip: '127.0.0.1',
        result: 'refused',
        reason: 'request.cross_site',
      },
    ]);
  });
});

describe('pages: a form that is sent many times at once does one thing', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await raceTrack({ enableUiRouter: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  type TypedBy = (n: number) => Readonly<Record<string, string>>;
  const sentByAll = (browser: Browser, { action, values }: ShownForm, typed: TypedBy) =>
    crowd((n) => browser.post(action, { ...values, ...typed(n) }));
  const isCodes = ({ text }: Answer): boolean => text.includes('class="codes"');

  race('R34: a new password by a mailed link', async () => {
    const [browser, { email }] = [new Browser(scene), await scene.member()];
    await scene.forgot(email);
    await browser.open(await scene.linkTo(email));
    const form = browser.form({ has: 'new_password' });
    const answers = await sentByAll(browser, form, (n) => ({ new_password: passwordOf(n) }));
    expect(tally(answers)).toEqual({ 303: 1, 400: CROWD - 1 });
    expect(await whoSignsIn(scene, email)).toEqual([answers.findIndex(({ status }) => status === 303)]);
  });

  race('R44: an app is set up, and a recovery code signs in', async () => {
    const member = await scene.member();
    const browser = await signedIn(scene, member);
    await browser.open('/account/mfa/totp/start');
    await send(browser, 'current_password', { current_password: member.password });
    const code = factors.code(secretOn(browser.page));
    const set = await sentByAll(browser, browser.form({ has: 'code' }), () => ({ code }));
    expect(set.filter(isCodes)).toHaveLength(1);
    // Those that are shown are those that count.
    const [recovery] = codesOn({ html: set.find(isCodes)!.text });
    const other = new Browser(scene);
    await other.signIn(member.email);
    const form = other.form({ has: 'code' });
    const steps = await sentByAll(other, form, () => ({ code: recovery!, method: 'recovery_code' }));
    expect(steps.filter(({ status, cookies }) => status === 303 || cookies.length > 0)).toHaveLength(1);
    expect(await other.isSignedIn()).toBe(true);
  });
});
