import { aNumber } from './factors';
import { DONE, LOCKED, type MemberWithBoth, OVER, SecondSteps, WRONG, wrongCode } from './second-steps';
import { type Answer, type Member, OTHER_PASSWORD, outcome, Scene } from './scene';

const HOUR = 3600;

describe.each([false, true])('limits of wrong codes, rate_limit_disabled %s', (rateLimitDisabled) => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, rateLimitDisabled });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  const own = ({ password }: Member) => ({ current_password: password });
  /** Somebody with both, who has not proved anything in this hour. */
  const both = async (): Promise<MemberWithBoth> => {
    const member = await steps.enrolBoth(await scene.member());
    scene.advance(HOUR);
    return member;
  };
  const told = (answer: Answer): unknown[] => [...outcome(answer), answer.headers.get('retry-after')];
  const wrongs = (count: number): unknown[] => Array.from({ length: count }, () => WRONG[1]);

  /** All places that ask for a code, with whatever has to be done before: 60 s, and no guess. */
  const doors = async (member: MemberWithBoth) => {
    const { token } = member;
    const proof = async () => ({ ...own(member), code: steps.code(member.secret) });
    const number = aNumber();
    const body = { ...(await proof()), phone_number: number };
    const phone = (await scene.post('/phone/start', body, { token })).json.pending_token as string;
    scene.advance(30);
    const app = (await scene.post('/mfa/totp/start', await proof(), { token })).json;
    scene.advance(30);
    const signIn = await steps.begin(member);
    const post = (path: string, more: object) => (code: string) =>
      scene.post(path, { ...more, code }, { token });
    return {
      signIn: (code: string) => steps.confirm(signIn, code),
      reauthenticate: post('/reauthenticate', own(member)),
      phoneStart: post('/phone/start', { ...own(member), phone_number: number }),
      phoneConfirm: post('/phone/confirm', { pending_token: phone }),
      totpStart: post('/mfa/totp/start', own(member)),
      totpConfirm: post('/mfa/totp/confirm', { pending_token: app.pending_token as string }),
      recoveryCodes: post('/mfa/recovery-codes', own(member)),
      removePhone: (code: string) => scene.delete('/phone', { ...own(member), code }, { token }),
      removeTotp: (code: string) => scene.delete('/mfa/totp', { ...own(member), code }, { token }),
      removeTotpByPost: post('/mfa/totp/delete', own(member)),
    };
  };

  it('W05, R43: of 48 wrong codes over 12 sign-ins 10 are compared, and no text is sent where none would be', async () => {
    const member = await steps.enrolPhone(await scene.member());
    const before = (await steps.textsTo(member.number)).length;
    const codes: unknown[] = [];
    for (let n = 0; n < 12; n++) {
      const token = await steps.begin(member);
      const right = await steps.codeTo(member.number);
      for (let m = 0; m < 4; m++) codes.push((await steps.confirm(token, wrongCode(right))).json.code);
    }
    expect(codes.slice(0, 10)).toEqual(wrongs(10));
    expect(codes.slice(10)).toEqual(Array.from({ length: 38 }, () => LOCKED[1]));
    expect((await steps.textsTo(member.number)).slice(before)).toHaveLength(3);
  });

  it('R43: the right one waits like any other, as long as is told, to the second', async () => {
    const member = await both();
    const first = await steps.begin(member);
    expect(await steps.guess(first, member, 1)).toEqual(wrongs(1));
    scene.advance(500);
    expect(await steps.guess(first, member, 4)).toEqual(wrongs(4));
    expect(await steps.guess(await steps.begin(member), member, 5)).toEqual(wrongs(5));

    const token = await steps.begin(member);
    const right = () => steps.confirm(token, steps.code(member.secret));
    for (const answer of [await right(), await steps.confirm(token, member.recoveryCodes[0]!)])
      expect(told(answer)).toEqual([...LOCKED, String(HOUR - 500)]);
    expect(told(await steps.resend(token))).toEqual([...LOCKED, String(HOUR - 500)]);
    const challenge = await scene.post('/mfa/challenge', undefined, { token: member.token });
    expect(told(challenge)).toEqual([...LOCKED, String(HOUR - 500)]);

    scene.advance(HOUR - 501);
    const later = await steps.begin(member);
    expect(told(await steps.confirm(later, steps.code(member.secret)))).toEqual([...LOCKED, '1']);
    scene.advance(1);
    expect(outcome(await steps.confirm(later, steps.code(member.secret)))).toEqual(DONE);
  });

  it('R43: every place that asks for a code counts on the same', async () => {
    const member = await both();
    const places = Object.entries(await doors(member));
    expect(places).toHaveLength(10);
    for (const [name, guess] of places)
      expect([name, ...outcome(await guess(steps.wrongFor(member)))]).toEqual([name, ...WRONG]);
    for (const [name, guess] of places)
      expect([name, ...told(await guess(steps.code(member.secret)))]).toEqual([
        name,
        ...LOCKED,
        String(HOUR - 60),
      ]);
  });

  it('R43: a right code is none of them', async () => {
    const member = await both();
    const first = await steps.begin(member);
    expect(await steps.guess(first, member, 4)).toEqual(wrongs(4));
    expect(outcome(await steps.confirm(first, steps.code(member.secret)))).toEqual(DONE);
    expect(await steps.guess(await steps.begin(member), member, 5)).toEqual(wrongs(5));
    for (const code of member.recoveryCodes) expect(await steps.signInWith(member, code)).toEqual(DONE);
    const last = await steps.begin(member);
    expect(await steps.guess(last, member, 2)).toEqual([WRONG[1], LOCKED[1]]);
  });

  it('R43: neither a right password nor a new one makes room', async () => {
    const member = await both();
    await steps.spend(member);
    await scene.forgot(member.email);
    expect((await scene.reset(await scene.tokenTo(member.email))).status).toBe(200);
    const renewed = { ...member, password: OTHER_PASSWORD };
    for (let n = 0; n < 3; n++)
      expect(await steps.signInWith(renewed, steps.code(member.secret))).toEqual(LOCKED);
  });

  it('where no guess is left the first step is answered as ever', async () => {
    const [member, phone] = [await both(), await steps.enrolPhone(await scene.member())];
    const shape = async (who: Member) => {
      const { status, json, headers } = await scene.login(who.email, who.password);
      return [status, { ...json, mfa_pending_token: '' }, headers.get('content-length')];
    };
    const before = [await shape(member), await shape(phone)];
    await steps.spend(member);
    for (let n = 0; n < 2; n++) {
      const token = await steps.begin(phone);
      const right = await steps.codeTo(phone.number);
      for (let m = 0; m < 5; m++)
        expect(outcome(await steps.confirm(token, wrongCode(right)))).toEqual(WRONG);
    }
    expect([await shape(member), await shape(phone)]).toEqual(before);
  });

  it('R43: nobody else waits for it', async () => {
    const [member, other] = [await both(), await both()];
    await steps.spend(member);
    expect(await steps.signInWith(other, steps.code(other.secret))).toEqual(DONE);
  });

  it('R43: a sign-in has five guesses, over all codes that are sent for it', async () => {
    const member = await both();
    const [token, other] = [await steps.begin(member), await steps.begin(member)];
    for (let n = 0; n < 5; n++) {
      expect(await steps.guess(token, member, 1)).toEqual(wrongs(1));
      if (n < 2) expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    }
    for (const code of [
      await steps.codeTo(member.number),
      steps.code(member.secret),
      member.recoveryCodes[0]!,
    ])
      expect(outcome(await steps.confirm(token, code))).toEqual(OVER);
    expect(outcome(await steps.confirm(other, steps.code(member.secret)))).toEqual(DONE);
    expect(await steps.signInWith(member, member.recoveryCodes[0]!)).toEqual(DONE);
  });
});

