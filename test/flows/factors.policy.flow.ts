import { type UserLoggedInEvent, UsersService } from '@regstack/nestjs';
import { Enrolments } from './enrolments';
import { aNumber } from './factors';
import { outcome, Scene, someone } from './scene';

const SMS = { enableSms2fa: true, enableAdminRouter: true } as const;
const REQUIRED = { ...SMS, mfaPolicy: 'required' } as const;
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('second factors: what the policy asks for', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start(REQUIRED);
    factors = new Enrolments(scene);
  });
  afterEach(() => scene.stage.enter(REQUIRED));
  afterAll(() => scene.close());

  const proofs = (): unknown[] =>
    scene.stage.events
      .filter((event): event is UserLoggedInEvent => event.name === 'user.logged_in')
      .map((event) => event.proofs);

  it('required: a sign-in waits for the enrolment, and the app completes it', async () => {
    const owner = await factors.owner();
    const login = await scene.login(owner.email, owner.password);
    expect([login.status, login.json, login.cookies]).toEqual([
      200,
      {
        status: 'mfa_enrolment_required',
        mfa_pending_token: expect.stringMatching(/^[\w-]{43}$/),
        expires_in: 600,
        methods: ['totp', 'sms'],
      },
      [],
    ]);
    const { mfa_pending_token } = login.json;
    const start = await scene.post('/mfa/totp/start', { mfa_pending_token });
    expect(Object.keys(start.json)).toEqual([
      'secret',
      'otpauth_uri',
      'qr_svg',
      'pending_token',
      'expires_in',
    ]);
    const { secret, pending_token } = start.json;
    scene.stage.events.splice(0);
    const body = { mfa_pending_token, pending_token, code: factors.code(secret) };
    const done = await scene.post('/mfa/totp/confirm', body);
    expect([done.status, done.json]).toEqual([
      200,
      {
        recovery_codes: expect.any(Array),
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: expect.any(Number),
      },
    ]);
    expect(done.cookies).toEqual([expect.stringMatching(/^regstack-device=/)]);
    expect(proofs()).toEqual([['password', 'totp']]);
    expect(await scene.isSignedIn(done.json.access_token)).toBe(true);
    expect(await factors.methodsOf(owner)).toEqual(['totp', 'recovery_code']);
  });

  it('required: the number completes it', async () => {
    const owner = await factors.owner();
    const number = aNumber();
    const { mfa_pending_token } = (await scene.login(owner.email, owner.password)).json;
    const start = await scene.post('/phone/start', { mfa_pending_token, phone_number: number });
    expect([start.status, start.json.status]).toEqual([202, 'code_sent']);
    scene.stage.events.splice(0);
    const { pending_token } = start.json;
    const body = { mfa_pending_token, pending_token, code: await factors.codeTo(number) };
    const done = await scene.post('/phone/confirm', body);
    expect([done.status, Object.keys(done.json)]).toEqual([
      200,
      ['access_token', 'token_type', 'expires_in'],
    ]);
    expect(proofs()).toEqual([['password', 'sms']]);
    const me = await scene.me({ token: done.json.access_token });
    expect(me).toMatchObject({ phone_number: number, is_mfa_enabled: true });
    expect(await factors.methodsOf(owner)).toEqual(['sms']);
  });

  it('required: with a session in a cookie, and not from another site', async () => {
    const owner = await factors.owner();
    const head = { headers: SAME_ORIGIN };
    const { json } = await scene.post('/login?transport=cookie', owner, head);
    const { mfa_pending_token } = json;
    const { secret, pending_token } = (await scene.post('/mfa/totp/start', { mfa_pending_token }, head)).json;
    const body = { mfa_pending_token, pending_token, code: factors.code(secret) };
    const foreign = await scene.post('/mfa/totp/confirm', body, {
      headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    });
    expect([...outcome(foreign), foreign.cookies]).toEqual([403, 'request.cross_site', []]);
    const done = await scene.post('/mfa/totp/confirm', body, head);
    expect([done.status, Object.keys(done.json)]).toEqual([
      200,
      ['recovery_codes', 'token_type', 'expires_in'],
    ]);
    expect(done.json.token_type).toBe('cookie');
    const cookie = done.cookies.find((one) => one.startsWith('regstack-session='))!;
    expect((await scene.get('/orders', { cookie })).json).toEqual({ customer: owner.email });
  });

  it('required: the last factor stays, by whatever is sent, and no proof is used up for it', async () => {
    const app = await factors.required(await factors.owner());
    const code = app.recoveryCodes[0]!;
    for (const path of ['/mfa/totp/delete', '/mfa/totp'] as const) {
      const method = path.endsWith('delete') ? 'POST' : 'DELETE';
      const body = { current_password: app.password, code };
      const refused = await scene.ask(method, path, body, { token: app.token });
      expect(outcome(refused)).toEqual([403, 'mfa.required']);
    }
    expect(await factors.methodsOf(app)).toEqual(['totp', 'recovery_code']);
    const both = await factors.enrolPhone(app, aNumber(), { code });
    expect((await factors.removeApp(both, { code: app.recoveryCodes[1] })).status).toBe(200);
    await factors.challenge(both);
    const text = await factors.codeTo(both.number);
    expect(outcome(await factors.removePhone(both, { code: text }))).toEqual([403, 'mfa.required']);
    const moved = await factors.enrolPhone(both, aNumber(), { code: text });
    expect(await factors.methodsOf(moved)).toEqual(['sms', 'recovery_code']);
  });

  it('required: whoever is signed in from before goes on, and enrols in their session', async () => {
    await scene.stage.enter(SMS);
    const member = await scene.member();
    await scene.stage.enter(REQUIRED);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    const app = await factors.enrolApp(member);
    expect(await scene.isSignedIn(app.token)).toBe(true);
    expect(await factors.methodsOf(app)).toEqual(['totp', 'recovery_code']);
  });

  it.each([
    [{ enableSms2fa: false }, ['totp']],
    [{ enableTotp: false }, ['sms']],
  ])('required with %j: %j can be enrolled', async (settings, methods) => {
    await scene.stage.enter({ ...REQUIRED, ...settings });
    const owner = await factors.owner();
    const { json } = await scene.login(owner.email, owner.password);
    expect(json.methods).toEqual(methods);
    const { mfa_pending_token } = json;
    const path = methods[0] === 'totp' ? '/phone/start' : '/mfa/totp/start';
    const body = { mfa_pending_token, ...(methods[0] === 'totp' && { phone_number: aNumber() }) };
    expect(outcome(await scene.post(path, body))).toEqual([404, 'feature.disabled']);
  });

  it('required_for_superusers: of those only', async () => {
    await scene.stage.enter({ ...SMS, mfaPolicy: 'required_for_superusers' });
    const member = await scene.member();
    expect(member.token).toBeDefined();
    const app = await factors.enrolApp(member);
    expect((await factors.removeApp(app, { code: factors.code(app.secret) })).status).toBe(200);
    const [email, password] = [someone(), app.password];
    await scene.stage.host.app.get(UsersService, { strict: false }).createAdmin({ email, password });
    expect((await scene.login(email, password)).json.status).toBe('mfa_enrolment_required');
    const admin = await factors.required({ email, password });
    expect((await scene.ask('GET', '/admin/stats', undefined, { token: admin.token })).status).toBe(200);
    const refused = await factors.removeApp(admin, { code: admin.recoveryCodes[0] });
    expect(outcome(refused)).toEqual([403, 'mfa.required']);
  });

  it.each(['required', 'required_for_superusers'] as const)(
    '%s: who was made a superuser gets to no route of admins before a factor is enrolled',
    async (mfaPolicy) => {
      await scene.stage.enter(SMS);
      const member = await scene.member();
      await scene.stage.enter({ ...SMS, mfaPolicy });
      const { id } = await scene.me(member);
      await scene.stage.host.app.get(UsersService, { strict: false }).promote(id);
      const ask = (method: string, path: string) =>
        scene.ask(method, `/admin${path}`, method === 'PATCH' ? { full_name: 'x' } : undefined, {
          token: member.token,
        });
      const routes = [
        ['GET', '/stats'],
        ['GET', '/users'],
        ['GET', '/audit'],
        ['GET', `/users/${id}`],
        ['PATCH', `/users/${id}`],
        ['DELETE', `/users/${id}`],
      ] as const;
      for (const [method, path] of routes)
        expect(outcome(await ask(method, path))).toEqual([403, 'mfa.required']);
      expect(await scene.me(member)).toMatchObject({ is_superuser: true, full_name: null });
      await factors.enrolApp(member);
      expect((await ask('GET', '/stats')).status).toBe(200);
    },
  );

  it('off: nothing is enrolled, by anybody; who has a factor is asked for it and may remove it', async () => {
    await scene.stage.enter(SMS);
    const [app, nobody] = [await factors.enrolApp(await scene.member()), await scene.member()];
    await scene.stage.enter({ ...SMS, mfaPolicy: 'off' });
    expect((await scene.login(nobody.email, nobody.password)).json.access_token).toBeDefined();
    for (const member of [app, nobody]) {
      expect(outcome(await factors.startApp(member))).toEqual([404, 'feature.disabled']);
      expect(outcome(await factors.startPhone(member, aNumber()))).toEqual([404, 'feature.disabled']);
    }
    const again = await factors.signIn(app, factors.code(app.secret));
    expect((await factors.newRecoveryCodes(again, { code: app.recoveryCodes[0] })).status).toBe(200);
    expect((await factors.removeApp(again, { code: factors.nextCode(again) })).status).toBe(200);
    expect((await scene.login(app.email, app.password)).json.access_token).toBeDefined();
  });

  it('R47: a factor that is enabled and not there is no reason to enrol another one', async () => {
    const app = await factors.required(await factors.owner());
    await factors.byHand(app.email, { totp: null });
    expect(outcome(await scene.login(app.email, app.password))).toEqual([403, 'mfa.unavailable']);
  });
});
