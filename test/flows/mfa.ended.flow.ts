import { MfaService, UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { meanwhile } from './race';
import { DONE, type MemberWithBoth, OVER, SecondSteps, WRONG } from './second-steps';
import { type Answer, fingerprint, type Member, OTHER_PASSWORD, outcome, Scene, someone } from './scene';

const UNAVAILABLE = [403, 'mfa.unavailable'];
const SETTINGS = { enableSms2fa: true } as const;

/** Somebody with both factors, by their id. */
type Person = MemberWithBoth & { readonly id: string };

describe('sign-ins that are over between their steps', () => {
  let scene: Scene;
  let steps: SecondSteps;
  beforeAll(async () => {
    scene = await Scene.start(SETTINGS);
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());

  const users = () => scene.stage.host.app.get(UsersService, { strict: false });
  const mfa = () => scene.stage.host.app.get(MfaService, { strict: false });
  const idOf = async (member: Member): Promise<string> => (await scene.me(member)).id as string;
  const person = async (): Promise<Person> => {
    const member = await steps.enrolBoth(await scene.member());
    return { ...member, id: await idOf(member) };
  };
  const right = ({ secret }: Person): string => steps.code(secret);
  const resetPassword = async ({ email }: Member): Promise<Answer> => {
    await scene.forgot(email);
    return scene.reset(await scene.tokenTo(email));
  };

  /** Tokens that are of no sign-in. */
  const TOKENS: Readonly<Record<string, (token: string) => string>> = {
    unknown: () => 'A'.repeat(43),
    nonsense: () => 'no token',
    tampered: (token) => (token.startsWith('A') ? 'B' : 'A') + token.slice(1),
    longer: (token) => `${token}A`,
  };

  /** What may happen to a sign-in that waits. */
  const ENDS: Readonly<Record<string, (member: Person, token: string) => Promise<unknown>>> = {
    used: async (member, token) => {
      await steps.confirm(token, right(member));
      scene.advance(30);
    },
    expired: async () => scene.advance(600),
    disabled: async ({ email }) => scene.disable(email),
    'disabled and enabled again': async ({ id, email }) => {
      await scene.disable(email);
      await users().enable(id);
    },
    deleted: async ({ id }) => users().delete(id),
    'password reset': resetPassword,
    'password changed': async (member) => scene.changePassword(member, PASSWORD, OTHER_PASSWORD),
    'password set by the host': async ({ email }) =>
      scene.stage.host.call('POST', '/staff/password', { email, password: OTHER_PASSWORD }),
    'factor removed': async (member) => {
      const body = { current_password: PASSWORD, code: right(member) };
      await scene.delete('/phone', body, { token: member.token });
      scene.advance(30);
    },
    'factors taken by the host': async ({ id }) => mfa().reset(id),
    'moved to another address': async (member) => scene.move(member, someone()),
  };

  it('what goes on is answered otherwise', async () => {
    const member = await person();
    const token = await steps.begin(member);
    expect(outcome(await steps.resend(token))).toEqual([202, undefined]);
    expect(outcome(await steps.confirm(token, right(member)))).toEqual(DONE);
  });

  it('whatever the reason, there is one answer, and no session', async () => {
    const answers: (readonly [string, Answer])[] = [];
    const present = async (why: string, token: string, member: Person): Promise<void> => {
      scene.takeEvents();
      for (const code of [right(member), member.recoveryCodes[0]!, steps.wrongFor(member)])
        answers.push([why, await steps.confirm(token, code)]);
      answers.push([why, await steps.resend(token)]);
      expect([why, ...scene.takeEvents()]).not.toContain('user.logged_in');
    };
    for (const [why, change] of Object.entries(TOKENS)) {
      const member = await person();
      await present(why, change(await steps.begin(member)), member);
    }
    for (const [why, end] of Object.entries(ENDS)) {
      const member = await person();
      const token = await steps.begin(member);
      await end(member, token);
      await present(why, token, member);
    }
    for (const [why, answer] of answers) expect([why, ...outcome(answer)]).toEqual([why, ...OVER]);
    const guessed = await person();
    const token = await steps.begin(guessed);
    await steps.guess(token, guessed, 5);
    answers.push(['guesses spent', await steps.confirm(token, right(guessed))]);
    const expected = fingerprint(answers[0]![1]);
    for (const [why, answer] of answers) expect([why, fingerprint(answer)]).toEqual([why, expected]);
    expect(answers.flatMap(([, { cookies }]) => cookies)).toEqual([]);
  });

  it('one answer for an address that has to be proved by now', async () => {
    await scene.stage.enter({ ...SETTINGS, requireVerification: false });
    const email = someone();
    await scene.register(email);
    const member = await steps.enrolApp(await scene.signIn(email, PASSWORD));
    const token = await steps.begin(member);
    await scene.stage.enter(SETTINGS);
    expect(outcome(await steps.confirm(token, steps.code(member.secret)))).toEqual(OVER);
    expect(outcome(await scene.login(email, PASSWORD))).toEqual([403, 'account.unverified']);
  });

  it.each<readonly [string, readonly ['users' | 'challenges' | 'sessions', string]]>([
    ['the code is compared', ['users', 'useTotpStep']],
    ['the wait is ended', ['challenges', 'consume']],
    ['the session is opened', ['sessions', 'open']],
  ])('W12: a password that is reset just before %s lets nobody in', async (_, call) => {
    const member = await person();
    const token = await steps.begin(member);
    const [confirmed, reset] = await meanwhile(
      scene,
      call as Parameters<typeof meanwhile>[1],
      () => steps.confirm(token, right(member)),
      () => resetPassword(member),
    );
    expect(reset.status).toBe(200);
    expect(confirmed.json.access_token).toBeUndefined();
    expect([OVER, WRONG]).toContainEqual(outcome(confirmed));
    expect(confirmed.cookies).toEqual([]);
  });

  it('W12: one of the old password is over, though the reset still has to clear up', async () => {
    for (const next of [steps.resend.bind(steps), (token: string) => steps.confirm(token, 'no code')]) {
      const member = await person();
      const token = await steps.begin(member);
      const [reset, over] = await meanwhile(
        scene,
        ['challenges', 'dropAllFor'],
        () => resetPassword(member),
        () => next(token),
      );
      expect([reset.status, ...outcome(over)]).toEqual([200, ...OVER]);
    }
  });

  describe('R47: a broken state', () => {
    /** Somebody of whose factors this is left in the database, and whose session was kept. */
    const broken = async (left: object): Promise<Person> => {
      const member = await person();
      const { users: stored, sessions } = scene.stage.host.app.get(Store, { strict: false });
      const { authEpoch } = (await stored.findById(member.id))!;
      const now = scene.stage.clock.now();
      const kept = (await sessions.listFor(member.id, authEpoch, now))[0]!.id;
      expect(await stored.changeCredentials(member.id, authEpoch, left, [], kept)).not.toBeNull();
      return member;
    };
    const NOTHING = { phoneNumber: null, totp: null };

    it.each([
      ['without a factor', { ...NOTHING, recoveryCodes: [] }],
      ['with nothing but recovery codes', NOTHING],
    ])('%s is refused, with the right password only, and never skipped', async (_, left) => {
      const member = await broken(left);
      for (const query of ['', '?transport=cookie']) {
        const { email, password } = member;
        const refused = await scene.post(`/login${query}`, { email, password });
        expect([...outcome(refused), refused.cookies]).toEqual([...UNAVAILABLE, []]);
      }
      expect(outcome(await scene.login(member.email, OTHER_PASSWORD))).toEqual([
        401,
        'login.invalid_credentials',
      ]);
      // It was no guess at the password.
      expect(await scene.guess(member.email, 5)).toEqual([401, 401, 401, 401, 429]);
    });

    it('is no way around a proof either, and ends when the host takes what is left', async () => {
      const member = await broken(NOTHING);
      const body = { current_password: PASSWORD };
      const post = (path: string, more: object) =>
        scene.post(path, { ...body, ...more }, { token: member.token });
      const code = member.recoveryCodes[0]!;
      for (const path of ['/reauthenticate', '/mfa/totp/start', '/mfa/recovery-codes']) {
        expect([path, ...outcome(await post(path, {}))]).toEqual([path, 403, 'mfa.proof_required']);
        expect([path, ...outcome(await post(path, { code }))]).toEqual([path, ...UNAVAILABLE]);
      }
      for (const path of ['/phone/delete', '/mfa/totp/delete'])
        expect([path, ...outcome(await post(path, { code }))]).toEqual([path, 400, 'mfa.not_enabled']);
      expect((await mfa().reset(member.id))?.isMfaEnabled).toBe(false);
      expect(outcome(await scene.login(member.email, PASSWORD))).toEqual(DONE);
    });

    it('with one factor left asks for that one', async () => {
      const member = await broken({ phoneNumber: null });
      const { json } = await scene.login(member.email, PASSWORD);
      expect(json.methods).toEqual(['totp', 'recovery_code']);
      expect(outcome(await steps.confirm(json.mfa_pending_token, right(member)))).toEqual(DONE);
    });

    it('what is there and was switched off asks for nothing', async () => {
      const member = await broken({ isMfaEnabled: false });
      expect(outcome(await scene.login(member.email, PASSWORD))).toEqual(DONE);
      expect(await mfa().methodsFor(member.id)).toEqual([]);
    });
  });
});
