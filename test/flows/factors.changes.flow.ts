import type { Answer } from './answers';
import { Enrolments } from './enrolments';
import { aNumber } from './factors';
import { type Member, outcome, Scene } from './scene';

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };

describe('second factors: what a change does', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, rateLimitDisabled: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const app = async () => factors.enrolApp(await scene.member());
  const phone = async () => factors.enrolPhone(await scene.member());
  const both = async () => factors.enrolBoth(await scene.member());

  it.each<[path: string, by: 'delete' | 'post']>([
    ['/mfa/totp', 'delete'],
    ['/mfa/totp/delete', 'post'],
  ])('an app that is removed is asked for no more, and its recovery codes are gone: %s', async (path, by) => {
    const member = await app();
    const body = { current_password: member.password, code: factors.nextCode(member) };
    const gone = await scene[by](path, body, { token: member.token });
    expect([gone.status, Object.keys(gone.json)]).toEqual([200, ['message']]);
    expect(await scene.me(member)).toMatchObject({ is_mfa_enabled: false });
    expect((await scene.login(member.email, member.password)).json.access_token).toBeDefined();
    expect(outcome(await factors.newRecoveryCodes(member, {}))).toEqual([400, 'mfa.not_enabled']);
    // Enrolled again, none of the old codes counts.
    const number = await factors.enrolPhone(member);
    const token = await factors.begin(number);
    for (const code of [member.recoveryCodes[0]!, factors.nextCode(member)])
      expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.code_wrong']);
    expect((await factors.confirm(token, await factors.codeTo(number.number))).status).toBe(200);
  });

  it.each<[path: string, by: 'delete' | 'post']>([
    ['/phone', 'delete'],
    ['/phone/delete', 'post'],
  ])('a number that is removed gets no text any more: %s', async (path, by) => {
    const member = await phone();
    await factors.challenge(member);
    const body = { current_password: member.password, code: await factors.codeTo(member.number) };
    expect((await scene[by](path, body, { token: member.token })).status).toBe(200);
    expect(await scene.me(member)).toMatchObject({ phone_number: null, is_mfa_enabled: false });
    const texts = await factors.textsTo(member.number);
    expect((await scene.login(member.email, member.password)).json.access_token).toBeDefined();
    expect(await factors.textsTo(member.number)).toEqual(texts);
  });

  it('with the app gone the number is still asked for, by recovery codes too; and the other way round', async () => {
    const one = await both();
    await factors.removeApp(one, { code: factors.nextCode(one) });
    expect(await scene.me(one)).toMatchObject({ phone_number: one.number, is_mfa_enabled: true });
    expect(await factors.methodsOf(one)).toEqual(['sms', 'recovery_code']);
    await factors.signIn(one, one.recoveryCodes[0]!);
    const other = await both();
    await factors.removePhone(other, { code: factors.nextCode(other) });
    expect(await scene.me(other)).toMatchObject({ phone_number: null, is_mfa_enabled: true });
    expect(await factors.methodsOf(other)).toEqual(['totp', 'recovery_code']);
    const token = await factors.begin(other);
    const byText = { method: 'sms' };
    expect(outcome(await factors.confirm(token, '123456', byText))).toEqual([400, 'mfa.method_unavailable']);
    expect((await factors.confirm(token, factors.nextCode(other))).status).toBe(200);
  });

  it('another number takes the place of the one before, which gets no code any more', async () => {
    const member = await phone();
    await factors.challenge(member);
    const code = await factors.codeTo(member.number);
    const next = await factors.enrolPhone(member, aNumber(), { code });
    expect((await scene.me(member)).phone_number).toBe(next.number);
    const texts = await factors.textsTo(member.number);
    await factors.signIn(next, () => factors.codeTo(next.number));
    expect(await factors.textsTo(member.number)).toEqual(texts);
    expect(await factors.textsTo(next.number)).toHaveLength(2);
  });

  it('a number that is not confirmed changes nothing', async () => {
    const member = await phone();
    await factors.challenge(member);
    await factors.startPhone(member, aNumber(), { code: await factors.codeTo(member.number) });
    expect((await scene.me(member)).phone_number).toBe(member.number);
    await factors.signIn(member, () => factors.codeTo(member.number));
  });

  describe('R46: every other session ends, and the one that did it goes on with its token', () => {
    type Change = (member: Awaited<ReturnType<typeof both>>) => Promise<Answer>;
    const changes: readonly [name: string, change: Change][] = [
      ['an app is enrolled', async (member) => reenrol(member)],
      ['a number is enrolled', async (member) => renumber(member)],
      ['an app is removed', (member) => factors.removeApp(member, { code: factors.nextCode(member) })],
      ['a number is removed', (member) => factors.removePhone(member, { code: factors.nextCode(member) })],
      [
        'recovery codes are replaced',
        (member) => factors.newRecoveryCodes(member, { code: factors.nextCode(member) }),
      ],
    ];
    const reenrol: Change = async (member) => {
      const { json } = await factors.startApp(member, { code: factors.nextCode(member) });
      return factors.confirmApp(member, json.pending_token, factors.code(json.secret));
    };
    const renumber: Change = async (member) => {
      const number = aNumber();
      const { json } = await factors.startPhone(member, number, { code: factors.nextCode(member) });
      return factors.confirmPhone(member, json.pending_token, await factors.codeTo(number));
    };

    it.each(changes)('%s', async (_, change) => {
      const member = await both();
      const other = await factors.signIn(member, factors.nextCode(member));
      const waiting = await factors.begin(member);
      const { id } = (await sessionsOf(member)).find(({ current }) => current)!;
      expect((await change(member)).status).toBe(200);
      expect([await scene.isSignedIn(member.token), await scene.isSignedIn(other.token)]).toEqual([
        true,
        false,
      ]);
      expect((await sessionsOf(member)).map((one) => [one.id, one.current])).toEqual([[id, true]]);
      // What it may do goes on as well.
      expect((await scene.patch('/me', { full_name: 'Ada' }, { token: member.token })).status).toBe(200);
      expect(outcome(await factors.confirm(waiting, member.recoveryCodes[1]!))).toEqual([
        400,
        'mfa.challenge_expired',
      ]);
    });

    it('in a cookie as well', async () => {
      const member = await app();
      const token = await factors.begin(member);
      const done = await factors.confirm(token, factors.nextCode(member));
      expect(done.status).toBe(200);
      const { cookies } = await cookieSession(member);
      const cookie = cookies.find((one) => one.startsWith('regstack-session='))!;
      const head = { cookie, headers: SAME_ORIGIN };
      const body = { current_password: member.password, code: factors.nextCode(member) };
      expect((await scene.post('/mfa/recovery-codes', body, head)).status).toBe(200);
      expect((await scene.get('/orders', { cookie })).status).toBe(200);
      expect(await scene.isSignedIn(member.token)).toBe(false);
      expect(await scene.isSignedIn(done.json.access_token)).toBe(false);
    });

    const cookieSession = async ({ email, password, secret }: Awaited<ReturnType<typeof app>>) => {
      const { json } = await scene.post(
        '/login?transport=cookie',
        { email, password },
        { headers: SAME_ORIGIN },
      );
      const code = factors.nextCode({ secret });
      return factors.confirm(json.mfa_pending_token, code, {}, { headers: SAME_ORIGIN });
    };
    const sessionsOf = async ({ token }: Member) =>
      (await scene.get('/api/auth/sessions', { token })).json.items as { id: string; current: boolean }[];
  });

  it('an enrolment that has begun is over once another factor was enrolled', async () => {
    const member = await scene.member();
    const number = aNumber();
    const begun = await factors.startPhone(member, number);
    const code = await factors.codeTo(number);
    await factors.enrolApp(member);
    expect(outcome(await factors.confirmPhone(member, begun.json.pending_token, code))).toEqual([
      400,
      'mfa.challenge_expired',
    ]);
    expect((await scene.me(member)).phone_number).toBeNull();
  });

  it.each<[how: string, disable: (email: string, id: string) => Promise<unknown>]>([
    ['an operator has switched off', (email) => factors.byHand(email, { isMfaEnabled: false })],
    ['the host has reset', (_, id) => factors.service.reset(id)],
  ])('the first factor of an account that %s starts from nothing', async (_, disable) => {
    const member = await both();
    await disable(member.email, (await scene.me(member)).id);
    const again = await scene.signIn(member.email, member.password);
    expect(await scene.me(again)).toMatchObject({ is_mfa_enabled: false });
    expect(outcome(await factors.newRecoveryCodes(again, { code: member.recoveryCodes[0] }))).toEqual([
      400,
      'mfa.not_enabled',
    ]);
    const next = await factors.enrolPhone(again);
    expect(await factors.methodsOf(next)).toEqual(['sms']);
    const token = await factors.begin(next);
    for (const code of [member.recoveryCodes[0]!, factors.nextCode(member)])
      expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.code_wrong']);
    // And with an app first, the number from before is not there again.
    const other = await both();
    await disable(other.email, (await scene.me(other)).id);
    const renewed = await factors.enrolApp(await scene.signIn(other.email, other.password));
    expect(await scene.me(renewed)).toMatchObject({ phone_number: null, is_mfa_enabled: true });
    expect(await factors.methodsOf(renewed)).toEqual(['totp', 'recovery_code']);
  });
});
