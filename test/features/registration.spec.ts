import { Demo, parallel, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

/** Headers that may not depend on whether an account exists. */
const unvarying = (headers: Headers): [string, string][] =>
  [...headers.entries()].filter(([name]) => !['date', 'etag', 'content-length'].includes(name));

describe('registration', () => {
  let smtp: FakeSmtp;
  let demo: Demo;
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
    demo = await Demo.start(smtpEnv(smtp));
  });
  afterAll(async () => {
    await demo.stop();
    await smtp.down();
  });

  const register = (email: string, password = PASSWORD) =>
    demo.call('POST', '/register', { email, password });
  const login = (email: string, password = PASSWORD) => demo.call('POST', '/login', { email, password });

  it('R23, W16: a taken address gets the same answer, and its owner a mail without a link to activate', async () => {
    const { email } = await demo.member(smtp);
    const [free, taken] = [await register(someone()), await register(email)];
    expect(taken.status).toBe(free.status);
    expect(Object.keys(taken.json)).toEqual(Object.keys(free.json));
    expect(unvarying(taken.headers)).toEqual(unvarying(free.headers));

    const notice = await smtp.waitFor(email, 2);
    expect(notice.subject).toBe('You already have an account at RegStack demo');
    expect(notice.raw).not.toContain('token=');
    expect((await login(email)).status).toBe(200);
  });

  it('W10, R37: each link activates only the password that was typed in its own attempt', async () => {
    const email = someone('victim');
    await register(email, 'typed-by-the-attacker');
    await register(email, 'typed-by-the-victim');
    const verified = await demo.call('POST', '/verify', { token: await smtp.tokenTo(email, 2) });
    expect(verified.status).toBe(200);
    expect((await login(email, 'typed-by-the-attacker')).status).toBe(401);
    expect((await login(email, 'typed-by-the-victim')).status).toBe(200);
    const late = await demo.call('POST', '/verify', { token: await smtp.tokenTo(email, 1) });
    expect([late.status, late.json.code]).toEqual([400, 'token.invalid']);
    expect((await login(email, 'typed-by-the-attacker')).status).toBe(401);
  });

  it('W32, R28: one link × 32 at once makes one user; used, unknown and malformed links have one answer', async () => {
    const email = someone();
    await register(email);
    const token = await smtp.tokenTo(email);
    const answers = await parallel(32, () => demo.call('POST', '/verify', { token }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(31);
    const others = [token, 'A'.repeat(43), 'not a token', `${token}x`];
    for (const other of others) {
      const { status, json } = await demo.call('POST', '/verify', { token: other });
      expect([status, json.code, json.detail]).toEqual([400, 'token.invalid', expect.any(String)]);
    }
  });

  it('G03 (4): 32 parallel registrations of one address make one account, whichever link is used', async () => {
    const email = someone();
    const answers = await parallel(32, () => register(email));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    // As many mails as an address gets in an hour.
    const tokens = await parallel(5, (n) => smtp.tokenTo(email, n + 1));
    const verified = await parallel(32, (n) => demo.call('POST', '/verify', { token: tokens[n % 5] }));
    expect(verified.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await login(email)).status).toBe(200);
  });

  it.each([
    ['case', 'Grace.Hopper@Example.ORG', 'grace.hopper@example.org'],
    ['space around', '  ada@example.org ', 'ada@example.org'],
    ['composition (NFC)', 'zoe\u0308@example.org', 'zo\u00eb@example.org'],
    ['IDNA', 'mail@B\u00fccher.example', 'mail@xn--bcher-kva.example'],
  ])('W19, R38: an address has one canonical form: %s', async (_, typed, canonical) => {
    const { status, json } = await register(typed);
    expect([status, json.email]).toEqual([201, canonical]);
    const mail = await smtp.waitFor(canonical);
    expect(mail.to).toEqual([canonical]);
    expect((await demo.call('POST', '/verify', { token: await smtp.tokenTo(canonical) })).status).toBe(200);
    expect((await login(typed)).status).toBe(200);
  });

  it('W45, R39: the mail to an unproved address holds nothing that was typed', async () => {
    const email = someone();
    const full_name = 'Win 1000 at http://evil.example/ <b>now</b>';
    expect((await demo.call('POST', '/register', { email, password: PASSWORD, full_name })).status).toBe(201);
    const { raw, html, text } = await smtp.waitFor(email);
    expect(raw + html + text).not.toMatch(/evil\.example|Win 1000/);
  });

  it('R01, R02: the length of a password is counted in code points, from 12 to 256, and nothing is cut', async () => {
    const codeOf = async (password: string) => (await register(someone(), password)).json.code as string;
    expect(await codeOf('elevenchars')).toBe('password.too_short');
    expect(await codeOf('😀'.repeat(11))).toBe('password.too_short');
    expect(await codeOf('😀'.repeat(12))).toBeUndefined();
    expect(await codeOf('x'.repeat(257))).toBe('password.too_long');
    const email = someone();
    const long = 'abc '.repeat(50);
    await register(email, long);
    await demo.call('POST', '/verify', { token: await smtp.tokenTo(email) });
    expect((await login(email, long.slice(0, 199))).status).toBe(401);
    expect((await login(email, long)).status).toBe(200);
  });

  it('R03, R04: a password keeps its spaces and case, and a letter is the same however it is composed', async () => {
    const email = someone();
    await register(email, '  \u00fc😀 a  längstens');
    await demo.call('POST', '/verify', { token: await smtp.tokenTo(email) });
    expect((await login(email, '\u00fc😀 a  längstens')).status).toBe(401);
    expect((await login(email, '  \u00dc😀 a  längstens')).status).toBe(401);
    expect((await login(email, '  u\u0308😀 a  längstens')).status).toBe(200);
  });
});

