import { Installation } from '../support/cli/installation';
import { PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

const [DONE, REFUSED] = [0, 1];

interface Message {
  readonly id: string;
  readonly recipient: string;
}

describe('regstack outbox', () => {
  let app: Installation;
  let smtp: FakeSmtp;
  beforeAll(async () => {
    app = await Installation.on('sqlite');
    smtp = await FakeSmtp.start();
  });
  afterAll(async () => {
    await smtp.down();
    await app.remove();
  });

  const messages = async (...args: string[]): Promise<readonly Message[]> => {
    const { code, stdout } = await app.run(['outbox', 'list', '--json', ...args]);
    expect(code).toBe(DONE);
    return JSON.parse(stdout) as Message[];
  };

  it('lists what was given up, without what it says, and has it sent again by the app', async () => {
    const email = someone();
    smtp.reply = 550;
    let demo = await app.startDemo(smtpEnv(smtp));
    await demo.call('POST', '/register', { email, password: PASSWORD });
    await demo.logged('given up');
    await demo.stop();
    smtp.reply = 250;

    const [dead, ...more] = await messages('--state', 'dead');
    expect([dead, more]).toEqual([
      expect.objectContaining({ state: 'dead', channel: 'mail', recipient: `${email[0]}…@example.org` }),
      [],
    ]);
    expect(await messages('--state', 'sent')).toEqual([]);
    const { stdout } = await app.run(['outbox', 'list']);
    expect(stdout).toContain(dead!.id);
    expect(stdout).not.toContain(email);

    const retried = await app.run(['outbox', 'retry', dead!.id]);
    expect([retried.code, retried.stderr]).toEqual([DONE, '']);
    expect(await messages('--state', 'queued')).toHaveLength(1);
    expect(smtp.to(email)).toEqual([]);
    demo = await app.startDemo(smtpEnv(smtp));
    await smtp.waitFor(email);
    await demo.stop();
    const again = await app.run(['outbox', 'retry', dead!.id]);
    expect([again.code, again.stderr]).toEqual([REFUSED, 'This message was sent already.\n']);
  });

  it('says that there is no such message', async () => {
    const { code, stderr } = await app.run(['outbox', 'retry', 'x']);
    expect([code, stderr]).toEqual([REFUSED, 'There is no such message.\n']);
  });
});
