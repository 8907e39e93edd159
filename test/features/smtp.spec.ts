import { Demo, PASSWORD, smtpEnv, someone } from '../support/demo';
import { CERTIFICATE, FakeSmtp } from '../support/fake-smtp';

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

  it.each(['starttls', 'implicit'] as const)(
    'W53: %s: the mail travels over TLS, to a server whose name somebody trusted vouches for',
    async (tls) => {
      const login = { user: 'mailer', pass: 'smtp-canary-secret' };
      const smtp = await FakeSmtp.start(login, tls);
      const trusting = {
        ...smtpEnv(smtp),
        REGSTACK_EMAIL__SMTP_HOST: 'localhost',
        REGSTACK_EMAIL__SMTP_TLS: tls,
        REGSTACK_EMAIL__SMTP_USERNAME: login.user,
        REGSTACK_EMAIL__SMTP_PASSWORD: login.pass,
        NODE_EXTRA_CA_CERTS: CERTIFICATE,
      };
      const demo = await Demo.start(trusting);
      const email = someone();
      await demo.call('POST', '/register', { email, password: PASSWORD });
      expect((await smtp.waitFor(email)).secure).toBe(true);
      await demo.stop();

      const wrong = [
        ['SELF_SIGNED_CERT', { NODE_EXTRA_CA_CERTS: undefined }],
        ['ERR_TLS_CERT_ALTNAME_INVALID', { REGSTACK_EMAIL__SMTP_HOST: '127.0.0.1' }],
      ] as const;
      for (const [code, env] of wrong) {
        const strict = await Demo.start({ ...trusting, ...env });
        await strict.call('POST', '/register', { email: someone(), password: PASSWORD });
        await strict.logged('will be tried again');
        expect(strict.log).toContain(code);
        await strict.stop();
      }
      expect([smtp.mails.length, smtp.logins]).toEqual([1, 1]);
      await smtp.down();
    },
  );
});