describe('registration with other settings', () => {
  it('verification off: the user exists at once and is not verified; a taken address is 409', async () => {
    const demo = await Demo.start({ REGSTACK_REQUIRE_VERIFICATION: 'false' });
    const email = someone();
    const answers = await parallel(16, () => demo.call('POST', '/register', { email, password: PASSWORD }));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array<number>(15).fill(409),
    ]);
    const { json } = answers.find(({ status }) => status === 201)!;
    expect([json.email, json.is_verified]).toEqual([email, false]);
    expect(answers.find(({ status }) => status === 409)!.json.code).toBe('registration.email_taken');
    expect((await demo.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
    await demo.stop();
  });

  it('password_min_length and password_max_length bound what may be set', async () => {
    const demo = await Demo.start({ REGSTACK_PASSWORD_MIN_LENGTH: '8', REGSTACK_PASSWORD_MAX_LENGTH: '64' });
    const codeOf = async (password: string) =>
      (await demo.call('POST', '/register', { email: someone(), password })).json.code as string | undefined;
    expect([await codeOf('plum-91'), await codeOf('plum-91x')]).toEqual(['password.too_short', undefined]);
    expect([await codeOf('x'.repeat(64)), await codeOf('x'.repeat(65))]).toEqual([
      undefined,
      'password.too_long',
    ]);
    await demo.stop();
  });

  it('registration closed: 403, whatever is sent', async () => {
    const demo = await Demo.start({ REGSTACK_ALLOW_REGISTRATION: 'false' });
    const { status, json } = await demo.call('POST', '/register', { email: someone(), password: PASSWORD });
    expect([status, json.code]).toEqual([403, 'registration.closed']);
    await demo.stop();
  });

  it('R29: a link dies at the end of its time', async () => {
    const smtp = await FakeSmtp.start();
    const demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_VERIFICATION_TOKEN_TTL_SECONDS: '1' });
    const email = someone();
    const { json } = await demo.call('POST', '/register', { email, password: PASSWORD });
    const token = await smtp.tokenTo(email);
    let answer;
    do
      answer = await fetch(`${demo.url}/account/verify`, {
        headers: { cookie: `regstack-step-verify=${token}` },
      });
    while (answer.status === 200 && Date.now() < Date.parse(json.expires_at as string) + 3000);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(json.expires_at as string));
    expect((await demo.call('POST', '/verify', { token })).json.code).toBe('token.invalid');
    await demo.stop();
    await smtp.down();
  });
});
