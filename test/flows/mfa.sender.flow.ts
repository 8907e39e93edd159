import { SmsRejectedError } from '@regstack/nestjs';
import type { PhoneMember } from './factors';
import { DONE, SecondSteps } from './second-steps';
import { outcome, Scene, someone } from './scene';

/** More than the longest pause between two attempts. */
const PAUSE = 61;

describe('a gateway for text messages that is down', () => {
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
  afterEach(() => jest.restoreAllMocks());

  const gateway = () => jest.spyOn(scene.stage.sms, 'deliver');
  const login = () => scene.login(member.email, member.password);
  /** Some time later, when whatever waits is looked at. */
  const later = async (seconds: number): Promise<void> => {
    await scene.stage.quiet();
    scene.advance(seconds);
    await scene.forgot((await scene.member()).email);
    await scene.stage.quiet();
  };
  const texts = async (): Promise<number> => (await steps.textsTo(member.number)).length;

  it('R50: the sign-in waits as ever, and the code is sent when the gateway is back', async () => {
    const ordinary = await login();
    const before = await texts();
    const calls = gateway().mockRejectedValue(new Error('no gateway'));
    const { status, json } = await login();
    const token = json.mfa_pending_token as string;
    expect([status, { ...json, mfa_pending_token: '' }]).toEqual([
      200,
      { ...ordinary.json, mfa_pending_token: '' },
    ]);
    await later(PAUSE);
    expect(calls.mock.calls.length).toBeGreaterThanOrEqual(2);
    const ids = calls.mock.calls.map(([{ id }]) => id);
    expect(new Set(ids).size).toBe(1);
    expect(await texts()).toBe(before);
    calls.mockRestore();
    await later(PAUSE);
    expect(await texts()).toBe(before + 1);
    expect(outcome(await steps.confirm(token, await steps.codeTo(member.number)))).toEqual(DONE);
  });

  it('R50: one that does not answer holds up no answer and no mail', async () => {
    const before = await texts();
    let goOn: () => void = () => {};
    const isBack = new Promise<void>((done) => (goOn = done));
    const deliver = scene.stage.sms.deliver.bind(scene.stage.sms);
    gateway().mockImplementation((sms) => isBack.then(() => deliver(sms)));
    const token = await steps.begin(member);
    expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    const email = someone();
    await scene.register(email);
    expect((await scene.stage.mail.to(email)).to).toBe(email);
    expect(scene.stage.sms.sent.filter(({ to }) => to === member.number)).toHaveLength(before);
    goOn();
    expect(outcome(await steps.confirm(token, await steps.codeTo(member.number)))).toEqual(DONE);
  });

  it('R50: what the gateway refuses for good is given up, and the next code is sent', async () => {
    const calls = gateway().mockRejectedValue(new SmsRejectedError('no such number'));
    const token = await steps.begin(member);
    await later(PAUSE);
    await later(PAUSE);
    expect(calls).toHaveBeenCalledTimes(1);
    calls.mockRestore();
    const before = await texts();
    await later(PAUSE);
    expect(await texts()).toBe(before);
    expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    expect(outcome(await steps.confirm(token, await steps.codeTo(member.number)))).toEqual(DONE);
  });

  /** What may happen while a code waits to be sent, and makes it worth nothing. */
  const ENDS: Readonly<Record<string, (token: string) => Promise<unknown>>> = {
    'its time is over': async () => scene.advance(300),
    'a newer one took its place': async (token) => {
      gateway().mockResolvedValue();
      await steps.resend(token);
      await scene.stage.quiet();
    },
    'the password was reset': async () => {
      await scene.forgot(member.email);
      await scene.reset(await scene.tokenTo(member.email));
    },
    'its user was disabled': async () => scene.disable(member.email),
  };

  it.each(Object.entries(ENDS))('a code that waits is not sent any more when %s', async (_, end) => {
    const calls = gateway().mockRejectedValue(new Error('no gateway'));
    const token = await steps.begin(member);
    await scene.stage.quiet();
    expect(calls).toHaveBeenCalledTimes(1);
    await end(token);
    calls.mockRestore();
    const before = await texts();
    await later(PAUSE);
    expect(await texts()).toBe(before);
  });

  it('a code that waits is not sent any more when its sign-in was completed by another factor', async () => {
    const both = await steps.enrolBoth(await scene.member());
    const before = (await steps.textsTo(both.number)).length;
    const calls = gateway().mockRejectedValue(new Error('no gateway'));
    const token = await steps.begin(both);
    expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    await scene.stage.quiet();
    expect(calls).toHaveBeenCalledTimes(1);
    expect(outcome(await steps.confirm(token, steps.code(both.secret)))).toEqual(DONE);
    calls.mockRestore();
    await later(PAUSE);
    expect(await steps.textsTo(both.number)).toHaveLength(before);
  });
});
