import { Demo, freshDatabase, freshSecret, PASSWORD, smtpEnv } from '../support/demo';
import { codeIn, FakeSmsGateway, type GatewayMode, smsEnv } from '../support/fake-sms-gateway';
import { FakeSmtp } from '../support/fake-smtp';
import { aNumber, confirm, enrolPhone, signIn } from '../support/second-factor';

/** A login that waited for a gateway would take longer: it answers within its time-out of 20 s at best. */
const AT_ONCE_MS = 3000;

const WAITING = {
  status: 'mfa_required',
  mfa_pending_token: expect.any(String),
  expires_in: 600,
  delivery: 'sms',
  methods: ['sms'],
};

describe('codes by SMS, through a gateway', () => {
  let smtp: FakeSmtp;
  let gateway: FakeSmsGateway;
  let demo: Demo;
  let member: { readonly email: string; readonly token: string };
  let number: string;
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
    gateway = await FakeSmsGateway.start('/proxy');
    demo = await Demo.start({ ...smtpEnv(smtp), ...smsEnv(gateway) });
  });
  beforeEach(async () => {
    member = await demo.member(smtp);
    number = await enrolPhone(demo, gateway, member.token);
  });
  afterAll(async () => {
    await demo.stop();
    await gateway.down();
    await smtp.down();
  });

  it('a number is enrolled, a sign-in waits for its code, and goes on with it once', async () => {
    const me = await demo.call('GET', '/me', undefined, member);
    expect([me.json.phone_number, me.json.is_mfa_enabled]).toEqual([number, true]);

    const begun = await signIn(demo, member.email);
    expect([begun.status, begun.json]).toEqual([200, WAITING]);
    expect(begun.headers.getSetCookie()).toEqual([]);
    const code = await gateway.codeTo(number, 2);
    expect(gateway.to(number)[1]).toEqual({
      to: number,
      from: '+4915100000000',
      body: `${code} is your code to sign in to RegStack demo. It can be used for 5 minutes. Tell it to nobody.`,
    });
    const done = await confirm(begun, demo, code);
    expect([done.status, done.json.token_type]).toEqual([200, 'bearer']);
    const orders = await demo.call('GET', '/orders', undefined, { token: done.json.access_token as string });
    expect([orders.status, orders.json.customer]).toEqual([200, member.email]);
    const again = await confirm(begun, demo, code);
    expect([again.status, again.json.code]).toEqual([400, 'mfa.challenge_expired']);
  });

  it.each<[string, GatewayMode | null]>([
    ['down', null],
    ['slow', 'never'],
    ['cutting connections', 'cut'],
    ['broken', { status: 500 }],
    ['closed', { status: 503 }],
    ['busy', { status: 429, code: 20_429 }],
    ['not letting us in', { status: 401, code: 20_003 }],
  ])('R50: with the gateway %s a sign-in waits at once, and its code comes later', async (_, mode) => {
    const from = demo.log.length;
    if (mode) gateway.mode = mode;
    else await gateway.down();
    const before = gateway.requests.length;

    const begin = Date.now();
    const begun = await signIn(demo, member.email);
    expect(Date.now() - begin).toBeLessThan(AT_ONCE_MS);
    expect([begun.status, begun.json]).toEqual([200, WAITING]);
    if (mode) await gateway.asked(before + 1);
    if (mode !== 'never') await demo.logged('outbox: sms-sign-in', from);
    const guess = await confirm(begun, demo, '000000x');
    expect([guess.status, guess.json.access_token]).toEqual([400, undefined]);
    expect(gateway.to(number)).toHaveLength(1);

    if (!mode) await gateway.up();
    gateway.release();
    const done = await confirm(begun, demo, await gateway.codeTo(number, 2));
    expect([done.status, done.json.token_type]).toEqual([200, 'bearer']);
    expect(gateway.to(number)).toHaveLength(2);
  });

  it('R50: a text that is refused for good is a dead letter, logged without its content; a new code can be asked for', async () => {
    gateway.mode = { status: 400, code: 21_211 };
    const begun = await signIn(demo, member.email);
    expect([begun.status, begun.json]).toEqual([200, WAITING]);
    await demo.logged('(SmsRejectedError 21211 400), given up');

    gateway.mode = 'accept';
    const { mfa_pending_token } = begun.json as { mfa_pending_token: string };
    expect((await demo.call('POST', '/login/mfa-resend', { mfa_pending_token })).status).toBe(202);
    expect((await confirm(begun, demo, await gateway.codeTo(number, 2))).status).toBe(200);
  });

  it('W39: of all that, the log tells no number, no code and no token', () => {
    expect(demo.log).toMatch(/outbox: sms-sign-in .* will be tried again/);
    for (const { to, body } of gateway.requests) {
      expect(demo.log).not.toContain(to);
      expect(demo.log).not.toMatch(new RegExp(`\\b${codeIn(body)}\\b`));
    }
    expect(demo.log).not.toContain(gateway.authToken);
  });

  it('W40: what the demo prints in development it does not in production, though SMS were switched off there', async () => {
    const kept = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
    let printing = await Demo.start(kept);
    const { email, token } = await printing.member(smtp);
    const body = { phone_number: aNumber(), current_password: PASSWORD };
    const { json: setup } = await printing.call('POST', '/phone/start', body, { token });
    await printing.logged('Tell it to nobody.');
    const [, code] = new RegExp(`SMS to \\${body.phone_number}\\n\\n(\\d{6}) `).exec(printing.log)!;
    const confirmation = { pending_token: setup.pending_token as string, code };
    expect((await printing.call('POST', '/phone/confirm', confirmation, { token })).status).toBe(200);
    await printing.stop();

    printing = await Demo.start({
      ...kept,
      NODE_ENV: 'production',
      REGSTACK_BASE_URL: 'https://app.example.org',
    });
    expect((await signIn(printing, email)).json).toEqual(WAITING);
    await printing.logged('(Error SMS_BACKEND_IS_CONSOLE), will be tried again');
    await printing.stop();
    expect(printing.log).not.toContain(body.phone_number);
    expect(printing.log).not.toMatch(/is your code/);
  });
});
