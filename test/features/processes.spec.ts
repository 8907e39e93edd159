import {
  Demo,
  type DemoEnv,
  freshDatabase,
  freshSecret,
  parallel,
  PASSWORD,
  SLOW_HASH,
  smtpEnv,
  someone,
} from '../support/demo';
import { FakeSmsGateway, smsEnv } from '../support/fake-sms-gateway';
import { FakeSmtp } from '../support/fake-smtp';
import { confirm, enrolPhone, signIn } from '../support/second-factor';

describe('several processes on one database', () => {
  let smtp: FakeSmtp;
  let settings: DemoEnv;
  beforeEach(async () => {
    smtp = await FakeSmtp.start();
    settings = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
  });
  afterEach(() => smtp.down());

  it('G03 (15): four that boot at once on an empty database all start', async () => {
    const demos = await parallel(4, () => Demo.start(settings));
    const { token } = await demos[0]!.member(smtp);
    const answers = await Promise.all(demos.map((demo) => demo.call('GET', '/me', undefined, { token })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await Promise.all(demos.map((demo) => demo.stop()));
  });

  it('R54, R15: logout and lockout hold across them', async () => {
    settings = { ...settings, ...SLOW_HASH };
    const demos = [await Demo.start(settings), await Demo.start(settings)] as const;
    const { email, token } = await demos[0].member(smtp);
    expect((await demos[1].call('GET', '/me', undefined, { token })).status).toBe(200);
    await demos[0].call('POST', '/logout', undefined, { token });
    expect((await demos[1].call('GET', '/me', undefined, { token })).status).toBe(401);

    const answers = await parallel(100, (n) =>
      demos[n % 2]!.call('POST', '/login', {
        email,
        password: n === 2 ? PASSWORD : `wrong-guess-number-${n}`,
      }),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(401) + count(200), count(429)]).toEqual([5, 95]);
    await Promise.all(demos.map((demo) => demo.stop()));
  });

  it('G03 (1): one link × 32 over both makes one user', async () => {
    const demos = [await Demo.start(settings), await Demo.start(settings)] as const;
    const email = someone();
    await demos[0].call('POST', '/register', { email, password: PASSWORD });
    const token = await smtp.tokenTo(email);
    const answers = await parallel(32, (n) => demos[n % 2]!.call('POST', '/verify', { token }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(31);
    await Promise.all(demos.map((demo) => demo.stop()));
  });

  it('R54: a sign-in that begins at one goes on at another, once over both', async () => {
    const gateway = await FakeSmsGateway.start();
    const demos = await parallel(2, () => Demo.start({ ...settings, ...smsEnv(gateway) }));
    const { email, token } = await demos[0]!.member(smtp);
    const number = await enrolPhone(demos[1]!, gateway, token);
    const begun = await signIn(demos[0]!, email);
    expect(begun.json).toMatchObject({ status: 'mfa_required', delivery: 'sms' });
    const code = await gateway.codeTo(number, 2);
    const answer = await confirm(begun, demos[1]!, code);
    const session = { token: answer.json.access_token as string };
    for (const demo of demos)
      expect((await demo.call('GET', '/me', undefined, session)).json.email).toBe(email);

    const next = await signIn(demos[1]!, email);
    const second = await gateway.codeTo(number, 3);
    const answers = await parallel(16, (n) => confirm(next, demos[n % 2]!, second));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 400, 429].includes(status))).toBe(true);
    await Promise.all(demos.map((demo) => demo.stop()));
    await gateway.down();
    expect(gateway.to(number)).toHaveLength(3);
  });

  it('G06: killed at random moments under load, nothing that was acknowledged is lost and no request gets a 5xx', async () => {
    const ledger = { registered: [] as string[], members: [] as string[], tokens: [] as string[] };
    // Eight clients sign in to one account at once: the lock is not what this is about.
    settings = { ...settings, REGSTACK_RATE_LIMIT_DISABLED: 'true' };
    for (let round = 0; round < 4; round++) {
      const demo = await Demo.start(settings);
      const statuses: number[] = [];
      let killed = false;
      const work = parallel(8, async () => {
        while (!killed) {
          const email = someone();
          const registered = await demo.call('POST', '/register', { email, password: PASSWORD });
          statuses.push(registered.status);
          if (registered.status === 201) ledger.registered.push(email);
          const known = ledger.members.at(-1);
          if (known !== undefined) {
            const { status, json } = await demo.call('POST', '/login', { email: known, password: PASSWORD });
            statuses.push(status);
            if (status === 200) ledger.tokens.push(json.access_token as string);
          }
          const token = await smtp.tokenTo(email);
          const verified = await demo.call('POST', '/verify', { token });
          statuses.push(verified.status);
          if (verified.status === 200) ledger.members.push(email);
        }
      }).catch((error: Error) => {
        // What a kill cuts off in the middle of a request is no failure; anything else is.
        if (!killed) throw error;
      });
      const enough = async (): Promise<void> => {
        while (ledger.members.length < (round + 1) * 5 && !killed)
          await new Promise((next) => setTimeout(next, 5));
      };
      await Promise.race([enough(), work]);
      killed = true;
      await demo.kill();
      await work;
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    }

    const demo = await Demo.start(settings);
    for (const email of ledger.registered) await smtp.waitFor(email);
    for (const token of ledger.tokens) {
      expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(200);
    }
    for (const email of ledger.members) {
      expect((await demo.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
    }
    await demo.stop();
  }, 120_000);
});
