import { toString as qrCode } from 'qrcode';
import { Enrolments, NO_CODE } from './enrolments';
import { aNumber } from './factors';
import { outcome, Scene, WRONG_PASSWORD } from './scene';

const OVER = [400, 'mfa.challenge_expired'];
const WRONG = [400, 'mfa.code_wrong'];
const SETUP_SECONDS = 600;

describe('second factors: enrolment of an authenticator app', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const start = async (member: Parameters<Enrolments['startApp']>[0]) => {
    const { json } = await factors.startApp(member);
    return json as { secret: string; otpauth_uri: string; qr_svg: string; pending_token: string };
  };

  it('R49: the start answers a secret of 160 bits, as text and as what a camera reads', async () => {
    const member = await scene.member();
    const { status, json } = await factors.startApp(member);
    expect([status, Object.keys(json)]).toEqual([
      200,
      ['secret', 'otpauth_uri', 'qr_svg', 'pending_token', 'expires_in'],
    ]);
    expect(json.secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(json.expires_in).toBe(SETUP_SECONDS);
    const uri = new URL(json.otpauth_uri);
    expect([uri.protocol, uri.host, decodeURIComponent(uri.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/RegStack:${member.email}`,
    ]);
    // Without others: SHA-1, six digits, thirty seconds.
    expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: json.secret, issuer: 'RegStack' });
    expect(json.qr_svg).toBe(await qrCode(json.otpauth_uri, { type: 'svg', errorCorrectionLevel: 'M' }));
    expect(json.qr_svg).toMatch(/^<svg [^<]*<path [\s\S]*<\/svg>\s*$/);
    expect(json.qr_svg).not.toContain(member.email);
    const another = await start(member);
    expect([another.secret, another.pending_token]).not.toEqual([json.secret, json.pending_token]);
  });

  it.each<[appName: string, issuer: string]>([
    ['Büro: Shop & Söhne?', 'Büro Shop & Söhne?'],
    ['会社 100% #1/2', '会社 100% #1/2'],
    [':a:', 'a'],
  ])('the app %s is named in the code, and the user after it', async (appName, issuer) => {
    await scene.stage.enter({ enableSms2fa: true, appName });
    const member = await scene.member();
    const { otpauth_uri, secret, qr_svg } = await start(member);
    const { pathname, searchParams } = new URL(otpauth_uri);
    expect(pathname.slice(1).split(':').map(decodeURIComponent)).toEqual([issuer, member.email]);
    expect(Object.fromEntries(searchParams)).toEqual({ secret, issuer });
    expect(qr_svg).toBe(await qrCode(otpauth_uri, { type: 'svg', errorCorrectionLevel: 'M' }));
    await scene.stage.enter({ enableSms2fa: true });
  });

  it.each([-1, 0, 1])('the code of the step %i from now enrols it', async (steps) => {
    const member = await scene.member();
    const { secret, pending_token } = await start(member);
    const done = await factors.confirmApp(member, pending_token, factors.code(secret, steps));
    expect([done.status, Object.keys(done.json)]).toEqual([200, ['recovery_codes']]);
    expect(await scene.me(member)).toMatchObject({ is_mfa_enabled: true, phone_number: null });
    expect(await factors.methodsOf(member)).toEqual(['totp', 'recovery_code']);
  });

  it('R42: codes of other steps and codes that are none do not, and may be corrected', async () => {
    const member = await scene.member();
    const { secret, pending_token } = await start(member);
    const near = [-1, 0, 1].map((steps) => factors.code(secret, steps));
    const codes = [factors.code(secret, -2), factors.code(secret, 2), NO_CODE, '1'.repeat(5)];
    for (const code of codes.filter((one) => !near.includes(one)))
      expect(outcome(await factors.confirmApp(member, pending_token, code))).toEqual(WRONG);
    expect((await scene.me(member)).is_mfa_enabled).toBe(false);
    expect((await factors.confirmApp(member, pending_token, near[1]!)).status).toBe(200);
  });

  it.each([-1, 0, 1])(
    'the code of step %i that enrolled it signs in nobody, nor does an earlier one',
    async (steps) => {
      const member = await scene.member();
      const { secret, pending_token } = await start(member);
      const used = factors.code(secret, steps);
      await factors.confirmApp(member, pending_token, used);
      const token = await factors.begin(member);
      expect(outcome(await factors.confirm(token, used))).toEqual(WRONG);
      for (let step = -1; step < steps; step++)
        expect(outcome(await factors.confirm(token, factors.code(secret, step)))).toEqual(WRONG);
      scene.advance(30);
      expect((await factors.confirm(token, factors.code(secret, steps))).status).toBe(200);
    },
  );

  it('R46: it takes the password', async () => {
    const member = await scene.member();
    const wrong = await factors.startApp({ ...member, password: WRONG_PASSWORD });
    expect(outcome(wrong)).toEqual([400, 'password.wrong_current']);
    expect(wrong.text).not.toMatch(/[A-Z2-7]{32}/);
    for (const body of [undefined, {}, { current_password: null }, { current_password: '' }]) {
      const refused = await scene.post('/mfa/totp/start', body, { token: member.token });
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([
        422,
        'request.invalid',
        'current_password',
      ]);
    }
    const { secret, pending_token } = await start(member);
    const confirm = (current_password: string) =>
      factors.confirmApp(member, pending_token, factors.code(secret), { current_password });
    expect(outcome(await confirm(WRONG_PASSWORD))).toEqual([400, 'password.wrong_current']);
    expect((await confirm(member.password)).status).toBe(200);
  });

  it('tokens that are unknown, replaced, expired, used, somebody else’s or of another kind are refused alike', async () => {
    const [member, other] = [await scene.member(), await scene.member()];
    const [replaced, latest, others] = [await start(member), await start(member), await start(other)];
    const number = aNumber();
    const phone = await factors.startPhone(member, number);
    for (const [token, code] of [
      ['A'.repeat(43), factors.code(latest.secret)],
      [replaced.pending_token, factors.code(replaced.secret)],
      [replaced.pending_token, factors.code(latest.secret)],
      [others.pending_token, factors.code(others.secret)],
      [phone.json.pending_token as string, await factors.codeTo(number)],
    ] as const)
      expect(outcome(await factors.confirmApp(member, token, code))).toEqual(OVER);
    scene.advance(SETUP_SECONDS - 1);
    const { pending_token, secret } = latest;
    expect((await factors.confirmApp(member, pending_token, factors.code(secret))).status).toBe(200);
    scene.advance(1);
    expect(outcome(await factors.confirmApp(member, pending_token, factors.code(secret)))).toEqual(OVER);
    const late = factors.code(others.secret);
    expect(outcome(await factors.confirmApp(other, others.pending_token, late))).toEqual(OVER);
  });

  it('another app takes the place of the one before, whose codes are dead', async () => {
    const member = await factors.enrolApp(await scene.member());
    const next = await factors.enrolApp(member, { code: factors.code(member.secret) });
    const token = await factors.begin(member);
    expect(outcome(await factors.confirm(token, factors.code(member.secret)))).toEqual(WRONG);
    expect(outcome(await factors.confirm(token, member.recoveryCodes[0]!))).toEqual(WRONG);
    expect((await factors.confirm(token, factors.code(next.secret))).status).toBe(200);
  });
});
