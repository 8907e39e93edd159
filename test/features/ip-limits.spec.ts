import {
  type Answer,
  Demo,
  type DemoEnv,
  freshDatabase,
  freshSecret,
  parallel,
  PASSWORD,
  smtpEnv,
  someone,
} from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

const LIMIT = 3;
const LIMITED: DemoEnv = { REGSTACK_LOGIN_MAX_PER_MINUTE: String(LIMIT) };

/** A login with a wrong password, to an account that nobody has guessed at yet. */
const guess = (demo: Demo, forwardedFor?: string): Promise<Answer> =>
  demo.call(
    'POST',
    '/login',
    { email: someone(), password: 'this-is-not-the-one' },
    forwardedFor === undefined ? {} : { headers: { 'x-forwarded-for': forwardedFor } },
  );

/** Statuses of guesses, one after the other, that say to come from these addresses. */
async function statuses(demo: Demo, forwardedFor: readonly (string | undefined)[]): Promise<number[]> {
  const answers = [];
  for (const one of forwardedFor) answers.push((await guess(demo, one)).status);
  return answers;
}

const EVALUATED = Array<number>(LIMIT).fill(401);

const retryAfter = ({ headers }: Answer): number => Number(headers.get('retry-after'));

describe('logins per IP prefix', () => {
  let smtp: FakeSmtp;
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
  });
  afterAll(() => smtp.down());

  it('R15, R18: of 32 parallel logins over two processes exactly the limit is evaluated', async () => {
    const settings = {
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
      REGSTACK_LOGIN_MAX_PER_MINUTE: '10',
    };
    const demos = await parallel(2, () => Demo.start(settings));
    const answers = await parallel(32, (n) => guess(demos[n % 2]!));
    const refused = answers.filter(({ status }) => status === 429);
    expect([answers.filter(({ status }) => status === 401).length, refused.length]).toEqual([10, 22]);
    for (const answer of refused) {
      expect(retryAfter(answer)).toBeGreaterThan(0);
      expect(retryAfter(answer)).toBeLessThanOrEqual(60);
    }
    await Promise.all(demos.map((demo) => demo.stop()));
  });

  describe('without a proxy', () => {
    let demo: Demo;
    beforeEach(async () => {
      demo = await Demo.start({ ...smtpEnv(smtp), ...LIMITED });
    });
    afterEach(() => demo.stop());

    it('R19: X-Forwarded-For opens no other bucket', async () => {
      const spoofed = ['198.51.100.1', '198.51.100.2', '2001:db8::1', '198.51.100.3', undefined];
      expect(await statuses(demo, spoofed)).toEqual([...EVALUATED, 429, 429]);
    });

    it('R21: a success counts like a guess, and frees nothing', async () => {
      const { email } = await demo.member(smtp);
      const signIn = () => demo.call('POST', '/login', { email, password: PASSWORD });
      expect([(await signIn()).status, (await signIn()).status]).toEqual([200, 200]);
      expect([(await signIn()).status, (await guess(demo)).status]).toEqual([429, 429]);
    });

    it('a refusal tells what the lockout tells, and no answer how many are left', async () => {
      const first = await guess(demo);
      expect([...first.headers.keys()].filter((name) => /ratelimit|retry/.test(name))).toEqual([]);
      for (let n = 1; n < LIMIT; n++) await guess(demo);
      const ofAddress = await guess(demo);

      const locking = await Demo.start({ REGSTACK_LOGIN_LOCKOUT_THRESHOLD: '1' });
      const email = someone();
      const login = () => locking.call('POST', '/login', { email, password: 'this-is-not-the-one' });
      await login();
      const ofLockout = await login();
      await locking.stop();

      const { request_id: _, ...body } = ofLockout.json;
      expect(body).toMatchObject({ status: 429, code: 'login.locked' });
      expect(ofAddress.json).toEqual({ ...body, request_id: expect.any(String) });
      expect([...ofAddress.headers.keys()]).toEqual([...ofLockout.headers.keys()]);
    });

    it('only logins are limited so: a refused client registers, and its sessions go on', async () => {
      const { token } = await demo.member(smtp);
      expect(await statuses(demo, Array(LIMIT))).toEqual([401, 401, 429]);
      expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(200);
      expect((await demo.call('POST', '/register', { email: someone(), password: PASSWORD })).status).toBe(
        201,
      );
    });
  });

  describe('behind one proxy', () => {
    let demo: Demo;
    beforeAll(async () => {
      demo = await Demo.start({ ...LIMITED, REGSTACK_TRUSTED_PROXIES: '1' });
    });
    afterAll(() => demo.stop());

    it('R19: the rightmost entry decides, whatever a client has written before it', async () => {
      const own = ['1.1.1.1, 198.51.100.1', '2.2.2.2,198.51.100.1', 'x, 198.51.100.1', '198.51.100.1:443'];
      expect(await statuses(demo, own)).toEqual([...EVALUATED, 429]);
      // Neither those that it named, nor another client, pay for it.
      expect(await statuses(demo, ['1.1.1.1', '2.2.2.2', '198.51.100.1, 198.51.100.2'])).toEqual(EVALUATED);
    });

    it('R18: an IPv6 client is its /64, in every spelling', async () => {
      const one = ['2001:db8:0:1::1', '2001:DB8:0:1:ffff::', '[2001:0db8::1:0:0:0.0.0.9]:443'];
      expect(await statuses(demo, [...one, '2001:db8:0:1:2:3:4:5'])).toEqual([...EVALUATED, 429]);
      expect((await guess(demo, '2001:db8:0:2::1')).status).toBe(401);
    });

    it('R18: IPv4 inside IPv6 is the IPv4 client', async () => {
      const spellings = ['198.51.100.7', '::ffff:198.51.100.7', '::ffff:c633:6407', '198.51.100.7'];
      expect(await statuses(demo, spellings)).toEqual([...EVALUATED, 429]);
    });

    it('R19: entries that cannot be read count as the proxy', async () => {
      expect(await statuses(demo, ['unknown', '_hidden', '127.0.0.1', ''])).toEqual([...EVALUATED, 429]);
    });
  });
});
