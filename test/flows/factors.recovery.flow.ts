import { Enrolments, NO_RECOVERY_CODE } from './enrolments';
import { outcome, Scene, WRONG_PASSWORD } from './scene';

const WRONG = [400, 'mfa.code_wrong'];
const FORM = /^([a-km-np-z2-9]{4}-){5}[a-km-np-z2-9]{4}$/;
const USED = 'A recovery code was used at RegStack';
const REPLACED = 'New recovery codes at RegStack';

describe('second factors: recovery codes', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  it('R48: ten, of 120 bits each, never the same ones; no answer shows them again', async () => {
    const people = [
      await factors.enrolApp(await scene.member()),
      await factors.enrolApp(await scene.member()),
    ];
    const all = people.flatMap(({ recoveryCodes }) => recoveryCodes);
    expect(new Set(all).size).toBe(20);
    for (const code of all) expect(code).toMatch(FORM);
    // 32 letters, 24 of each: each letter comes about 15 times in all.
    expect(new Set(all.join('').replaceAll('-', '')).size).toBeGreaterThan(28);
    const [member] = people as [(typeof people)[0]];
    const shown = scene.answers.length;
    for (const path of ['/api/auth/me', '/api/auth/sessions']) await scene.get(path, member);
    await factors.begin(member);
    for (const { text } of scene.answers.slice(shown))
      for (const code of all) expect(text).not.toContain(code);
  });

  it.each<[as: string, typed: (code: string) => string]>([
    ['as it was shown', (code) => code],
    ['in capitals', (code) => code.toUpperCase()],
    ['without dashes', (code) => code.replaceAll('-', '')],
    ['with blanks', (code) => ` ${code.replaceAll('-', ' ')} `],
  ])('one signs in, typed %s', async (_, typed) => {
    const member = await factors.enrolApp(await scene.member());
    const token = await factors.begin(member);
    expect((await factors.confirm(token, typed(member.recoveryCodes[3]!))).status).toBe(200);
  });

  it('each works once, in any order, and its user is told how many are left; then none is asked for', async () => {
    const member = await factors.enrolApp(await scene.member());
    const codes = member.recoveryCodes.toReversed();
    for (const [n, code] of codes.entries()) {
      expect(await factors.methodsOf(member)).toEqual(['totp', 'recovery_code']);
      await factors.signIn(member, code);
      const mail = (await scene.mailsTo(member.email)).at(-1)!;
      const left = codes.length - n - 1;
      expect([mail.subject, mail.text]).toEqual([
        USED,
        expect.stringContaining(`${left} of them ${left === 1 ? 'is' : 'are'} left:`),
      ]);
      expect(mail.text).not.toContain(code);
    }
    expect(await factors.methodsOf(member)).toEqual(['totp']);
    const token = await factors.begin(member);
    for (const code of codes.slice(0, 2)) expect(outcome(await factors.confirm(token, code))).toEqual(WRONG);
    expect((await factors.confirm(token, factors.code(member.secret))).status).toBe(200);
  });

  it('those of somebody else, and made up ones, are wrong, and nobody is told', async () => {
    const [member, other] = [
      await factors.enrolApp(await scene.member()),
      await factors.enrolApp(await scene.member()),
    ];
    const token = await factors.begin(member);
    for (const code of [other.recoveryCodes[0]!, NO_RECOVERY_CODE])
      expect(outcome(await factors.confirm(token, code))).toEqual(WRONG);
    for (const { email } of [member, other]) expect(await scene.subjectsTo(email)).not.toContain(USED);
    await factors.signIn(other, other.recoveryCodes[0]!);
  });

  it('R46: a new set takes the place of the old one, and is not had without the password and a factor', async () => {
    const member = await factors.enrolApp(await scene.member());
    const old = member.recoveryCodes;
    const refusals = [
      await factors.newRecoveryCodes(member),
      await factors.newRecoveryCodes(member, { code: null }),
      await factors.newRecoveryCodes(member, { code: NO_RECOVERY_CODE }),
      await factors.newRecoveryCodes({ ...member, password: WRONG_PASSWORD }, { code: old[0] }),
    ];
    expect(refusals.map(outcome)).toEqual([
      [403, 'mfa.proof_required'],
      [403, 'mfa.proof_required'],
      WRONG,
      [400, 'password.wrong_current'],
    ]);
    const { status, json } = await factors.newRecoveryCodes(member, { code: factors.code(member.secret) });
    const fresh = json.recovery_codes as string[];
    expect([status, Object.keys(json), fresh.length]).toEqual([200, ['recovery_codes'], 10]);
    expect(new Set([...old, ...fresh]).size).toBe(20);
    expect((await scene.mailsTo(member.email)).at(-1)!.subject).toBe(REPLACED);
    const token = await factors.begin(member);
    for (const code of old.slice(0, 3)) expect(outcome(await factors.confirm(token, code))).toEqual(WRONG);
    expect((await factors.confirm(token, fresh[0]!)).status).toBe(200);
  });

  it('a recovery code buys a new set, also where the number is the only factor', async () => {
    const member = await factors.enrolPhone(await scene.member());
    expect(await factors.methodsOf(member)).toEqual(['sms']);
    await factors.challenge(member);
    const first = await factors.newRecoveryCodes(member, { code: await factors.codeTo(member.number) });
    expect(await factors.methodsOf(member)).toEqual(['sms', 'recovery_code']);
    const second = await factors.newRecoveryCodes(member, { code: first.json.recovery_codes[0] });
    expect([second.status, second.json.recovery_codes.length]).toEqual([200, 10]);
  });

  it('who has no factor has none of these either', async () => {
    const member = await scene.member();
    for (const code of [undefined, NO_RECOVERY_CODE])
      expect(outcome(await factors.newRecoveryCodes(member, { code }))).toEqual([400, 'mfa.not_enabled']);
  });
});
