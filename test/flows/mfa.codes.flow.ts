import { aNumber, type PhoneMember } from './factors';
import { DONE, OVER, SecondSteps, WRONG, wrongCode } from './second-steps';
import { type Member, outcome, Scene } from './scene';

const CODE_SECONDS = 300;
const WAIT_SECONDS = 600;

describe('codes of a second step', () => {
  let scene: Scene;
  let steps: SecondSteps;
  let member: PhoneMember;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());
  beforeEach(async () => {
    member = await steps.enrolPhone(await scene.member());
  });

  /** A sign-in that waits, and the code that was sent for it. */
  const texted = async ({ number, ...who }: PhoneMember = member) => ({
    token: await steps.begin(who),
    code: await steps.codeTo(number),
  });
  const confirm = async (token: string, code: string) => outcome(await steps.confirm(token, code));
  const own = (who: Member) => ({ current_password: who.password });

  it('R42: a code by SMS is good once, and so is its sign-in', async () => {
    const { token, code } = await texted();
    expect(await confirm(token, code)).toEqual(DONE);
    expect(await confirm(token, code)).toEqual(OVER);
    expect(await confirm(await steps.begin(member), code)).toEqual(WRONG);
  });

  it.each([
    [CODE_SECONDS - 1, DONE],
    [CODE_SECONDS, WRONG],
  ])('R42: after %d s a code by SMS is %j', async (seconds, expected) => {
    const { token, code } = await texted();
    scene.advance(seconds);
    expect(await confirm(token, code)).toEqual(expected);
  });

  it.each([
    [WAIT_SECONDS - 1, DONE],
    [WAIT_SECONDS, OVER],
  ])('after %d s a sign-in that waits is %j, however young its code', async (seconds, expected) => {
    const { token } = await texted();
    scene.advance(WAIT_SECONDS - 2);
    expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    const code = await steps.codeTo(member.number);
    scene.advance(seconds - WAIT_SECONDS + 2);
    expect(await confirm(token, code)).toEqual(expected);
    if (expected === OVER) expect(outcome(await steps.resend(token))).toEqual(OVER);
  });

  it('lengths and lifetimes are those of the settings', async () => {
    await scene.stage.enter({
      enableSms2fa: true,
      smsCodeLength: 9,
      smsCodeTtlSeconds: 20,
      mfaPendingTokenTtlSeconds: 45,
    });
    const first = await scene.login(member.email, member.password);
    const code = await steps.codeTo(member.number);
    expect([first.json.expires_in, code]).toEqual([45, expect.stringMatching(/^\d{9}$/)]);
    scene.advance(19);
    expect(await confirm(first.json.mfa_pending_token, code)).toEqual(DONE);
    const second = await texted();
    scene.advance(20);
    expect(await confirm(second.token, second.code)).toEqual(WRONG);
    scene.advance(25);
    expect(await confirm(second.token, second.code)).toEqual(OVER);
    await scene.stage.enter({ enableSms2fa: true });
  });

  it('R42, W21: a newer code takes the place of the older one', async () => {
    const { token, code } = await texted();
    await steps.resend(token);
    const newer = await steps.codeTo(member.number);
    expect(newer).not.toBe(code);
    expect(await confirm(token, code)).toEqual(WRONG);
    expect(await confirm(token, newer)).toEqual(DONE);
  });

  it('W22: the code of one sign-in is nothing to another one, in either direction', async () => {
    const [one, other] = [await texted(), await texted()];
    expect(await confirm(one.token, other.code)).toEqual(WRONG);
    expect(await confirm(other.token, one.code)).toEqual(WRONG);
    const stranger = await texted(await steps.enrolPhone(await scene.member()));
    expect(await confirm(stranger.token, one.code)).toEqual(WRONG);
    for (const { token, code } of [one, other, stranger]) expect(await confirm(token, code)).toEqual(DONE);
  });

  it('R44: a code that proves a number to somebody signed in is none to sign in with, nor the other way round', async () => {
    const { token, code } = await texted();
    expect((await scene.post('/mfa/challenge', undefined, member)).status).toBe(202);
    const proof = await steps.codeTo(member.number);
    const reauthenticate = async (given: string) =>
      outcome(await scene.post('/reauthenticate', { ...own(member), code: given }, { token: member.token }));
    expect(await confirm(token, proof)).toEqual(WRONG);
    expect(await reauthenticate(code)).toEqual(WRONG);
    expect(await confirm(token, code)).toEqual(DONE);
    expect(await reauthenticate(proof)).toEqual(DONE);
    expect(await reauthenticate(proof)).toEqual(WRONG);
  });

  it('R44: a code that enrols a number is good for nothing else', async () => {
    const { token, code } = await texted();
    expect((await scene.post('/mfa/challenge', undefined, member)).status).toBe(202);
    const proof = await steps.codeTo(member.number);
    const start = { ...own(member), phone_number: member.number, code: proof };
    const { json } = await scene.post('/phone/start', start, { token: member.token });
    const setup = await steps.codeTo(member.number);
    expect(await confirm(token, setup)).toEqual(WRONG);
    const body = { ...own(member), code: setup };
    expect(outcome(await scene.post('/reauthenticate', body, { token: member.token }))).toEqual(WRONG);
    for (const given of [code, proof]) {
      const end = { pending_token: json.pending_token, code: given };
      expect(outcome(await scene.post('/phone/confirm', end, { token: member.token }))).toEqual(WRONG);
    }
    expect(await confirm(token, code)).toEqual(DONE);
  });

  it('W21: the code of a number proves no other one', async () => {
    const plain = await scene.member();
    const [theirs, mine] = [aNumber(), aNumber()];
    const start = async (phone_number: string) =>
      (await scene.post('/phone/start', { ...own(plain), phone_number }, plain)).json.pending_token as string;
    const [first, second] = [await start(theirs), await start(mine)];
    const code = await steps.codeTo(mine);
    const end = async (pending_token: string) =>
      outcome(await scene.post('/phone/confirm', { pending_token, code }, plain));
    expect(await end(first)).toEqual(OVER);
    expect(await end(second)).toEqual(DONE);
    expect((await scene.me(plain)).phone_number).toBe(mine);
  });

  it('a code is digits of its length and nothing around them', async () => {
    const { token, code } = await texted();
    for (const given of [`${code}0`, code.slice(0, -1)])
      expect((await confirm(token, given))[0]).toBeGreaterThanOrEqual(400);
    for (const given of ['', 'x'.repeat(65), null, 123456, [code], { code }])
      expect(
        outcome(await scene.post('/login/mfa-confirm', { mfa_pending_token: token, code: given })),
      ).toEqual([422, 'request.invalid']);
    const written = ` ${code.slice(0, 3)} ${code.slice(3)} `;
    expect(await confirm(token, written)).toEqual(DONE);
  });

  it('R48: a recovery code is good once, in capitals and without its dashes too, and its use is told', async () => {
    const app = await steps.enrolApp(await scene.member());
    const [one, two, three] = app.recoveryCodes as [string, string, string];
    expect(one).toMatch(/^([a-z2-9]{4}-){5}[a-z2-9]{4}$/);
    const loud = two.toUpperCase();
    const bare = three.replaceAll('-', '').toUpperCase();
    for (const code of [one, loud, bare]) expect(await steps.signInWith(app, code)).toEqual(DONE);
    for (const code of [one, two, loud, three, bare])
      expect(await steps.signInWith(app, code)).toEqual(WRONG);
    const subjects = await scene.subjectsTo(app.email);
    expect(subjects.filter((subject) => subject === 'A recovery code was used at RegStack')).toHaveLength(3);
  });

  it('R48: nobody else’s recovery code is good, nor one that was replaced', async () => {
    const [app, other] = [
      await steps.enrolApp(await scene.member()),
      await steps.enrolApp(await scene.member()),
    ];
    expect(await steps.signInWith(app, other.recoveryCodes[0]!)).toEqual(WRONG);
    const body = { ...own(app), code: app.recoveryCodes[0] };
    const { json } = await scene.post('/mfa/recovery-codes', body, { token: app.token });
    expect(await steps.signInWith(app, app.recoveryCodes[1]!)).toEqual(WRONG);
    expect(await steps.signInWith(app, json.recovery_codes[1])).toEqual(DONE);
  });

  it('a wrong one leaves the right one good', async () => {
    const { token, code } = await texted();
    for (let n = 0; n < 4; n++) expect(await confirm(token, wrongCode(code))).toEqual(WRONG);
    expect(await confirm(token, code)).toEqual(DONE);
  });
});
