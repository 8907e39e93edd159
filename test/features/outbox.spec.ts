import { dumpOf } from '../support/databases';
import { Demo, freshDatabase, freshSecret, parallel, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmsGateway, smsEnv } from '../support/fake-sms-gateway';
import { FakeSmtp } from '../support/fake-smtp';
import { confirm, enrolPhone, signIn } from '../support/second-factor';

describe('the outbox', () => {
  let smtp: FakeSmtp;
  beforeEach(async () => {
    smtp = await FakeSmtp.start();
  });
  afterEach(() => smtp.down());

  const register = async (demo: Demo, email = someone()): Promise<string> => {
    const { status } = await demo.call('POST', '/register', { email, password: PASSWORD });
    expect(status).toBe(201);
    return email;
  };

  it('W14, W52: with the mail server down the request is answered as usual, and the mail arrives once it is back', async () => {
    await smtp.down();
    const demo = await Demo.start(smtpEnv(smtp));
    const email = await register(demo);
    await smtp.up();
    expect((await demo.call('POST', '/verify', { token: await smtp.tokenTo(email) })).status).toBe(200);
    await demo.stop();
    expect(smtp.to(email)).toHaveLength(1);
  });

  it('each mail is handed over exactly once, with text and HTML, to the stored address only', async () => {
    const demo = await Demo.start(smtpEnv(smtp));
    const emails = await parallel(40, () => register(demo));
    for (const email of emails) await smtp.waitFor(email);
    await demo.stop();
    expect(smtp.mails).toHaveLength(40);
    expect(new Set(smtp.mails.map(({ messageId }) => messageId)).size).toBe(40);
    const [mail] = smtp.mails;
    expect([mail?.from, mail?.to.length, mail?.subject]).toEqual([
      'noreply@example.org',
      1,
      'Confirm your e-mail address for RegStack demo',
    ]);
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail?.text).toContain('The link works once, within 24 hours.');
    expect(mail?.html).toContain('Confirm your e-mail address</a>');
  });

  it('a refusal for now is tried again', async () => {
    smtp.reply = 451;
    const demo = await Demo.start(smtpEnv(smtp));
    const email = await register(demo);
    await demo.logged('will be tried again');
    smtp.reply = 250;
    await smtp.waitFor(email);
    await demo.stop();
    expect(smtp.to(email)).toHaveLength(1);
  });

  it('a refusal for good is a dead letter, logged without its content', async () => {
    smtp.reply = 550;
    const demo = await Demo.start(smtpEnv(smtp));
    const never = await register(demo);
    await demo.logged('given up');
    smtp.reply = 250;
    await smtp.waitFor(await register(demo));
    await demo.stop();
    expect(smtp.to(never)).toHaveLength(0);
    expect(demo.log).not.toContain(never);
    expect(demo.log).not.toMatch(/token=/);
  });

  it('G08: killed with mails waiting, none is lost', async () => {
    await smtp.down();
    const settings = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
    let demo = await Demo.start(settings);
    const emails = await parallel(20, () => register(demo));
    await demo.kill();
    demo = await Demo.start(settings);
    await smtp.up();
    for (const email of emails) await smtp.waitFor(email);
    await demo.stop();
    expect(smtp.mails).toHaveLength(20);
  });

  it.each(['there', 'answering'])(
    'G08: killed after a sign-in and before its code is sent, with the gateway not %s: it comes after the restart',
    async (missing) => {
      const gateway = await FakeSmsGateway.start();
      const settings = {
        ...smtpEnv(smtp),
        ...smsEnv(gateway),
        REGSTACK_JWT_SECRET: freshSecret(),
        REGSTACK_DATABASE_URL: await freshDatabase(),
      };
      let demo = await Demo.start(settings);
      const { email, token } = await demo.member(smtp);
      const number = await enrolPhone(demo, gateway, token);
      if (missing === 'there') await gateway.down();
      gateway.mode = 'never';
      const begun = await signIn(demo, email);
      expect(begun.json).toMatchObject({ status: 'mfa_required', delivery: 'sms' });
      if (missing === 'answering') await gateway.asked(2);
      await demo.kill();

      gateway.mode = 'accept';
      demo = await Demo.start(settings);
      if (missing === 'there') await gateway.up();
      expect((await confirm(begun, demo, await gateway.codeTo(number, 2))).status).toBe(200);
      await demo.stop();
      expect(gateway.to(number)).toHaveLength(2);
      await gateway.down();
    },
  );

  it('two processes share one outbox: each mail is sent once', async () => {
    const settings = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
    const demos = [await Demo.start(settings), await Demo.start(settings)] as const;
    const emails = await parallel(40, (n) => register(demos[n % 2]!));
    for (const email of emails) await smtp.waitFor(email);
    await Promise.all(demos.map((demo) => demo.stop()));
    expect(smtp.mails).toHaveLength(40);
  });

  it('R27, G16: the database holds no link, no password and no body in usable form, before and after sending', async () => {
    const database = await freshDatabase();
    await smtp.down();
    const demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_DATABASE_URL: database });
    const email = await register(demo);
    const before = await dumpOf(database);
    await smtp.up();
    const token = await smtp.tokenTo(email);
    await demo.stop();
    for (const content of [before, await dumpOf(database)]) {
      expect(content).toContain(email);
      expect(content).not.toContain(token);
      expect(content).not.toContain(PASSWORD);
      expect(content).not.toContain('Confirm your e-mail');
    }
  });
});
