import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { LightHasher } from '../support/stage/light.hasher';
import { OTHER_PASSWORD, outcome, Scene, someone, tokensIn, WRONG_PASSWORD } from './scene';

/** A browser that nobody can mistake. */
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

const THIRD_PASSWORD = 'green-Teapot-58-orchard';

describe('passwords', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => scene.close());

  /** The token of a link that was just asked for. */
  const resetToken = async (email: string): Promise<string> => {
    expect((await scene.forgot(email)).status).toBe(202);
    return scene.tokenTo(email);
  };

  it('W04, R28, R31: a link sets one password, once; it signs nobody in, ends every session and is told by mail', async () => {
    const { email, token } = await scene.member();
    scene.takeEvents();
    const link = await resetToken(email);
    const body = { token: link, new_password: OTHER_PASSWORD };
    const first = await scene.post('/reset-password', body, { headers: FIREFOX });
    expect([first.status, Object.keys(first.json), first.cookies]).toEqual([200, ['message'], []]);
    for (let n = 0; n < 4; n++)
      expect(outcome(await scene.reset(link, THIRD_PASSWORD))).toEqual([400, 'token.invalid']);
    expect(scene.takeEvents()).toEqual(['user.password_reset_requested', 'user.password_reset_completed']);

    expect(await scene.isSignedIn(token)).toBe(false);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
    const notices = (await scene.mailsTo(email)).slice(2);
    expect(notices.map(({ subject }) => subject)).toEqual(['Your password at RegStack was changed']);
    expect(notices[0]!.text).toContain('Device: Firefox on Linux');
    expect(notices[0]!.text).toMatch(/When: 1 January 2100, \d\d:\d\d UTC/);
    expect(tokensIn(notices[0]!)).toEqual([]);
  });

  it.each([
    ['a newer request', ({ email }) => scene.forgot(email)],
    ['a change of the password', (member) => scene.changePassword(member, PASSWORD, OTHER_PASSWORD)],
    ['a change of the address', (member) => scene.move(member, someone())],
    ['the end of the account', ({ email }) => scene.disable(email)],
  ] satisfies [string, (member: Awaited<ReturnType<Scene['member']>>) => Promise<unknown>][])(
    'W04, R30: a link dies by %s',
    async (_, happens) => {
      const member = await scene.member();
      const link = await resetToken(member.email);
      await happens(member);
      expect(outcome(await scene.reset(link, THIRD_PASSWORD))).toEqual([400, 'token.invalid']);
      expect((await scene.login(member.email, THIRD_PASSWORD)).status).toBe(401);
    },
  );

  it('P1, W12: links and sessions that a crash left behind are dead by their epoch', async () => {
    const [member, to] = [await scene.member(), someone()];
    const link = await resetToken(member.email);
    await scene.changeEmail(member, to);
    const { challenges, sessions } = scene.stage.host.app.get(Store, { strict: false });
    jest.spyOn(challenges, 'dropAllFor').mockRejectedValue(new Error('the process is gone'));
    jest.spyOn(sessions, 'closeAllFor').mockRejectedValue(new Error('the process is gone'));
    expect((await scene.changePassword(member, PASSWORD, OTHER_PASSWORD)).status).toBe(200);
    expect(outcome(await scene.reset(link))).toEqual([400, 'token.invalid']);
    const confirmed = await scene.post('/confirm-email-change', { token: await scene.tokenTo(to) });
    expect(outcome(confirmed)).toEqual([400, 'token.invalid']);
    expect(await scene.isSignedIn(member.token)).toBe(false);
  });

  it('R29: a link works up to the last second of its life, and not in the next', async () => {
    const [one, two] = [await scene.member(), await scene.member()];
    const links = [await resetToken(one.email), await resetToken(two.email)] as const;
    scene.advance(1799);
    expect((await scene.reset(links[0])).status).toBe(200);
    scene.advance(1);
    expect(outcome(await scene.reset(links[1]))).toEqual([400, 'token.invalid']);
  });

  it('R32, W17: asking a hundred times changes nothing, mails five times, and the last link works', async () => {
    const { email, token } = await scene.member();
    const answers = new Set<string>();
    for (let n = 0; n < 100; n++) {
      answers.add((await scene.forgot(email)).text);
      // A link that a newer one replaces before its mail has left is not mailed.
      if (n < 5) await scene.mailsTo(email);
    }
    expect(answers.size).toBe(1);
    expect((await scene.mailsTo(email)).slice(1)).toHaveLength(5);
    expect(await scene.isSignedIn(token)).toBe(true);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
    expect((await scene.reset(await scene.tokenTo(email))).status).toBe(200);
  });

  it('R17, R31: whoever finishes a reset signs in at once, however locked the address was', async () => {
    const { email } = await scene.member();
    expect(await scene.guess(email, 6)).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await scene.reset(await resetToken(email))).status).toBe(200);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
  });

  describe.each([
    ['/change-password', { new_password: OTHER_PASSWORD }],
    ['/change-email', { new_email: 'somebody.else@example.org' }],
    ['/reauthenticate', {}],
  ])('the current password of %s', (path, rest) => {
    const prove = (token: string, current_password: string) =>
      scene.post(path, { ...rest, current_password }, { token });

    it('R08, W20: after five wrong ones the right one is 429, for strangers too', async () => {
      const { email, token, deviceCookie } = await scene.member();
      for (let n = 0; n < 5; n++) {
        const wrong = await prove(token, WRONG_PASSWORD);
        expect(outcome(wrong)).toEqual([400, 'password.wrong_current']);
        expect(wrong.json.errors).toEqual([
          { field: 'current_password', message: 'is not the current password' },
        ]);
      }
      expect(outcome(await prove(token, WRONG_PASSWORD))).toEqual([429, 'login.locked']);
      const right = await prove(token, PASSWORD);
      expect([...outcome(right), right.headers.get('retry-after')]).toEqual([429, 'login.locked', '900']);
      expect((await scene.login(email, PASSWORD)).status).toBe(429);
      expect((await scene.login(email, PASSWORD, { cookie: deviceCookie })).status).toBe(429);
      scene.advance(900);
      expect((await prove(token, PASSWORD)).status).toBeLessThan(300);
    });

    it('R17: an outsider who locks the address does not lock out its signed-in owner; a success clears', async () => {
      const { email, token } = await scene.member();
      expect((await scene.guess(email, 6)).at(-1)).toBe(429);
      for (let n = 0; n < 4; n++) expect((await prove(token, WRONG_PASSWORD)).status).toBe(400);
      expect((await scene.post('/reauthenticate', { current_password: PASSWORD }, { token })).status).toBe(
        200,
      );
      for (let n = 0; n < 4; n++) expect((await prove(token, WRONG_PASSWORD)).status).toBe(400);
      expect((await prove(token, PASSWORD)).status).toBeLessThan(300);
    });

    it('W37: one of more than 256 characters is refused before it is hashed or counted', async () => {
      const { token } = await scene.member();
      const verify = jest.spyOn(LightHasher.prototype, 'verify');
      for (let n = 0; n < 6; n++)
        expect(outcome(await prove(token, 'x'.repeat(257)))).toEqual([422, 'request.invalid']);
      expect(verify).not.toHaveBeenCalled();
      expect((await prove(token, 'x'.repeat(256))).status).toBe(400);
      expect((await prove(token, PASSWORD)).status).toBeLessThan(300);
    });
  });

  it('a change ends every session of the user, this one too, and nobody else’s; the user is told by mail', async () => {
    const [member, other] = [await scene.member(), await scene.member()];
    const second = await scene.signIn(member.email, PASSWORD);
    scene.takeEvents();
    const body = { current_password: PASSWORD, new_password: OTHER_PASSWORD };
    const { token } = member;
    expect((await scene.post('/change-password', body, { token, headers: FIREFOX })).status).toBe(200);
    expect(scene.takeEvents()).toEqual(['user.password_changed']);
    expect(await Promise.all([member, second, other].map((one) => scene.isSignedIn(one.token)))).toEqual([
      false,
      false,
      true,
    ]);
    expect((await scene.login(member.email, PASSWORD)).status).toBe(401);
    expect((await scene.login(member.email, OTHER_PASSWORD)).status).toBe(200);
    const notice = (await scene.mailsTo(member.email)).at(-1)!;
    expect(notice.subject).toBe('Your password at RegStack was changed');
    expect(notice.text).toContain('Device: Firefox on Linux');
  });

  it('the password that one has is no new one, however its letters are composed', async () => {
    const member = await scene.member(someone(), 'sch\u00f6ne-Gr\u00fc\u00dfe-44');
    for (const next of [member.password, member.password.normalize('NFD')]) {
      const same = await scene.changePassword(member, member.password, next);
      expect([...outcome(same), same.json.errors[0].field]).toEqual([400, 'password.same', 'new_password']);
    }
    expect(await scene.isSignedIn(member.token)).toBe(true);
  });

  it('R01, R02: the policy bounds a new password, is said beside its field, and leaves the link alive', async () => {
    const member = await scene.member();
    const link = await resetToken(member.email);
    for (const [password, code] of [
      ['x'.repeat(257), 'password.too_long'],
      ['😀'.repeat(11), 'password.too_short'],
    ] as const) {
      for (const refused of [
        await scene.changePassword(member, PASSWORD, password),
        await scene.reset(link, password),
      ])
        expect([...outcome(refused), refused.json.errors[0].field]).toEqual([422, code, 'new_password']);
    }
    const long = 'abc '.repeat(64);
    expect((await scene.reset(link, long)).status).toBe(200);
    expect((await scene.login(member.email, long.slice(0, 255))).status).toBe(401);
    expect((await scene.login(member.email, long)).status).toBe(200);
  });

  it('a dead link never reaches the hash', async () => {
    const hash = jest.spyOn(LightHasher.prototype, 'hash');
    expect((await scene.reset('A'.repeat(43))).status).toBe(400);
    expect(hash).not.toHaveBeenCalled();
  });

  it('R03, R04: a password keeps its spaces and its case, and letters are the same however they are composed', async () => {
    const { email } = await scene.member();
    const odd = '  \u00fc😀 a  längstens';
    expect((await scene.reset(await resetToken(email), odd)).status).toBe(200);
    for (const other of [odd.trim(), odd.toUpperCase(), odd.replace('  ', ' ')])
      expect((await scene.login(email, other)).status).toBe(401);
    const member = await scene.signIn(email, odd.normalize('NFD'));
    expect((await scene.changePassword(member, odd.normalize('NFD'), OTHER_PASSWORD)).status).toBe(200);
  });

  it('R07: no password grows too old', async () => {
    const { email } = await scene.member();
    scene.advance(400 * 86_400);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('a reset that is switched off is so for everybody, on its page too', async () => {
    const { email } = await scene.member();
    await scene.stage.enter({ enablePasswordReset: false });
    const refusals = [
      await scene.forgot(email),
      await scene.forgot(someone()),
      await scene.reset('A'.repeat(43)),
      await scene.reset('no token', 'short'),
    ];
    expect(refusals.map(outcome)).toEqual(refusals.map(() => [404, 'feature.disabled']));
    expect(new Set(refusals.map(({ json }) => JSON.stringify({ ...json, request_id: '' }))).size).toBe(1);
    const pages = ['', '?done', `?token=${'A'.repeat(43)}`].map((query) =>
      scene.get(`/account/reset${query}`),
    );
    for (const { status, text } of await Promise.all(pages)) {
      expect(status).toBe(404);
      expect(text).toContain('This is switched off here.');
    }
    await scene.stage.enter({});
  });

  it('P10: the reset of an account whose address was never proved is the proof, and ends what was before', async () => {
    const email = someone();
    await scene.stage.enter({ requireVerification: false });
    await scene.register(email);
    const { token } = await scene.signIn(email, PASSWORD);
    await scene.stage.enter({});
    expect(outcome(await scene.login(email, PASSWORD))).toEqual([403, 'account.unverified']);
    const link = await resetToken(email);
    scene.takeEvents();
    expect((await scene.reset(link)).status).toBe(200);
    expect(scene.takeEvents()).toEqual(['user.password_reset_completed', 'user.verified']);
    expect(await scene.isSignedIn(token)).toBe(false);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    const member = await scene.signIn(email, OTHER_PASSWORD);
    expect((await scene.post('/reauthenticate', { current_password: OTHER_PASSWORD }, member)).json).toEqual({
      authenticated_at: scene.stage.clock.now().toISOString(),
    });
    expect((await scene.get('/api/auth/me', member)).json.is_verified).toBe(true);
  });

  it('R09, W35: a sign-in brings the hash up to date and ends no session', async () => {
    const { email, token } = await scene.member();
    const hashOf = async () =>
      (await scene.stage.host.app.get(Store, { strict: false }).users.findForLogin(email as never))!
        .passwordHash;
    const old = await hashOf();
    await scene.stage.enter({});
    await scene.guess(email, 1);
    expect(await hashOf()).toBe(old);
    await scene.signIn(email, PASSWORD);
    expect(await hashOf()).not.toBe(old);
    expect(await scene.isSignedIn(token)).toBe(true);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('W46, R27: no answer repeats a password or the token of a link', () => {
    const secrets = [PASSWORD, OTHER_PASSWORD, THIRD_PASSWORD, WRONG_PASSWORD];
    const texts = scene.answers.map(({ text }) => text).join('\n');
    for (const secret of [...secrets, ...scene.stage.mail.sent.flatMap(tokensIn)])
      expect(texts).not.toContain(secret);
  });
});
