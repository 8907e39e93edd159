import { type AppMember, aNumber } from './factors';
import { DONE, OVER, SecondSteps, WRONG, wrongCode } from './second-steps';
import { fingerprint, type Member, outcome, Scene, WRONG_PASSWORD } from './scene';

const SIGNED_IN = { access_token: expect.any(String), token_type: 'bearer', expires_in: 7200 };
const DEVICE = /^regstack-device=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/;

describe('second step of a sign-in', () => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  const waits = (delivery: string, methods: readonly string[], expires_in = 600) => ({
    status: 'mfa_required',
    mfa_pending_token: expect.stringMatching(/^[\w-]{43}$/),
    expires_in,
    delivery,
    methods,
  });
  const login = ({ email, password }: Member) => scene.login(email, password);
  const texts = (): number => scene.stage.sms.sent.length;

  it('R49: somebody with an app is asked for its code, and texted nothing', async () => {
    const member = await steps.enrolApp(await scene.member());
    const { status, json, headers } = await login(member);
    expect([status, json]).toEqual([200, waits('totp', ['totp', 'recovery_code'])]);
    expect(headers.get('cache-control')).toBe('no-store');
    const done = await steps.confirm(json.mfa_pending_token, steps.code(member.secret));
    expect([done.status, done.json, done.headers.get('cache-control')]).toEqual([200, SIGNED_IN, 'no-store']);
    expect(await scene.isSignedIn(done.json.access_token)).toBe(true);
    await scene.stage.quiet();
    expect(texts()).toBe(0);
  });

  it('somebody with a number is texted a code', async () => {
    const member = await steps.enrolPhone(await scene.member());
    const before = (await steps.textsTo(member.number)).length;
    const { status, json } = await login(member);
    expect([status, json]).toEqual([200, waits('sms', ['sms'])]);
    const sent = (await steps.textsTo(member.number)).slice(before);
    expect(sent).toEqual([expect.stringMatching(/\b\d{6}\b/)]);
    const done = await steps.confirm(json.mfa_pending_token, await steps.codeTo(member.number));
    expect([done.status, done.json]).toEqual([200, SIGNED_IN]);
    const me = await scene.me({ token: done.json.access_token });
    expect([me.email, me.phone_number, me.is_mfa_enabled]).toEqual([member.email, member.number, true]);
  });

  it('somebody with both is asked for the app, and texted on request only; then either is good', async () => {
    const member = await steps.enrolBoth(await scene.member());
    const before = (await steps.textsTo(member.number)).length;
    const { json } = await login(member);
    expect(json).toEqual(waits('totp', ['totp', 'sms', 'recovery_code']));
    expect(await steps.textsTo(member.number)).toHaveLength(before);
    const resent = await steps.resend(json.mfa_pending_token);
    expect([resent.status, resent.json]).toEqual([202, { message: 'A new code is on its way.' }]);
    expect(await steps.textsTo(member.number)).toHaveLength(before + 1);
    const code = await steps.codeTo(member.number);
    expect(outcome(await steps.confirm(json.mfa_pending_token, code))).toEqual(DONE);
    expect(await steps.signInWith(member, steps.code(member.secret))).toEqual(DONE);
    expect(await steps.signInWith(member, member.recoveryCodes[0]!)).toEqual(DONE);
  });

  it('a method that is named is the only one that is tried', async () => {
    const member = await steps.enrolBoth(await scene.member());
    const token = await steps.begin(member);
    await steps.resend(token);
    const [app, text] = [steps.code(member.secret), await steps.codeTo(member.number)];
    const confirm = async (code: string, method: string) =>
      outcome(await steps.confirm(token, code, { method }));
    expect(await confirm(app, 'sms')).toEqual(WRONG);
    expect(await confirm(text, 'totp')).toEqual(WRONG);
    expect(await confirm(app, 'recovery_code')).toEqual(WRONG);
    expect(await confirm(app, 'email')).toEqual([422, 'request.invalid']);
    expect(await confirm(text, 'sms')).toEqual(DONE);
    expect(outcome(await steps.confirm(await steps.begin(member), app, { method: 'totp' }))).toEqual(DONE);
  });

  it('a factor that somebody does not have is told as such, and costs no guess of the account', async () => {
    const [app, phone] = [
      await steps.enrolApp(await scene.member()),
      await steps.enrolPhone(await scene.member()),
    ];
    for (let n = 0; n < 3; n++) {
      const [first, second] = [await steps.begin(app), await steps.begin(phone)];
      for (let m = 0; m < 4; m++) {
        expect(outcome(await steps.confirm(first, '123456', { method: 'sms' }))).toEqual(NO_METHOD);
        expect(outcome(await steps.confirm(second, '123456', { method: 'totp' }))).toEqual(NO_METHOD);
      }
    }
    expect(outcome(await steps.resend(await steps.begin(app)))).toEqual(NO_METHOD);
    expect(await steps.signInWith(app, steps.code(app.secret))).toEqual(DONE);
  });

  it('R48: recovery codes are named while there are some', async () => {
    const member = await steps.enrolApp(await scene.member());
    for (const code of member.recoveryCodes) {
      expect((await login(member)).json.methods).toEqual(['totp', 'recovery_code']);
      expect(await steps.signInWith(member, code)).toEqual(DONE);
    }
    expect((await login(member)).json.methods).toEqual(['totp']);
  });

  it('before it there is no session, no cookie, no event and no sign-in in the profile', async () => {
    const member = await steps.enrolApp(await scene.member());
    scene.advance(60);
    scene.takeEvents();
    const before = [await steps.sessionsOf(member), (await scene.me(member)).last_login];
    const first = await login(member);
    expect([first.cookies, first.headers.getSetCookie()]).toEqual([[], []]);
    const after = [await steps.sessionsOf(member), (await scene.me(member)).last_login];
    expect(after).toEqual(before);
    expect(scene.takeEvents()).toEqual([]);

    const done = await steps.confirm(first.json.mfa_pending_token, steps.code(member.secret));
    expect(done.headers.getSetCookie()).toEqual([expect.stringMatching(DEVICE)]);
    expect(await steps.sessionsOf(member)).toBe((before[0] as number) + 1);
    expect((await scene.me(member)).last_login).toBe(scene.stage.clock.now().toISOString());
    expect(scene.takeEvents()).toEqual(['user.logged_in']);
  });

  it('a wrong code is told as a failed sign-in, and signs nobody in', async () => {
    const member = await steps.enrolApp(await scene.member());
    const token = await steps.begin(member);
    scene.takeEvents();
    const refused = await steps.confirm(token, steps.wrongFor(member));
    expect(outcome(refused)).toEqual(WRONG);
    expect([refused.cookies, refused.json.errors]).toEqual([
      [],
      [{ field: 'code', message: expect.any(String) }],
    ]);
    expect(scene.takeEvents()).toEqual(['user.login_failed']);
  });

  it('R22: a wrong password tells nothing of factors', async () => {
    const [app, plain] = [await steps.enrolApp(await scene.member()), await scene.member()];
    const answers = [app, plain].map(({ email }) => scene.login(email, WRONG_PASSWORD));
    const [one, other] = (await Promise.all(answers)).map(fingerprint);
    expect(one).toEqual(other);
  });

  it('the token between the steps opens nothing else', async () => {
    const member = await steps.enrolApp(await scene.member());
    const token = await steps.begin(member);
    expect(await scene.isSignedIn(token)).toBe(false);
    const code = steps.code(member.secret);
    const start = { mfa_pending_token: token, phone_number: aNumber(), code };
    expect(outcome(await scene.post('/phone/start', start))).toEqual(OVER);
    expect(outcome(await scene.post('/mfa/totp/start', { mfa_pending_token: token, code }))).toEqual(OVER);
    expect(outcome(await scene.reset(token))).toEqual([400, 'token.invalid']);
    expect(outcome(await scene.verify(token))).toEqual([400, 'token.invalid']);
    expect(outcome(await steps.confirm(token, code))).toEqual(DONE);
  });

  it('several sign-ins of one user wait beside each other', async () => {
    const member = await steps.enrolPhone(await scene.member());
    const first = await steps.begin(member);
    const code = await steps.codeTo(member.number);
    const second = await steps.begin(member);
    expect(outcome(await steps.confirm(second, await steps.codeTo(member.number)))).toEqual(DONE);
    expect(outcome(await steps.confirm(first, code))).toEqual(DONE);
  });

  it('R47: an enrolled number is asked for when no new one can be enrolled any more', async () => {
    const member: Member & { number: string } = await steps.enrolPhone(await scene.member());
    const app: AppMember = await steps.enrolApp(await scene.member());
    for (const settings of [{ enableSms2fa: false, enableTotp: false }, { mfaPolicy: 'off' as const }]) {
      await scene.stage.enter(settings);
      expect((await login(member)).json).toEqual(waits('sms', ['sms']));
      expect((await login(app)).json).toEqual(waits('totp', ['totp', 'recovery_code']));
      const token = await steps.begin(member);
      expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
      const code = await steps.codeTo(member.number);
      expect(outcome(await steps.confirm(token, wrongCode(code)))).toEqual(WRONG);
      expect(outcome(await steps.confirm(token, code))).toEqual(DONE);
      scene.advance(3600);
    }
    await scene.stage.enter({ enableSms2fa: true });
  });
});

const NO_METHOD = [400, 'mfa.method_unavailable'];
