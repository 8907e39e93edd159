import { aNumber, type PhoneMember } from './factors';
import { DONE, SecondSteps } from './second-steps';
import { type Answer, type Member, outcome, Scene } from './scene';

const [HOUR, DAY] = [3600, 86_400];
const LIMITED = [429, 'sms.limited'];

describe('limits of text messages', () => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  /** Somebody whose enrolment was long enough ago. */
  const withPhone = async (number?: string): Promise<PhoneMember> => {
    const member = await steps.enrolPhone(await scene.member(), number);
    scene.advance(HOUR);
    return member;
  };
  /** How many texts to anybody there are after this than before. */
  const textsOf = async (act: () => Promise<unknown>): Promise<number> => {
    await scene.stage.quiet();
    const before = scene.stage.sms.sent.length;
    await act();
    await scene.stage.quiet();
    return scene.stage.sms.sent.length - before;
  };
  const times = async <T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> => {
    const all: T[] = [];
    for (let n = 0; n < count; n++) all.push(await act(n));
    return all;
  };
  /** All of an answer but its token. */
  const shape = ({ status, headers, json }: Answer): unknown => [
    status,
    [...headers.entries()].filter(([name]) => !['date', 'etag'].includes(name)),
    { ...json, mfa_pending_token: '', pending_token: '' },
  ];
  const start = ({ token, password }: Member, phone_number: string, more: object = {}) =>
    scene.post('/phone/start', { phone_number, current_password: password, ...more }, { token });

  it('R41, G14: of six sign-ins five are texted, all are answered alike, and the next hour has five more', async () => {
    const member = await withPhone();
    const login = () => scene.login(member.email, member.password);
    for (let hour = 0; hour < 2; hour++) {
      const answers: Answer[] = [];
      expect(await textsOf(async () => answers.push(...(await times(6, login))))).toBe(5);
      const [first, ...others] = answers.map(shape);
      for (const one of others) expect(one).toEqual(first);
      scene.advance(HOUR - 1);
      expect(await textsOf(login)).toBe(0);
      scene.advance(1);
    }
  });

  it('where no text is sent another factor is as good, and the token is worth nothing without one', async () => {
    const member = await steps.enrolBoth(await scene.member());
    scene.advance(HOUR);
    await times(5, async () => steps.resend(await steps.begin(member)));
    const token = await steps.begin(member);
    expect(outcome(await steps.resend(token))).toEqual(LIMITED);
    const last = await steps.codeTo(member.number);
    expect(outcome(await steps.confirm(token, last))).toEqual([400, 'mfa.code_wrong']);
    expect(outcome(await steps.confirm(token, steps.code(member.secret)))).toEqual(DONE);
  });

  it('R41: for one sign-in as well; whoever asks again is told how long to wait, to the second', async () => {
    const member = await withPhone();
    const token = await steps.begin(member);
    expect(await times(4, async () => (await steps.resend(token)).status)).toEqual([202, 202, 202, 202]);
    scene.advance(100);
    const code = await steps.codeTo(member.number);
    const refused = await steps.resend(token);
    expect([...outcome(refused), refused.headers.get('retry-after')]).toEqual([
      ...LIMITED,
      String(HOUR - 100),
    ]);
    const challenge = await scene.post('/mfa/challenge', undefined, { token: member.token });
    expect([...outcome(challenge), challenge.headers.get('retry-after')]).toEqual([
      ...LIMITED,
      String(HOUR - 100),
    ]);
    // Nothing took the place of the last one that was sent.
    expect(outcome(await steps.confirm(token, code))).toEqual(DONE);
  });

  it('the code of an enrolment stays good when no newer one is sent, and all is answered alike', async () => {
    const member = await scene.member();
    const number = aNumber();
    const answers = await times(5, () => start(member, number));
    const code = await steps.codeTo(number);
    answers.push(await start(member, number), await start(member, aNumber()));
    const [first, ...others] = answers.map(shape);
    for (const one of others) expect(one).toEqual(first);
    const confirm = async (n: number) => {
      const pending_token = answers[n]!.json.pending_token as string;
      return outcome(await scene.post('/phone/confirm', { pending_token, code }, { token: member.token }));
    };
    // As those that were sent: a newer one takes the place of an older one, and its own code is another one.
    for (const n of [3, 5]) expect(await confirm(n)).toEqual([400, 'mfa.challenge_expired']);
    expect(await confirm(6)).toEqual([400, 'mfa.code_wrong']);
    expect(await confirm(4)).toEqual(DONE);
  });

  it('R41: a number gets five in an hour from all who have proved it, and five from all others, who take nothing from it', async () => {
    const number = aNumber();
    const [one, other] = [await withPhone(number), await withPhone(number)];
    const login = ({ email, password }: Member) => scene.login(email, password);
    expect(await textsOf(() => times(3, () => login(one)))).toBe(3);
    expect(await textsOf(() => times(3, () => login(other)))).toBe(2);
    scene.advance(HOUR);
    const strangers = await times(6, () => scene.member());
    expect(await textsOf(() => times(6, (n) => start(strangers[n]!, number)))).toBe(5);
    expect(await textsOf(() => login(one))).toBe(1);
  });

  it('R41: an account has five in an hour, whatever numbers they go to', async () => {
    const [one, other] = [await scene.member(), await scene.member()];
    expect(await textsOf(() => times(6, () => start(one, aNumber())))).toBe(5);
    expect(await textsOf(() => start(other, aNumber()))).toBe(1);
    scene.advance(HOUR);
    expect(await textsOf(() => start(one, aNumber()))).toBe(1);
  });

  it('R41: and twenty in a day, a number as an account', async () => {
    const [one, number] = [await scene.member(), aNumber()];
    const others = await times(5, () => scene.member());
    /** Sessions do not last for so long. */
    const again = async ({ email, password }: Member, to: string) =>
      start(await scene.signIn(email, password), to);
    const sent = { account: 0, number: 0 };
    for (let hour = 0; hour < 5; hour++) {
      sent.account += await textsOf(() => times(5, () => again(one, aNumber())));
      sent.number += await textsOf(() => times(5, (n) => again(others[n]!, number)));
      scene.advance(HOUR);
    }
    expect(sent).toEqual({ account: 20, number: 20 });
    scene.advance(DAY - 5 * HOUR - 1);
    expect(await textsOf(() => again(one, aNumber()))).toBe(0);
    expect(await textsOf(() => again(others[0]!, number))).toBe(0);
    scene.advance(1);
    expect(await textsOf(() => again(one, aNumber()))).toBe(1);
    expect(await textsOf(() => again(others[0]!, number))).toBe(1);
  });

  it('R41: a country has so many in a day for numbers that nobody proved, of all accounts together', async () => {
    const proved = await withPhone();
    await scene.stage.enter({ enableSms2fa: true, smsMaxPerCountryPerDay: 3 });
    scene.advance(DAY);
    const anybody = async (number: string) => start(await scene.member(), number);
    expect(await textsOf(() => times(4, () => anybody(aNumber())))).toBe(3);
    // Another country, and a number that its owner has proved.
    expect(await textsOf(() => anybody('+4366412345678'))).toBe(1);
    expect(await textsOf(() => steps.begin(proved))).toBe(1);
    expect(await textsOf(() => scene.post('/mfa/challenge', undefined, { token: proved.token }))).toBe(0);
    scene.advance(DAY - 1);
    expect(await textsOf(() => anybody(aNumber()))).toBe(0);
    scene.advance(1);
    expect(await textsOf(() => anybody(aNumber()))).toBe(1);
    await scene.stage.enter({ enableSms2fa: true });
  });

  it('limits are those of the settings', async () => {
    const member = await withPhone();
    await scene.stage.enter({ enableSms2fa: true, smsMaxPerHour: 2, smsMaxPerDay: 4 });
    scene.advance(DAY);
    const login = () => scene.login(member.email, member.password);
    const perHour = await times(3, async () => {
      const sent = await textsOf(() => times(3, login));
      scene.advance(HOUR);
      return sent;
    });
    expect(perHour).toEqual([2, 2, 0]);
    await scene.stage.enter({ enableSms2fa: true });
  });

  it('rate_limit_disabled lifts them', async () => {
    const member = await withPhone();
    await scene.stage.enter({ enableSms2fa: true, rateLimitDisabled: true });
    expect(await textsOf(() => times(8, () => scene.login(member.email, member.password)))).toBe(8);
    await scene.stage.enter({ enableSms2fa: true });
  });
});
