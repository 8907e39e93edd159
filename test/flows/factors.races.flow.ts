import type { Answer } from './answers';
import { Enrolments, type FullMember } from './enrolments';
import { aNumber } from './factors';
import { crowd, race, raceTrack, tally, together, winners } from './race';
import { type Member, OTHER_PASSWORD, outcome, type Scene } from './scene';

describe('races for second factors', () => {
  let scene: Scene;
  let factors: Enrolments;
  let required: Scene;
  beforeAll(async () => {
    const settings = { enableSms2fa: true };
    scene = await raceTrack(settings);
    required = await raceTrack({ ...settings, mfaPolicy: 'required' });
    factors = new Enrolments(scene);
  });
  afterAll(() => Promise.all([scene.close(), required.close()]));

  /** The codes of those that lost: whatever else they are told would be a lie. */
  const losersOf = (answers: readonly Answer[]): Set<unknown> =>
    new Set(answers.filter(({ status }) => status !== 200).map(({ json }) => json.code));
  /** That it was over by then, or that more guesses were under way at once than an account has. */
  const expectLost = (answers: readonly Answer[], ...more: readonly string[]): void => {
    for (const one of losersOf(answers))
      expect(['mfa.challenge_expired', 'mfa.locked', ...more]).toContain(one);
  };
  const stateOf = async (member: Member) => {
    const { phone_number, is_mfa_enabled } = await scene.me(member);
    return { phone_number, is_mfa_enabled };
  };

  race(
    'P1: of 32 confirmations of an app by its code one enrols it, and its recovery codes are the ones',
    async () => {
      const member = await scene.member();
      const { json } = await factors.startApp(member);
      const code = factors.code(json.secret);
      const answers = await crowd(() => factors.confirmApp(member, json.pending_token, code));
      const [winner, ...others] = winners(answers);
      expect([winner === undefined, others]).toEqual([false, []]);
      expectLost(answers, 'session.required');
      expect(await stateOf(member)).toEqual({ phone_number: null, is_mfa_enabled: true });
      await factors.signIn(member, answers[winner!]!.json.recovery_codes[0]);
      scene.advance(30);
      await factors.signIn(member, factors.code(json.secret));
    },
  );

  race('P1: of 32 confirmations of a number by its code one enrols it', async () => {
    const [member, number] = [await scene.member(), aNumber()];
    const { json } = await factors.startPhone(member, number);
    const code = await factors.codeTo(number);
    const answers = await crowd(() => factors.confirmPhone(member, json.pending_token, code));
    expect(winners(answers)).toHaveLength(1);
    expect(await stateOf(member)).toEqual({ phone_number: number, is_mfa_enabled: true });
    expect(await scene.isSignedIn(member.token)).toBe(true);
    const added = (await scene.subjectsTo(member.email)).filter((one) => one.includes('was added'));
    expect(added).toHaveLength(1);
  });

  race('P1: of 32 who complete a sign-in by an enrolment one gets a session', async () => {
    const here = new Enrolments(required);
    const owner = await here.owner();
    const { mfa_pending_token } = (await required.login(owner.email, owner.password)).json;
    const { secret, pending_token } = (await required.post('/mfa/totp/start', { mfa_pending_token })).json;
    const body = { mfa_pending_token, pending_token, code: here.code(secret) };
    const answers = await crowd(() => required.post('/mfa/totp/confirm', body));
    expect(winners(answers)).toHaveLength(1);
    expectLost(answers);
    const token = answers[winners(answers)[0]!]!.json.access_token as string;
    const { items } = (await required.get('/api/auth/sessions', { token })).json;
    expect(items).toHaveLength(1);
  });

  race(
    'R46: of 32 removals of two factors by proofs that are right, what is answered is what is left',
    async () => {
      const member = await factors.enrolBoth(await scene.member());
      const code = factors.nextCode(member);
      const answers = await crowd((n) => {
        const proof = { code: member.recoveryCodes[n] ?? code };
        return n % 2 === 0 ? factors.removeApp(member, proof) : factors.removePhone(member, proof);
      });
      const done = winners(answers);
      expect(done.length).toBeGreaterThan(0);
      await expectWhole(member, done);
    },
  );

  /** What is left agrees with what was answered. */
  const expectWhole = async (member: FullMember, done: readonly number[]): Promise<void> => {
    const [apps, phones] = [done.filter((n) => n % 2 === 0), done.filter((n) => n % 2 === 1)];
    expect([apps.length, phones.length].every((count) => count <= 1)).toBe(true);
    const methods = (await factors.methodsOf(member)) ?? [];
    expect(methods.filter((one) => one !== 'recovery_code')).toEqual([
      ...(apps.length === 0 ? ['totp'] : []),
      ...(phones.length === 0 ? ['sms'] : []),
    ]);
    expect(await stateOf(member)).toEqual({
      phone_number: phones.length === 0 ? member.number : null,
      is_mfa_enabled: apps.length + phones.length < 2,
    });
  };

  race(
    'R46, R48: of 32 removals by one code one is done, and of 32 new sets by one code one is made',
    async () => {
      const member = await factors.enrolBoth(await scene.member());
      const code = factors.nextCode(member);
      const sets = await crowd(() => factors.newRecoveryCodes(member, { code }));
      expect(winners(sets)).toHaveLength(1);
      const [recovery] = sets[winners(sets)[0]!]!.json.recovery_codes as [string];
      // Those who came too late have spent the guesses of an hour.
      scene.advance(3600);
      const removals = await crowd(() => factors.removeApp(member, { code: recovery }));
      expect(tally(removals)[200]).toBe(1);
      expect(await factors.methodsOf(member)).toEqual(['sms', 'recovery_code']);
    },
  );

  race(
    'R42, R48: of 32 proofs by one code of an app, and by one recovery code, one counts each',
    async () => {
      const member = await factors.enrolApp(await scene.member());
      for (const code of [factors.code(member.secret), member.recoveryCodes[0]!]) {
        const answers = await crowd(() => factors.prove('/reauthenticate', member, { code }));
        expect(winners(answers)).toHaveLength(1);
        expect([...losersOf(answers)].filter((one) => one !== 'mfa.locked')).toEqual(['mfa.code_wrong']);
        scene.advance(3600);
      }
    },
  );

  race('a removal and an enrolment at once: one is done, and the state is that of the one', async () => {
    const member = await factors.enrolApp(await scene.member());
    const number = aNumber();
    const { json } = await factors.startPhone(member, number, { code: factors.code(member.secret) });
    const code = await factors.codeTo(number);
    const [removed, added] = await together(
      () => factors.removeApp(member, { code: member.recoveryCodes[0] }),
      () => factors.confirmPhone(member, json.pending_token, code),
    );
    expect(await scene.isSignedIn(member.token)).toBe(true);
    const state = await stateOf(member);
    const methods = await factors.methodsOf(member);
    // The enrolment was begun under the epoch before, so it never comes after the removal; the removal may come after it.
    if (added.status === 200 && removed.status === 200)
      expect([state, methods]).toEqual([
        { phone_number: number, is_mfa_enabled: true },
        ['sms', 'recovery_code'],
      ]);
    else if (added.status === 200) {
      expect([state, methods]).toEqual([
        { phone_number: number, is_mfa_enabled: true },
        ['totp', 'sms', 'recovery_code'],
      ]);
      // It was overtaken before its code was used up, or after it.
      expect(['400 mfa.code_wrong', '401 session.required']).toContain(outcome(removed).join(' '));
    } else
      expect([state, methods, removed.status]).toEqual([
        { phone_number: null, is_mfa_enabled: false },
        null,
        200,
      ]);
  });

  race('a change of the password and an enrolment at once: one is done, and the other is told', async () => {
    const member = await scene.member();
    const { json } = await factors.startApp(member);
    const code = factors.code(json.secret);
    const [changed, enrolled] = await together(
      () => scene.changePassword(member, member.password, OTHER_PASSWORD),
      () => factors.confirmApp(member, json.pending_token, code),
    );
    const login = async (password: string) => (await scene.login(member.email, password)).json;
    if (enrolled.status === 200) {
      // Whoever changes the password may come after it, by the session that goes on.
      const password = changed.status === 200 ? OTHER_PASSWORD : member.password;
      if (changed.status !== 200) expect(outcome(changed)).toEqual([401, 'session.required']);
      expect((await login(password)).status).toBe('mfa_required');
      expect(await scene.isSignedIn(member.token)).toBe(changed.status !== 200);
      return;
    }
    expect(changed.status).toBe(200);
    expect([400, 401]).toContain(enrolled.status);
    expect(['mfa.challenge_expired', 'session.required']).toContain(enrolled.json.code);
    expect((await login(OTHER_PASSWORD)).access_token).toBeDefined();
    expect(await scene.isSignedIn(member.token)).toBe(false);
  });

  race('W21: two numbers at once: the one that is enrolled is the one whose code was given', async () => {
    const member = await scene.member();
    const numbers = [aNumber(), aNumber()] as const;
    const starts = await together(
      () => factors.startPhone(member, numbers[0]),
      () => factors.startPhone(member, numbers[1]),
    );
    const codes = [await factors.codeTo(numbers[0]), await factors.codeTo(numbers[1])] as const;
    const confirm = (start: 0 | 1, code: 0 | 1) => () =>
      factors.confirmPhone(member, starts[start].json.pending_token, codes[code]);
    if (codes[0] === codes[1]) return;
    const answers = await together(confirm(0, 1), confirm(1, 0), confirm(0, 0), confirm(1, 1));
    expect(winners(answers.slice(0, 2))).toEqual([]);
    const right = winners(answers.slice(2));
    expect(right).toHaveLength(1);
    expect((await scene.me(member)).phone_number).toBe(numbers[right[0]!]);
  });
});
