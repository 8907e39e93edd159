import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Demo, freshDatabase, freshSecret, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp, linkIn } from '../support/fake-smtp';

describe('the story: register, verify, sign in, guarded route, sign out', () => {
  let smtp: FakeSmtp;
  let demo: Demo;
  const secret = freshSecret();
  let database: string;
  const env = (): Record<string, string> => ({
    ...smtpEnv(smtp),
    REGSTACK_JWT_SECRET: secret,
    REGSTACK_DATABASE_URL: database,
  });

  beforeAll(async () => {
    smtp = await FakeSmtp.start();
    database = await freshDatabase();
    demo = await Demo.start(env());
  });
  afterAll(async () => {
    await demo.stop();
    await smtp.down();
  });

  it('goes from nothing to a signed-in user and back, over HTTP', async () => {
    const email = someone('alice');
    const registered = await demo.call('POST', '/register', {
      email,
      password: PASSWORD,
      full_name: 'Alice',
    });
    expect(registered.status).toBe(201);
    expect(registered.json).toEqual({
      status: 'pending_verification',
      email,
      expires_at: expect.any(String),
    });

    const early = await demo.call('POST', '/login', { email, password: PASSWORD });
    expect([early.status, early.json.code]).toEqual([401, 'login.invalid_credentials']);

    const verified = await demo.call('POST', '/verify', { token: await smtp.tokenTo(email) });
    expect(verified.status).toBe(200);
    expect(verified.json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      email,
      is_active: true,
      is_verified: true,
      is_superuser: false,
      full_name: 'Alice',
      phone_number: null,
      is_mfa_enabled: false,
      attributes: {},
      created_at: expect.any(String),
      last_login: null,
    });

    const login = await demo.call('POST', '/login', { email: email.toUpperCase(), password: PASSWORD });
    expect(login.json).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 7200 });
    const token = login.json.access_token as string;

    const me = await demo.call('GET', '/me', undefined, { token });
    expect([me.status, me.json.email, me.json.last_login]).toEqual([200, email, expect.any(String)]);
    const orders = await demo.call('GET', '/orders', undefined, { token });
    expect([orders.status, orders.json.customer]).toEqual([200, email]);
    expect(demo.log).toContain(`user.registered: ${verified.json.id}`);
    expect(demo.log).toContain(`user.verified: ${verified.json.id}`);

    expect((await demo.call('POST', '/logout', undefined, { token })).status).toBe(200);
    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(401);
    expect((await demo.call('GET', '/orders', undefined, { token })).status).toBe(401);
    expect((await demo.call('POST', '/logout', undefined, { token })).status).toBe(401);
  });

  it('loses nothing that was acknowledged when the process is killed, and tokens keep working', async () => {
    const member = await demo.member(smtp);
    const pending = someone('pending');
    await demo.call('POST', '/register', { email: pending, password: PASSWORD });
    await demo.kill();
    demo = await Demo.start(env());
    expect((await demo.call('GET', '/me', undefined, { token: member.token })).status).toBe(200);
    expect((await demo.call('POST', '/verify', { token: await smtp.tokenTo(pending) })).status).toBe(200);
  });

  it('R33: links start with base_url, whatever the request says of its host', async () => {
    const email = someone();
    await demo.call(
      'POST',
      '/register',
      { email, password: PASSWORD },
      { headers: { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' } },
    );
    const mail = await smtp.waitFor(email);
    expect(linkIn(mail)).toMatch(new RegExp(`^${demo.url}/account/verify\\?token=[A-Za-z0-9_-]{43}$`));
    expect(mail.raw).not.toContain('evil.example');
  });

  it('app.close() ends all: no handle keeps a process alive that signed somebody in and sent mail', async () => {
    const child = spawn(process.execPath, ['-e', CLOSING_HOST], {
      cwd: join(__dirname, '../..'),
      env: {
        PATH: process.env['PATH'],
        SMTP_PORT: String(smtp.port),
        DATABASE_URL: await freshDatabase(),
      },
      stdio: 'inherit',
    });
    const code = await new Promise((done) => child.once('exit', done));
    expect(code).toBe(0);
    expect(smtp.to('closing@example.org')).toHaveLength(1);
  });
});

/** A host that registers somebody, waits for the mail to have left, closes, and does not call process.exit(). */
const CLOSING_HOST = `
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { RegStackModule } = require('@regstack/nestjs');
class App {}
Module({ imports: [RegStackModule.forRoot({
  jwtSecret: 'a secret of at least thirty-two bytes', databaseUrl: process.env.DATABASE_URL,
  email: { backend: 'smtp', smtpHost: '127.0.0.1', smtpPort: Number(process.env.SMTP_PORT), smtpTls: 'none', fromAddress: 'us@example.org' },
})] })(App);
(async () => {
  const app = await NestFactory.create(App, { logger: ['error'] });
  await app.listen(0, '127.0.0.1');
  const body = JSON.stringify({ email: 'closing@example.org', password: 'plum-Tractor-91-violet' });
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const response = await fetch(await app.getUrl() + '/api/auth/register', { method: 'POST', headers, body });
  if (response.status !== 201) throw new Error('register ' + response.status);
  await app.close();
})();
`;
