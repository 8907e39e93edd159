import { setTimeout as delay } from 'node:timers/promises';
import { BlackHole } from '../support/black-hole';
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

/** Messages that wait, and those who ask at a time. */
const QUEUED = 200;
const CLIENTS = 8;
const KILLS = 5;
/** The longest a message waits for its next attempt, and time to send them all. */
const PATIENCE_MS = 90_000;

describe('the outbox with hundreds of mails that cannot be sent', () => {
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

  /** Each causes a mail; every answer is the usual one. */
  const registerAll = async (demo: Demo): Promise<readonly string[]> => {
    const emails = Array.from({ length: QUEUED }, () => someone());
    const left = [...emails];
    await parallel(CLIENTS, async () => {
      for (let email = left.pop(); email !== undefined; email = left.pop()) {
        const { status } = await demo.call('POST', '/register', { email, password: PASSWORD });
        expect(status).toBe(201);
      }
    });
    return emails;
  };

  const until = async (what: string, holds: () => boolean): Promise<void> => {
    const deadline = Date.now() + PATIENCE_MS;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error(`${what}: not after ${PATIENCE_MS / 1000} s`);
      await delay(10);
    }
  };

  /** Of all that came, how many there are of each. */
  const arrived = (): { readonly recipients: Set<string>; readonly ids: Set<string> } => ({
    recipients: new Set(smtp.mails.flatMap(({ to }) => to)),
    ids: new Set(smtp.mails.map(({ messageId }) => messageId)),
  });
  const allArrive = (emails: readonly string[]): Promise<void> =>
    until(`${emails.length} mails`, () => arrived().recipients.size === emails.length);

  it.each<[outage: string, begin: () => Promise<(() => Promise<void>) | undefined>]>([
    ['refuses connections', async () => (await smtp.down(), () => smtp.up())],
    [
      'takes connections and never greets',
      async () => {
        await smtp.down();
        const hole = await BlackHole.open(smtp.port);
        return async () => {
          await hole.close();
          await smtp.up();
        };
      },
    ],
    [
      'refuses every mail for now',
      async () => {
        smtp.reply = 451;
        return async () => void (smtp.reply = 250);
      },
    ],
  ])(
    'W52: while the server %s requests are answered, and then every mail comes, once',
    async (_, begin) => {
      const end = await begin();
      const demo = await Demo.start(settings);
      const emails = await registerAll(demo);
      expect(smtp.mails).toEqual([]);
      await end!();
      await allArrive(emails);
      await demo.stop();
      expect(smtp.mails).toHaveLength(QUEUED);
      expect(arrived().ids.size).toBe(QUEUED);
      expect(arrived().recipients).toEqual(new Set(emails));
    },
    120_000,
  );

  it('G08: killed in the middle of sending, again and again: none is lost, and at most one a kill comes twice', async () => {
    // Behind it all but a few have never been tried, and are due at once.
    await smtp.down();
    const hole = await BlackHole.open(smtp.port);
    let demo = await Demo.start(settings);
    const emails = await registerAll(demo);
    await demo.kill();
    await hole.close();
    await smtp.up();
    for (let kills = 1; kills <= KILLS; kills++) {
      demo = await Demo.start(settings);
      const enough = (QUEUED / (KILLS + 1)) * kills;
      await until(`mail number ${enough}`, () => smtp.mails.length >= enough);
      await demo.kill();
    }
    demo = await Demo.start(settings);
    await allArrive(emails);
    await demo.stop();
    expect(arrived().recipients).toEqual(new Set(emails));
    expect(smtp.mails.length - arrived().ids.size).toBeLessThanOrEqual(KILLS);
  }, 120_000);
});
