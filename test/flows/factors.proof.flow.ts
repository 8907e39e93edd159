import type { Answer } from './answers';
import { Enrolments, type FullMember, NO_CODE, NO_RECOVERY_CODE } from './enrolments';
import { aNumber } from './factors';
import { outcome, Scene, WRONG_PASSWORD } from './scene';

/** A change of factors, or what proves somebody again, by a code. */
type Change = (factors: Enrolments, member: FullMember, more: object) => Promise<Answer>;

const CHANGES: readonly [name: string, change: Change][] = [
  ['POST /phone/start', (factors, member, more) => factors.startPhone(member, aNumber(), more)],
  ['POST /mfa/totp/start', (factors, member, more) => factors.startApp(member, more)],
  ['POST /mfa/recovery-codes', (factors, member, more) => factors.newRecoveryCodes(member, more)],
  ['DELETE /phone', (factors, member, more) => factors.removePhone(member, more)],
  ['POST /phone/delete', (factors, member, more) => factors.prove('/phone/delete', member, more)],
  ['DELETE /mfa/totp', (factors, member, more) => factors.removeApp(member, more)],
  ['POST /mfa/totp/delete', (factors, member, more) => factors.prove('/mfa/totp/delete', member, more)],
  ['POST /reauthenticate', (factors, member, more) => factors.prove('/reauthenticate', member, more)],
];

describe('second factors: proof of one', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, rateLimitDisabled: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const both = async (): Promise<FullMember> => factors.enrolBoth(await scene.member());

  const bySms = async (member: FullMember): Promise<string> => {
    expect((await factors.challenge(member)).json).toEqual({ status: 'code_sent', expires_in: 300 });
    return factors.codeTo(member.number);
  };

  /** All that a user can see of their factors. */
  const stateOf = async (member: FullMember): Promise<unknown[]> => {
    const { phone_number, is_mfa_enabled } = await scene.me(member);
    return [phone_number, is_mfa_enabled, await factors.methodsOf(member)];
  };

  describe.each(CHANGES)('R46: %s', (_, change) => {
    it('without a code, or with a wrong one, nothing happens', async () => {
      const member = await both();
      const before = await stateOf(member);
      const mails = (await scene.mailsTo(member.email)).length;
      for (const code of [undefined, null])
        expect(outcome(await change(factors, member, { code }))).toEqual([403, 'mfa.proof_required']);
      for (const code of [NO_CODE, NO_RECOVERY_CODE])
        expect(outcome(await change(factors, member, { code }))).toEqual([400, 'mfa.code_wrong']);
      expect(outcome(await change(factors, { ...member, token: 'x' }, {}))).toEqual([
        401,
        'session.required',
      ]);
      expect(await stateOf(member)).toEqual(before);
      expect(await scene.mailsTo(member.email)).toHaveLength(mails);
    });

    it.each<[by: string, codeOf: (member: FullMember) => string | Promise<string>]>([
      ['the app', (member) => factors.nextCode(member)],
      ['a text message', bySms],
      ['a recovery code', ({ recoveryCodes }) => recoveryCodes[0]!],
    ])('by a code of %s, which is used up', async (by, codeOf) => {
      const member = await both();
      const code = await codeOf(member);
      expect((await change(factors, member, { code })).status).toBeLessThan(300);
      // Asked for something that everybody with a factor may do.
      const again = await factors.prove('/reauthenticate', member, { code });
      const { is_mfa_enabled } = await scene.me(member);
      expect([by, is_mfa_enabled, ...outcome(again)]).toEqual([by, true, 400, 'mfa.code_wrong']);
    });

    it('a code is not used up by what is refused for another reason', async () => {
      const member = await both();
      const codes = [factors.nextCode(member), await bySms(member), member.recoveryCodes[0]!];
      for (const code of codes)
        expect(outcome(await change(factors, { ...member, password: WRONG_PASSWORD }, { code }))).toEqual([
          400,
          'password.wrong_current',
        ]);
      for (const code of codes)
        expect((await factors.prove('/reauthenticate', member, { code })).status).toBe(200);
    });
  });

  it('a factor that is not there is told before a code is used up', async () => {
    const app = await factors.enrolApp(await scene.member());
    const [code] = app.recoveryCodes;
    expect(outcome(await factors.removePhone(app, { code }))).toEqual([400, 'mfa.not_enabled']);
    expect((await factors.newRecoveryCodes(app, { code })).status).toBe(200);
    const phone = await factors.enrolPhone(await scene.member());
    await factors.challenge(phone);
    const text = await factors.codeTo(phone.number);
    expect(outcome(await factors.removeApp(phone, { code: text }))).toEqual([400, 'mfa.not_enabled']);
    expect((await factors.removePhone(phone, { code: text })).status).toBe(200);
  });

  it('R44: a code for a sign-in is no proof, and one for proof signs in nobody', async () => {
    const member = await factors.enrolPhone(await scene.member());
    const token = await factors.begin(member);
    const toSignIn = await factors.codeTo(member.number);
    await factors.challenge(member);
    const toProve = await factors.codeTo(member.number);
    if (toSignIn === toProve) return;
    expect(outcome(await factors.removePhone(member, { code: toSignIn }))).toEqual([400, 'mfa.code_wrong']);
    expect(outcome(await factors.confirm(token, toProve))).toEqual([400, 'mfa.code_wrong']);
    expect((await factors.confirm(token, toSignIn)).status).toBe(200);
    expect((await factors.removePhone(member, { code: toProve })).status).toBe(200);
  });

  it('a code to prove a number is sent to who has one, and lives as long as it says', async () => {
    const [nobody, app] = [await scene.member(), await factors.enrolApp(await scene.member())];
    for (const member of [nobody, app])
      expect(outcome(await factors.challenge(member))).toEqual([400, 'mfa.method_unavailable']);
    expect(outcome(await factors.challenge({}))).toEqual([401, 'session.required']);
    const member = await factors.enrolPhone(await scene.member());
    await factors.challenge(member);
    scene.advance(300);
    const code = await factors.codeTo(member.number);
    expect(outcome(await factors.removePhone(member, { code }))).toEqual([400, 'mfa.code_wrong']);
    await factors.challenge(member);
    scene.advance(299);
    const latest = await factors.codeTo(member.number);
    expect((await factors.removePhone(member, { code: latest })).status).toBe(200);
  });
});
