import { type Answer, Demo, parallel, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { MongoServer } from '../support/servers/mongo.server';
import { PostgresServer } from '../support/servers/postgres.server';
import { describeOn } from '../support/stores';

/** A server of this suite's own, which it may stop. */
type Server = PostgresServer | MongoServer;
const SERVERS: Readonly<Record<'postgres' | 'mongo', () => Promise<readonly [Server, string]>>> = {
  postgres: async () => {
    const server = await PostgresServer.start();
    return [server, await server.createDatabase()];
  },
  mongo: async () => {
    const server = await MongoServer.start();
    return [server, server.url('outage')];
  },
};
/** No answer may take longer; of a whole burst on a busy machine the last one may. */
const IN_TIME_MS = 3000;
const BURST_MS = 4500;

describeOn(['postgres', 'mongo'], 'R63, G07: the database does not answer', (store) => {
  let server: Server;
  let smtp: FakeSmtp;
  let demo: Demo;
  let member: { email: string; token: string };

  beforeAll(async () => {
    const [started, url] = await SERVERS[store]();
    server = started;
    smtp = await FakeSmtp.start();
    demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_DATABASE_URL: url });
    member = await demo.member(smtp);
  });
  afterAll(async () => {
    await demo.stop();
    await server.dispose();
    await smtp.down();
  });

  const login = () => demo.call('POST', '/login', { email: member.email, password: PASSWORD });
  const me = () => demo.call('GET', '/me', undefined, { token: member.token });

  /** One call of every kind at once: all are refused; answers how long the slowest took. */
  async function whileDown(): Promise<number> {
    const begin = Date.now();
    const times: number[] = [];
    const timed = async (call: Promise<Answer>): Promise<Answer> => {
      const answer = await call;
      times.push(Date.now() - begin);
      return answer;
    };
    const answers = await parallel(24, (n) =>
      timed(
        [
          () => me(),
          () => login(),
          () => demo.call('POST', '/register', { email: someone(), password: PASSWORD }),
          () => demo.call('POST', '/logout', undefined, { token: member.token }),
          () => demo.call('POST', '/verify', { token: 'A'.repeat(43) }),
          () => demo.call('GET', '/orders', undefined, { token: member.token }),
        ][n % 6]!(),
      ),
    );
    for (const { status, headers, json } of answers)
      expect([status, json?.code, headers.get('retry-after')]).toEqual([503, 'service.unavailable', '1']);
    return Math.max(...times);
  }

  /** Service comes back by itself: how soon, at most. */
  async function untilBack(): Promise<void> {
    const deadline = Date.now() + 10_000;
    while ((await me()).status !== 200) if (Date.now() > deadline) throw new Error(`not back: ${demo.log}`);
    expect((await login()).status).toBe(200);
    const email = someone();
    expect((await demo.call('POST', '/register', { email, password: PASSWORD })).status).toBe(201);
    const token = await smtp.tokenTo(email);
    expect((await demo.call('POST', '/verify', { token })).status).toBe(200);
  }

  it('gone: 503 with Retry-After at once, nobody is let in; after its return all is well without a restart', async () => {
    await server.stop();
    expect(await whileDown()).toBeLessThan(BURST_MS);
    expect((await demo.call('GET', '/me')).status).toBe(401);
    await server.restart();
    await untilBack();
  });

  it('frozen, its connections open: 503 within three seconds, and all is well when it goes on', async () => {
    await server.freeze();
    const begin = Date.now();
    expect((await me()).status).toBe(503);
    expect(Date.now() - begin).toBeLessThan(IN_TIME_MS);
    expect(await whileDown()).toBeLessThan(BURST_MS);
    expect(await whileDown()).toBeLessThan(BURST_MS);
    await server.thaw();
    await untilBack();
  });

  it('restarted between two requests: one refusal at most', async () => {
    expect((await me()).status).toBe(200);
    await server.restart();
    const answers = [await me(), await me(), await me()];
    expect(answers.filter(({ status }) => status !== 200).length).toBeLessThanOrEqual(1);
    await untilBack();
  });
});
