import { setTimeout as delay } from 'node:timers/promises';
import {
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

const CLIENTS = 8;

/** What a load balancer does: sends each request to a process that is in rotation, and takes one out before it is restarted. */
class Balancer {
  private readonly inFlight = new Map<Demo, number>();
  private turn = 0;

  constructor(
    private demos: Demo[],
    private readonly settings: DemoEnv,
  ) {}

  get processes(): readonly Demo[] {
    return this.demos;
  }

  async call(...request: Parameters<Demo['call']>): ReturnType<Demo['call']> {
    const demo = this.demos[this.turn++ % this.demos.length]!;
    this.inFlight.set(demo, (this.inFlight.get(demo) ?? 0) + 1);
    return demo.call(...request).finally(() => this.inFlight.set(demo, this.inFlight.get(demo)! - 1));
  }

  /** Restarts one process after the other with these settings. */
  async roll(changes: DemoEnv): Promise<void> {
    for (const old of [...this.demos]) {
      const fresh = await Demo.start({ ...this.settings, ...changes });
      this.demos = [...this.demos.filter((one) => one !== old), fresh];
      while ((this.inFlight.get(old) ?? 0) > 0) await delay(5);
      await old.stop();
    }
  }
}

describe('G09: a rolling change of the secret on two processes', () => {
  const [first, second] = [freshSecret(), freshSecret()];
  const keys = (secret: string, ...previous: string[]): DemoEnv => ({
    REGSTACK_JWT_SECRET: secret,
    REGSTACK_JWT_PREVIOUS_SECRETS: previous.join(','),
  });
  let smtp: FakeSmtp;
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
  });
  afterAll(() => smtp.down());

  it('under load fails no request; mails and links from before still work; the retired key is refused', async () => {
    const settings = { ...smtpEnv(smtp), REGSTACK_DATABASE_URL: await freshDatabase() };
    const start = (): Promise<Demo> => Demo.start({ ...settings, ...keys(first) });
    const balancer = new Balancer([await start(), await start()], settings);
    const members = await parallel(CLIENTS, () => balancer.processes[0]!.member(smtp));

    const tokens = members.map(({ token }) => token);
    const statuses = new Map<number, number>();
    let running = true;
    const client = async (email: string): Promise<void> => {
      for (let n = 0; running; n++) {
        await delay(5);
        const token = tokens[Math.floor(Math.random() * tokens.length)]!;
        const answer =
          n % 10 === 0
            ? await balancer.call('POST', '/login', { email, password: PASSWORD })
            : await balancer.call('GET', '/orders', undefined, { token });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.json?.access_token) tokens.push(answer.json.access_token as string);
      }
    };
    const clients = Promise.all(members.map(({ email }) => client(email)));
    // First every process learns the new secret, then every process signs with it: none meets a token that it cannot verify.
    await balancer.roll(keys(first, second));
    const waiting = someone('waiting');
    smtp.reply = 451;
    await balancer.call('POST', '/register', { email: waiting, password: PASSWORD });
    await balancer.roll(keys(second, first));
    running = false;
    await clients;
    const login = { email: members[0]!.email, password: PASSWORD };
    const latest = (await balancer.call('POST', '/login', login)).json.access_token as string;
    expect([...statuses.keys()]).toEqual([200]);
    expect(statuses.get(200)).toBeGreaterThan(500);

    smtp.reply = 250;
    const token = await smtp.tokenTo(waiting);
    expect((await balancer.call('POST', '/verify', { token })).status).toBe(200);

    await balancer.roll(keys(second));
    const passes = async (former: string): Promise<number> =>
      (await balancer.call('GET', '/orders', undefined, { token: former })).status;
    expect([await passes(tokens[0]!), await passes(latest)]).toEqual([401, 200]);
    await Promise.all(balancer.processes.map((demo) => demo.stop()));
  }, 120_000);
});
