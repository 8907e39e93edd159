import { Enrolments, NO_CODE } from './enrolments';
import { aNumber } from './factors';
import { outcome, Scene, WRONG_PASSWORD } from './scene';

const OVER = [400, 'mfa.challenge_expired'];
const CODE_SECONDS = 300;

describe('second factors: enrolment of a number', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  it('the start answers a token and sends a code; the confirmation answers the user', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const start = await factors.startPhone(member, number);
    const pending_token = expect.stringMatching(/^[\w-]{43}$/);
    expect([start.status, start.json]).toEqual([
      202,
      { status: 'code_sent', pending_token, expires_in: CODE_SECONDS },
    ]);
    expect(await factors.textsTo(number)).toEqual([
      expect.stringMatching(/^\d{6} is your code to add this number to your account at RegStack\./),
    ]);
    // Nothing has changed before the number is proved.
    expect(await scene.me(member)).toMatchObject({ phone_number: null, is_mfa_enabled: false });
    expect(await factors.methodsOf(member)).toBeNull();
    const code = await factors.codeTo(number);
    const done = await factors.confirmPhone(member, start.json.pending_token, code);
    expect(done.status).toBe(200);
    expect(done.json).toMatchObject({ phone_number: number, is_mfa_enabled: true });
    expect(done.json).toEqual(await scene.me(member));
    expect(await factors.methodsOf(member)).toEqual(['sms']);
  });

  it.each<[as: string, typed: (number: string) => string]>([
    ['with spaces', (one) => one.replace(/^(...)(...)/, '$1 $2 ')],
    ['with dashes', (one) => one.replace(/^(...)(...)/, '$1-$2-')],
    ['with typographic dashes and spaces', (one) => one.replace(/^(...)(...)/, '$1\u2013$2\u00a0')],
    ['with dots and brackets', (one) => one.replace(/^(...)(...)/, '$1 ($2).')],
    ['in full width', (one) => one.replaceAll(/[+\d]/g, fullWidth)],
    ['with blanks around it', (one) => ` ${one} `],
  ])('a number is stored and texted in E.164, typed %s', async (_, typed) => {
    const [member, number] = [await scene.member(), aNumber()];
    const { status, json } = await factors.startPhone(member, typed(number));
    expect(status).toBe(202);
    const done = await factors.confirmPhone(member, json.pending_token, await factors.codeTo(number));
    expect(done.json.phone_number).toBe(number);
  });

  it.each([
    '0151 12345678',
    '0049 151 12345678',
    '+49',
    '+4915',
    '+999 12345678',
    '++49 151 12345678',
    'call +49 151 12345678',
    '+49 151 12345678 x5',
    '+49 151 12345678 ext. 5',
    '+49 151 12345678;ext=5',
    '+49 151 12345678,5',
    '+1 900 555 0123',
    '+49 900 1234567',
    '+44 909 879 0123',
    '+49 180 5123456',
    '+1 800 555 0123',
    '+979 123456789',
    '+44 7640 123456',
  ])('R41: %s is no number for codes, and costs nobody anything', async (typed) => {
    const member = await scene.member();
    const sent = scene.stage.sms.sent.length;
    const { status, json, text } = await factors.startPhone(member, typed);
    expect([status, json.code, json.errors]).toEqual([
      422,
      'phone.invalid',
      [{ field: 'phone_number', message: expect.any(String) }],
    ]);
    if (typed.length > 5) expect(text).not.toContain(typed);
    await scene.stage.quiet();
    expect(scene.stage.sms.sent).toHaveLength(sent);
  });

  it('no number, a number that is no text, no password', async () => {
    const member = await scene.member();
    const head = { token: member.token };
    const own = { current_password: member.password };
    for (const [body, field] of [
      [own, 'phone_number'],
      [{ ...own, phone_number: '' }, 'phone_number'],
      [{ ...own, phone_number: 4_915_112_345_678 }, 'phone_number'],
      [{ phone_number: aNumber() }, 'current_password'],
      [{ ...own, phone_number: aNumber(), country: 'DE' }, 'body'],
    ] as const) {
      const refused = await scene.post('/phone/start', body, head);
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([422, 'request.invalid', field]);
    }
  });

  it('R46: with a wrong password nothing is sent', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const refused = await factors.startPhone({ ...member, password: WRONG_PASSWORD }, number);
    expect(outcome(refused)).toEqual([400, 'password.wrong_current']);
    expect(await factors.textsTo(number)).toEqual([]);
  });

  it('a password that comes with the confirmation is proved as well', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const { json } = await factors.startPhone(member, number);
    const code = await factors.codeTo(number);
    const confirm = (current_password: string) =>
      factors.confirmPhone(member, json.pending_token, code, { current_password });
    expect(outcome(await confirm(WRONG_PASSWORD))).toEqual([400, 'password.wrong_current']);
    expect((await confirm(member.password)).status).toBe(200);
  });

  it('W21: a stranger’s number is not proved by the code that one’s own got', async () => {
    const [member, strangers, own] = [await scene.member(), aNumber(), aNumber()];
    const first = await factors.startPhone(member, strangers);
    const second = await factors.startPhone(member, own);
    const code = await factors.codeTo(own);
    expect(outcome(await factors.confirmPhone(member, first.json.pending_token, code))).toEqual(OVER);
    expect((await scene.me(member)).phone_number).toBeNull();
    const done = await factors.confirmPhone(member, second.json.pending_token, code);
    expect(done.json.phone_number).toBe(own);
  });

  it('R44: a code proves the number that it was sent to, in the enrolment that it was sent for', async () => {
    const [one, other] = [await scene.member(), await scene.member()];
    const numbers = [aNumber(), aNumber()] as const;
    const first = await factors.startPhone(one, numbers[0]);
    const second = await factors.startPhone(other, numbers[1]);
    const codes = [await factors.codeTo(numbers[0]), await factors.codeTo(numbers[1])] as const;
    if (codes[0] !== codes[1])
      expect(outcome(await factors.confirmPhone(one, first.json.pending_token, codes[1]))).toEqual([
        400,
        'mfa.code_wrong',
      ]);
    // Somebody else's token is nothing, whatever code comes with it.
    for (const code of codes)
      expect(outcome(await factors.confirmPhone(one, second.json.pending_token, code))).toEqual(OVER);
    for (const member of [one, other]) expect((await scene.me(member)).phone_number).toBeNull();
    const done = await factors.confirmPhone(other, second.json.pending_token, codes[1]);
    expect(done.json.phone_number).toBe(numbers[1]);
  });

  it('R42: a code is good for one use, and until its last second', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const old = await factors.startPhone(member, number);
    scene.advance(CODE_SECONDS);
    const expired = await factors.codeTo(number);
    expect(outcome(await factors.confirmPhone(member, old.json.pending_token, expired))).toEqual(OVER);
    const { json } = await factors.startPhone(member, number);
    scene.advance(CODE_SECONDS - 1);
    const code = await factors.codeTo(number);
    expect(outcome(await factors.confirmPhone(member, json.pending_token, NO_CODE))).toEqual([
      400,
      'mfa.code_wrong',
    ]);
    expect((await factors.confirmPhone(member, json.pending_token, code)).status).toBe(200);
    expect(outcome(await factors.confirmPhone(member, json.pending_token, code))).toEqual(OVER);
  });

  it('a token that is none, and one of another kind, are refused alike', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const app = await factors.startApp(member);
    const phone = await factors.startPhone(member, number);
    const code = await factors.codeTo(number);
    for (const token of ['x', 'A'.repeat(43), 'A'.repeat(256), app.json.pending_token as string])
      expect(outcome(await factors.confirmPhone(member, token, code))).toEqual(OVER);
    expect((await factors.confirmPhone(member, phone.json.pending_token, code)).status).toBe(200);
  });

  it('an enrolment of an epoch before is over, also where nothing was tidied up', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const { json } = await factors.startPhone(member, number);
    await factors.byHand(member.email, {});
    const again = await scene.signIn(member.email, member.password);
    const code = await factors.codeTo(number);
    expect(outcome(await factors.confirmPhone(again, json.pending_token, code))).toEqual(OVER);
    expect((await scene.me(again)).phone_number).toBeNull();
  });

  it('what changes the password ends an enrolment that has begun', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const { json } = await factors.startPhone(member, number);
    const password = 'another-Good-password-1';
    await scene.changePassword(member, member.password, password);
    const again = await scene.signIn(member.email, password);
    const code = await factors.codeTo(number);
    expect(outcome(await factors.confirmPhone(again, json.pending_token, code))).toEqual(OVER);
    expect(outcome(await factors.confirmPhone(member, json.pending_token, code))).toEqual([
      401,
      'session.required',
    ]);
  });
});

const fullWidth = (one: string): string => String.fromCodePoint(one.codePointAt(0)! + 0xfe_e0);
