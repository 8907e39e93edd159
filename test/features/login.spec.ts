import { type Answer, Demo, parallel, PASSWORD, SLOW_HASH, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

/** Everything of an answer that may not depend on whether an account exists. */
const fingerprint = ({ status, headers, json }: Answer): unknown => [
  status,
  [...headers.entries()].filter(([name]) => !['date', 'etag', 'retry-after'].includes(name)),
  { ...json, request_id: 'varies' },
];

describe('login', () => {
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

  const login = (email: string, password = 'this-is-not-the-one') =>
    demo.call('POST', '/login', { email, password });

  it('R13, W13: unknown address, wrong password and a mere attempt to register have one answer', async () => {
    const { email } = await demo.member(smtp);
    const pending = someone('pending');
    await demo.call('POST', '/register', { email: pending, password: PASSWORD });
    const [known, unknown, waiting] = [
      await login(email),
      await login(someone()),
      await login(pending, PASSWORD),
    ];
    expect([known.status, known.json.code]).toEqual([401, 'login.invalid_credentials']);
    expect(known.headers.get('www-authenticate')).toBe('Bearer');
    expect(fingerprint(unknown)).toEqual(fingerprint(known));
    expect(fingerprint(waiting)).toEqual(fingerprint(known));
  });

  it('W08, R15: of 100 parallel guesses with the right one among them at most five are evaluated', async () => {
    const real = await Demo.start({ ...smtpEnv(smtp), ...SLOW_HASH });
    const { email } = await real.member(smtp);
    const answers = await parallel(100, (n) =>
      real.call('POST', '/login', { email, password: n === 2 ? PASSWORD : `wrong-guess-number-${n}` }),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(401) + count(200), count(429)]).toEqual([5, 95]);
    await real.stop();
  });

  it('R22, R20: an unknown address locks the same way, and Retry-After is the true rest of the window', async () => {
    const { email } = await demo.member(smtp);
    const unknown = someone();
    const locked = [];
    for (const address of [email, unknown]) {
      for (let n = 0; n < 5; n++) expect((await login(address)).status).toBe(401);
      locked.push(await login(address, PASSWORD));
    }
    const [ofKnown, ofUnknown] = locked as [Answer, Answer];
    expect([ofKnown.status, ofKnown.json.code]).toEqual([429, 'login.locked']);
    for (const { headers } of locked) {
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(890);
      expect(seconds).toBeLessThanOrEqual(900);
    }
    expect(fingerprint(ofUnknown)).toEqual(fingerprint(ofKnown));
  });

  it('a success takes its own attempt back and frees the address', async () => {
    const { email } = await demo.member(smtp);
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 4; n++) await login(email);
      expect((await login(email, PASSWORD)).status).toBe(200);
    }
  });

  it('many honest sign-ins at once lock nobody out for longer than the burst', async () => {
    const { email } = await demo.member(smtp);
    const answers = await parallel(20, () => login(email, PASSWORD));
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(5);
    const begin = Date.now();
    while ((await login(email, PASSWORD)).status !== 200) expect(Date.now() - begin).toBeLessThan(3000);
  });

  it('R21: signing in to one’s own account does not free another address', async () => {
    const [own, other] = [await demo.member(smtp), await demo.member(smtp)];
    for (let n = 0; n < 5; n++) {
      await login(other.email);
      await login(own.email, PASSWORD);
    }
    expect((await login(other.email)).status).toBe(429);
  });

  it('sign-ins are sessions of their own: ending one leaves the other', async () => {
    const { email, token } = await demo.member(smtp);
    const second = (await login(email, PASSWORD)).json.access_token as string;
    await demo.call('POST', '/logout', undefined, { token });
    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(401);
    expect((await demo.call('GET', '/me', undefined, { token: second })).status).toBe(200);
  });

  it('of 16 parallel logouts with one token none fails, and the token is dead', async () => {
    const { token } = await demo.member(smtp);
    const answers = await parallel(16, () => demo.call('POST', '/logout', undefined, { token }));
    expect(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 401)).toEqual(
      [],
    );
    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(401);
  });
});

describe('login with other settings', () => {
  it('R20: the window ends when Retry-After says so', async () => {
    const demo = await Demo.start({
      REGSTACK_LOGIN_LOCKOUT_THRESHOLD: '2',
      REGSTACK_LOGIN_LOCKOUT_WINDOW_SECONDS: '2',
    });
    const email = someone();
    const login = () => demo.call('POST', '/login', { email, password: 'wrong-password' });
    const begin = Date.now();
    expect([(await login()).status, (await login()).status]).toEqual([401, 401]);
    let locked = await login();
    expect(locked.status).toBe(429);
    const until = Date.now() + Number(locked.headers.get('retry-after')) * 1000;
    while (locked.status === 429) {
      const sent = Date.now();
      locked = await login();
      if (sent >= until) expect(locked.status).toBe(401);
    }
    expect(locked.status).toBe(401);
    expect(Date.now()).toBeGreaterThanOrEqual(begin + 2000);
    await demo.stop();
  });

  it('rate_limit_disabled lifts the lock', async () => {
    const demo = await Demo.start({ REGSTACK_RATE_LIMIT_DISABLED: 'true' });
    const email = someone();
    for (let n = 0; n < 8; n++) {
      expect((await demo.call('POST', '/login', { email, password: 'wrong-password' })).status).toBe(401);
    }
    await demo.stop();
  });

  it('a session ends at the end of its time', async () => {
    const demo = await Demo.start({ REGSTACK_JWT_TTL_SECONDS: '1', REGSTACK_REQUIRE_VERIFICATION: 'false' });
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    const { json } = await demo.call('POST', '/login', { email, password: PASSWORD });
    expect(json.expires_in).toBe(1);
    const token = json.access_token as string;
    const begin = Date.now();
    while ((await demo.call('GET', '/me', undefined, { token })).status === 200)
      expect(Date.now() - begin).toBeLessThan(2500);
    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(401);
    await demo.stop();
  });
});
