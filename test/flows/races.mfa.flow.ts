import type { AppMember, PhoneMember } from './factors';
import { CROWD, crowd, late, meanwhile, race, raceTrack, together, winners } from './race';
import { DONE, LOCKED, OVER, SecondSteps, WRONG } from './second-steps';
import { type Answer, type Member, outcome, type Scene } from './scene';

const HOUR = 3600;
/** What somebody may be told of whose code somebody else has used first. */
const LOST = [WRONG[1], OVER[1], LOCKED[1]];

describe('races for a second step', () => {
  let scene: Scene;
  let steps: SecondSteps;
  /** With limits of text messages. */
  let limited: Scene;
  let limitedSteps: SecondSteps;
  beforeAll(async () => {
    scene = await raceTrack({ enableSms2fa: true });
    steps = new SecondSteps(scene);
    limited = await raceTrack({ enableSms2fa: true, rateLimitDisabled: false });
    limitedSteps = new SecondSteps(limited);
  });
  afterAll(() => Promise.all([scene.close(), limited.close()]));

  const app = async (): Promise<AppMember> => steps.enrolApp(await scene.member());
  const phone = async (): Promise<PhoneMember> => steps.enrolPhone(await scene.member());
  const count = (answers: readonly Answer[], code: unknown): number =>
    answers.filter(({ json }) => json.code === code).length;
  const begins = (member: Member, times: number): Promise<readonly string[]> =>
    Promise.all(Array.from({ length: times }, () => steps.begin(member)));

  /** One of them has signed in, by one session, as is told once; all the others got nothing. */
  const expectOne = async (member: Member, answers: readonly Answer[]): Promise<void> => {
    const [winner, ...more] = winners(answers);
    expect([answers[winner!]?.status, more]).toEqual([200, []]);
    for (const [n, { json, cookies }] of answers.entries()) {
      if (n === winner) continue;
      expect(LOST).toContain(json.code);
      expect(cookies).toEqual([]);
    }
    expect(await scene.isSignedIn(answers[winner!]!.json.access_token as string)).toBe(true);
    // The one that it was enrolled by, and this one.
    expect(await steps.sessionsOf(member)).toBe(2);
    expect(scene.takeEvents().filter((one) => one === 'user.logged_in')).toHaveLength(1);
  };

  race('G03-6, W06: of 200 wrong codes at once for one sign-in five are compared', async () => {
    const member = await app();
    const token = await steps.begin(member);
    const wrong = steps.wrongFor(member);
    const guess = () => steps.confirm(token, wrong);
    const answers = await together(...Array.from({ length: 200 }, () => guess));
    expect(count(answers, WRONG[1])).toBe(5);
    expect(count(answers, OVER[1]) + count(answers, LOCKED[1])).toBe(195);
    expect(outcome(await steps.confirm(token, steps.code(member.secret)))).toEqual(OVER);
  });

  race('G03-6, W05: whoever signs in again and again beside it gets ten an hour', async () => {
    const member = await phone();
    const guess = async (): Promise<readonly Answer[]> => {
      const answers: Answer[] = [];
      for (let round = 0; round < 3; round++) {
        const token = await steps.begin(member);
        const guesses = Array.from({ length: 4 }, () => () => steps.confirm(token, 'no code'));
        answers.push(...(await together(...guesses)));
      }
      return answers;
    };
    const answers = (await Promise.all(Array.from({ length: 8 }, guess))).flat();
    expect(count(answers, WRONG[1])).toBe(10);
    const token = await steps.begin(member);
    expect(outcome(await steps.confirm(token, 'no code'))).toEqual(LOCKED);
    scene.advance(HOUR);
    expect(await steps.signInWith(member, 'no code')).toEqual(WRONG);
  });

  race('G03-7, W07: a code by SMS × 32 is one session', async () => {
    const member = await phone();
    const token = await steps.begin(member);
    const code = await steps.codeTo(member.number);
    scene.takeEvents();
    await expectOne(member, await crowd(() => steps.confirm(token, code)));
  });

  race('G03-7: a code of an app × 32 for one sign-in is one session', async () => {
    const member = await app();
    const token = await steps.begin(member);
    scene.takeEvents();
    await expectOne(member, await crowd(() => steps.confirm(token, steps.code(member.secret))));
  });

  race('G03-7: a code of an app for 32 sign-ins is one session', async () => {
    const member = await app();
    const tokens = await begins(member, CROWD);
    scene.takeEvents();
    await expectOne(member, await crowd((n) => steps.confirm(tokens[n]!, steps.code(member.secret))));
  });

  race('R48: a recovery code for several sign-ins is one session, and one is left less', async () => {
    const member = await app();
    const tokens = await begins(member, 4);
    const [code] = member.recoveryCodes as [string];
    scene.takeEvents();
    await expectOne(member, await crowd((n) => steps.confirm(tokens[n % 4]!, code)));
    const subjects = await scene.subjectsTo(member.email);
    expect(subjects.filter((one) => one.includes('recovery code'))).toHaveLength(1);
  });

  race('different right codes for one sign-in are one session', async () => {
    const member = await app();
    const token = await steps.begin(member);
    scene.takeEvents();
    const codes = [steps.code(member.secret), ...member.recoveryCodes.slice(0, 4)];
    await expectOne(member, await together(...codes.map((code) => () => steps.confirm(token, code))));
  });

  race('P7: while a newer code is sent, the older one or the newer one signs in, once', async () => {
    const member = await phone();
    const token = await steps.begin(member);
    const older = await steps.codeTo(member.number);
    scene.takeEvents();
    const [resent, ...first] = await together(
      () => steps.resend(token),
      ...Array.from({ length: 2 }, () => late(() => steps.confirm(token, older))),
    );
    expect([202, 400]).toContain(resent.status);
    const newer = await steps.codeTo(member.number);
    const second = [await steps.confirm(token, older), await steps.confirm(token, newer)];
    await expectOne(member, [...first, ...second]);
    if (winners(first).length === 0) expect(outcome(second[1]!)).toEqual(DONE);
  });

  it('P7: a code that was compared, and replaced before it was used up, signs nobody in', async () => {
    const member = await phone();
    const token = await steps.begin(member);
    const older = await steps.codeTo(member.number);
    const [confirmed, resent] = await meanwhile(
      scene,
      ['challenges', 'consume'],
      () => steps.confirm(token, older),
      () => steps.resend(token),
    );
    expect([resent.status, ...outcome(confirmed)]).toEqual([202, ...OVER]);
    expect(outcome(await steps.confirm(token, await steps.codeTo(member.number)))).toEqual(DONE);
  });

  race('20 sign-ins of one user at once all wait, each for a code of its own', async () => {
    const member = await phone();
    const before = (await steps.textsTo(member.number)).length;
    const { email, password } = member;
    const login = () => scene.login(email, password);
    const answers = await together(...Array.from({ length: 20 }, () => login));
    expect(answers.map(({ status, json }) => [status, json.status])).toEqual(
      answers.map(() => [200, 'mfa_required']),
    );
    expect(new Set(answers.map(({ json }) => json.mfa_pending_token as string)).size).toBe(20);
    expect((await steps.textsTo(member.number)).slice(before)).toHaveLength(20);
  });

  race(
    'R41: of 32 codes that are asked for at once five are sent in an hour, and the last one is good',
    async () => {
      const member = await limitedSteps.enrolPhone(await limited.member());
      limited.advance(HOUR);
      const before = (await limitedSteps.textsTo(member.number)).length;
      const token = await limitedSteps.begin(member);
      const answers = await crowd(() => limitedSteps.resend(token));
      expect([answers.filter(({ status }) => status === 202).length, count(answers, 'sms.limited')]).toEqual([
        4,
        CROWD - 4,
      ]);
      const texts = (await limitedSteps.textsTo(member.number)).slice(before);
      expect(texts.length).toBeLessThanOrEqual(5);
      const codes = texts.map((text) => /\b\d{6}\b/.exec(text)![0]);
      const statuses: number[] = [];
      for (const code of codes) statuses.push((await limitedSteps.confirm(token, code)).status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    },
  );
});
