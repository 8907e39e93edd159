import { statSync } from 'node:fs';
import { Installation } from '../support/cli/installation';
import { secretsOf } from '../support/cli/secrets-of';
import { type Demo, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { appCode, confirm, enrolApp, signIn } from '../support/second-factor';
import { describeOn } from '../support/stores';

const [DONE, REFUSED] = [0, 1];

describeOn(['sqlite', 'postgres', 'mongo'], 'regstack rotate-secret', (store) => {
  let app: Installation;
  let smtp: FakeSmtp;
  const rotate = (...more: string[]) => app.run(['rotate-secret', ...more]);
  beforeEach(async () => {
    app = await Installation.on(store);
    smtp = await FakeSmtp.start();
  });
  afterEach(async () => {
    await smtp.down();
    await app.remove();
  });

  it('changes the secret of an app whose users have second factors and whose mails wait, and ends the old one in time', async () => {
    const email = someone();
    let demo = await app.startDemo(smtpEnv(smtp));
    const { token } = await demo.member(smtp, email);
    const secret = await enrolApp(demo, token);
    await smtp.down();
    await demo.call('POST', '/forgot-password', { email });
    await demo.stop();
    const old = secretsOf(app.secrets()).current;

    const rotated = await rotate();
    expect([rotated.code, rotated.stderr]).toEqual([DONE, '']);
    expect(rotated.stdout).toContain('encrypted anew: 1 secret(s) of authenticator apps, ');
    const { current, previous } = secretsOf(app.secrets());
    expect([current.length, current === old, previous]).toEqual([64, false, [old]]);
    expect(app.secrets().startsWith('# kept\n')).toBe(true);
    expect(statSync(app.secretsFile).mode & 0o777).toBe(0o600);

    const tooEarly = await rotate('--step', 'drop');
    expect(tooEarly.code).toBe(REFUSED);
    expect(tooEarly.stderr).toContain('the recovery codes of 1 user(s) end with it');
    expect(secretsOf(app.secrets()).previous).toEqual([old]);

    await smtp.up();
    demo = await app.startDemo(smtpEnv(smtp));
    await smtp.waitFor(email, 3);
    const { json } = await confirm(await signIn(demo, email), demo, appCode(secret, 0));
    const codes = await newRecoveryCodes(demo, json.access_token as string, appCode(secret, 1));
    await demo.stop();

    const dropped = await rotate('--step', 'drop');
    expect([dropped.code, dropped.stderr]).toEqual([DONE, '']);
    expect(app.secrets()).toBe(`# kept\nREGSTACK_JWT_SECRET=${current}\n`);
    demo = await app.startDemo(smtpEnv(smtp));
    const step = await signIn(demo, email);
    const body = { mfa_pending_token: step.json.mfa_pending_token as string, code: codes[0]! };
    const last = await demo.call('POST', '/login/mfa-confirm', { ...body, method: 'recovery_code' });
    expect(last.status).toBe(200);
    await demo.stop();
    for (const { stdout, stderr } of [rotated, tooEarly, dropped])
      for (const one of [old, current]) expect(stdout + stderr).not.toContain(one);
  });
});

async function newRecoveryCodes(demo: Demo, token: string, code: string): Promise<readonly string[]> {
  const body = { current_password: PASSWORD, code };
  const { json } = await demo.call('POST', '/mfa/recovery-codes', body, { token });
  return json.recovery_codes as readonly string[];
}
