import { Demo, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

describe('mail by SMTP', () => {
  it('signs in to the server, and names the sender as the settings say', async () => {
    const smtp = await FakeSmtp.start({ user: 'mailer', pass: 'smtp-canary-secret' });
    const demo = await Demo.start({
      ...smtpEnv(smtp),
      REGSTACK_EMAIL__SMTP_USERNAME: 'mailer',
      REGSTACK_EMAIL__SMTP_PASSWORD: 'smtp-canary-secret',
      REGSTACK_EMAIL__FROM_NAME: 'Plum & Co',
    });
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    const { raw } = await smtp.waitFor(email);
    expect(raw).toMatch(/^From: "?Plum & Co"? <noreply@example\.org>\r$/m);
    expect(demo.log).not.toContain('smtp-canary-secret');
    await demo.stop();
    await smtp.down();
  });

  it('a wrong password for the server is tried again: it is our own mistake, and may be mended', async () => {
    const smtp = await FakeSmtp.start({ user: 'mailer', pass: 'right' });
    const demo = await Demo.start({
      ...smtpEnv(smtp),
      REGSTACK_EMAIL__SMTP_USERNAME: 'mailer',
      REGSTACK_EMAIL__SMTP_PASSWORD: 'wrong',
    });
    await demo.call('POST', '/register', { email: someone(), password: PASSWORD });
    await demo.logged('EAUTH');
    expect(demo.log).toContain('will be tried again');
    await demo.stop();
    await smtp.down();
  });

  it('W53: starttls is required, not offered: a server without it gets no mail in clear', async () => {
    const smtp = await FakeSmtp.start();
    const demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_EMAIL__SMTP_TLS: 'starttls' });
    await demo.call('POST', '/register', { email: someone(), password: PASSWORD });
    await demo.logged('will be tried again');
    expect(smtp.mails).toEqual([]);
    await demo.stop();
    await smtp.down();
  });

  it.each(['starttls', 'implicit'] as const)('%s: the mail travels over TLS', async (tls) => {
    const smtp = await FakeSmtp.start(null, tls);
    // The fake server's certificate is signed by nobody; that it must be, is the default of Node.
    const trusting = { ...smtpEnv(smtp), REGSTACK_EMAIL__SMTP_TLS: tls, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const demo = await Demo.start(trusting);
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    expect((await smtp.waitFor(email)).secure).toBe(true);
    await demo.stop();

    const strict = await Demo.start({ ...trusting, NODE_TLS_REJECT_UNAUTHORIZED: '1' });
    await strict.call('POST', '/register', { email: someone(), password: PASSWORD });
    await strict.logged('will be tried again');
    expect(smtp.mails).toHaveLength(1);
    await strict.stop();
    await smtp.down();
  });
});
