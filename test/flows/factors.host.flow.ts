import { Enrolments } from './enrolments';
import { aNumber } from './factors';
import { type Answer, fingerprint, outcome, Scene } from './scene';

const ON = { enableSms2fa: true, rateLimitDisabled: true } as const;
const NOBODY = ['', 'nobody', "' OR 1=1 --", '01890000-0000-7000-8000-000000000000'];

describe('second factors: what the host does', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start(ON);
    factors = new Enrolments(scene);
  });
  afterEach(() => scene.stage.enter(ON));
  afterAll(() => scene.close());

  it('methodsFor names what a user can prove', async () => {
    const nobody = await scene.member();
    const phone = await factors.enrolPhone(await scene.member());
    const both = await factors.enrolBoth(await scene.member());
    const methodsAt = async ({ email }: { readonly email: string }) =>
      factors.service.methodsFor(await factors.idAt(email));
    expect(await methodsAt(nobody)).toEqual([]);
    expect(await methodsAt(phone)).toEqual(['sms']);
    expect(await methodsAt(both)).toEqual(['totp', 'sms', 'recovery_code']);
    // Neither a state that is broken nor what an operator has switched off proves anything.
    await factors.byHand(phone.email, { phoneNumber: null });
    await factors.byHand(both.email, { isMfaEnabled: false });
    expect([await methodsAt(phone), await methodsAt(both)]).toEqual([[], []]);
    for (const id of NOBODY) expect(await factors.service.methodsFor(id)).toEqual([]);
  });

  it('reset takes all factors, ends every session, and is done once', async () => {
    const member = await factors.enrolBoth(await scene.member());
    const waiting = await factors.begin(member);
    const id = await factors.idAt(member.email);
    expect(await factors.service.reset(id)).toMatchObject({ id, isMfaEnabled: false, phoneNumber: null });
    expect(await scene.isSignedIn(member.token)).toBe(false);
    expect(outcome(await factors.confirm(waiting, member.recoveryCodes[0]!))).toEqual([
      400,
      'mfa.challenge_expired',
    ]);
    const again = await scene.signIn(member.email, member.password);
    expect(await scene.me(again)).toMatchObject({ phone_number: null, is_mfa_enabled: false });
    expect(await factors.service.reset(id)).toBeNull();
    expect(await scene.isSignedIn(again.token)).toBe(true);
  });

  it('R47: reset mends what is broken; for somebody unknown, disabled or without a factor there is nothing to do', async () => {
    const broken = await factors.enrolApp(await scene.member());
    await factors.byHand(broken.email, { totp: null });
    expect(outcome(await scene.login(broken.email, broken.password))).toEqual([403, 'mfa.unavailable']);
    expect(await factors.service.reset(await factors.idAt(broken.email))).toMatchObject({
      isMfaEnabled: false,
    });
    expect((await scene.login(broken.email, broken.password)).json.access_token).toBeDefined();
    const disabled = await factors.enrolApp(await scene.member());
    await scene.disable(disabled.email);
    const nothing = [...NOBODY, await factors.idAt((await scene.member()).email)];
    for (const id of [...nothing, await factors.idAt(disabled.email)])
      expect(await factors.service.reset(id)).toBeNull();
    await factors.enableByHost(disabled.email);
    expect(await factors.methodsOf(disabled)).toEqual(['totp', 'recovery_code']);
  });

  describe.each([
    ['enable_sms_2fa', { ...ON, enableSms2fa: false }, ['/phone/start', '/phone/confirm']],
    ['enable_totp', { ...ON, enableTotp: false }, ['/mfa/totp/start', '/mfa/totp/confirm']],
    [
      'mfa_policy = off',
      { ...ON, mfaPolicy: 'off' },
      ['/phone/start', '/phone/confirm', '/mfa/totp/start', '/mfa/totp/confirm'],
    ],
  ] as const)('with %s switched off', (_, settings, paths) => {
    it('nobody enrols: one answer to strangers, users and admins, whatever is sent', async () => {
      const [member, admin] = [await scene.member(), await scene.admin()];
      await scene.stage.enter(settings);
      const answers: Answer[] = [];
      for (const path of paths)
        for (const token of [undefined, 'x', member.token, admin.token])
          for (const body of [
            undefined,
            {},
            { current_password: member.password, phone_number: aNumber() },
            { mfa_pending_token: 'A'.repeat(43), pending_token: 'x', code: '123456' },
          ])
            answers.push(await scene.post(path, body, token === undefined ? {} : { token }));
      expect(outcome(answers[0]!)).toEqual([404, 'feature.disabled']);
      for (const one of answers) expect(fingerprint(one)).toEqual(fingerprint(answers[0]!));
    });

    it('who has factors is asked for them, proves them and gets rid of them', async () => {
      const member = await factors.enrolBoth(await scene.member());
      await scene.stage.enter(settings);
      expect(await factors.methodsOf(member)).toEqual(['totp', 'sms', 'recovery_code']);
      const token = await factors.begin(member);
      expect((await scene.post('/login/mfa-resend', { mfa_pending_token: token })).status).toBe(202);
      const done = await factors.confirm(token, await factors.codeTo(member.number));
      const here = { ...member, token: done.json.access_token as string };
      expect((await factors.challenge(here)).status).toBe(202);
      const text = await factors.codeTo(member.number);
      expect((await factors.removeApp(here, { code: text })).status).toBe(200);
      expect((await factors.newRecoveryCodes(here, { code: member.recoveryCodes[0] })).status).toBe(200);
      await factors.challenge(here);
      const last = await factors.codeTo(member.number);
      expect((await factors.removePhone(here, { code: last })).status).toBe(200);
      expect(await factors.methodsOf(member)).toBeNull();
    });
  });
});
