import { Demo, PASSWORD, smtpEnv } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { appCode, confirm, signIn } from '../support/second-factor';

describe('codes of an authenticator app', () => {
  it('R49: an app is enrolled over HTTP; a sign-in takes each of its codes once, or a recovery code', async () => {
    const smtp = await FakeSmtp.start();
    const demo = await Demo.start(smtpEnv(smtp));
    const { email, token } = await demo.member(smtp);
    const password = { current_password: PASSWORD };
    const { json: setup } = await demo.call('POST', '/mfa/totp/start', password, { token });
    expect(setup).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      otpauth_uri: expect.stringMatching(/^otpauth:\/\/totp\//),
      qr_svg: expect.stringMatching(/^<svg/),
      pending_token: expect.any(String),
      expires_in: 600,
    });
    const { secret, pending_token } = setup as { secret: string; pending_token: string };
    // The step before this one, so that two are left.
    const first = { pending_token, code: appCode(secret, -1) };
    const enrolled = await demo.call('POST', '/mfa/totp/confirm', first, { token });
    expect([enrolled.status, enrolled.json.recovery_codes.length]).toEqual([200, 10]);
    const [recoveryCode] = enrolled.json.recovery_codes as string[];

    const begun = await signIn(demo, email);
    expect([begun.status, begun.json]).toEqual([
      200,
      {
        status: 'mfa_required',
        mfa_pending_token: expect.any(String),
        expires_in: 600,
        delivery: 'totp',
        methods: ['totp', 'recovery_code'],
      },
    ]);
    const code = appCode(secret, 1);
    const done = await confirm(begun, demo, code);
    expect(done.status).toBe(200);
    const orders = await demo.call('GET', '/orders', undefined, { token: done.json.access_token as string });
    expect([orders.status, orders.json.customer]).toEqual([200, email]);

    const replayed = await confirm(await signIn(demo, email), demo, code);
    expect([replayed.status, replayed.json.code]).toEqual([400, 'mfa.code_wrong']);
    expect((await confirm(await signIn(demo, email), demo, recoveryCode!)).status).toBe(200);
    const used = await confirm(await signIn(demo, email), demo, recoveryCode!);
    expect([used.status, used.json.code]).toEqual([400, 'mfa.code_wrong']);
    await demo.stop();
    await smtp.down();
    for (const one of [secret, recoveryCode!]) expect(demo.log).not.toContain(one);
  });
});