describe('guesses at passwords beside a second factor', () => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, smsCodeMaxAttempts: 2 });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  it('R21: the first step takes back its own attempt and nobody else’s', async () => {
    const { email, ...member } = await steps.enrolApp(await scene.member());
    expect(await scene.guess(email, 4)).toEqual([401, 401, 401, 401]);
    for (let n = 0; n < 3; n++) await steps.begin({ ...member, email });
    expect(await scene.guess(email, 2)).toEqual([401, 429]);
    expect(outcome(await scene.login(email, member.password))).toEqual([429, 'login.locked']);
  });

  it('R21: a wrong code clears none of them, a right one all', async () => {
    const member = await steps.enrolApp(await scene.member());
    await scene.guess(member.email, 4);
    const token = await steps.begin(member);
    expect(await steps.guess(token, member, 1)).toEqual([WRONG[1]]);
    expect(await scene.guess(member.email, 2)).toEqual([401, 429]);
    scene.advance(900);
    await scene.guess(member.email, 4);
    expect(await steps.signInWith(member, steps.code(member.secret))).toEqual(DONE);
    expect(await scene.guess(member.email, 6)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('R21: a right one on a known device clears what was tried there, and not what strangers tried', async () => {
    const member = await steps.enrolApp(await scene.member());
    const head = { cookie: member.deviceCookie };
    for (const one of [undefined, head]) await scene.guess(member.email, 4, one);
    expect(await steps.signInWith(member, steps.code(member.secret), head)).toEqual(DONE);
    expect(await scene.guess(member.email, 2)).toEqual([401, 429]);
    expect(await scene.guess(member.email, 6, head)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('R43: guesses of a sign-in are as many as the settings say', async () => {
    const member = await steps.enrolApp(await scene.member());
    const token = await steps.begin(member);
    expect(await steps.guess(token, member, 3)).toEqual([WRONG[1], WRONG[1], OVER[1]]);
  });
});
