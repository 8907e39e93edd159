import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mailer, PasswordHasher, type RegStackOptions } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { SETTINGS } from '../support/host';
import { scratchFolder } from '../support/scratch-folder';
import { ADDRESS_FLIPS } from './settings.address.flips';
import { AWS_FLIPS, closeAwsFlips } from './settings.aws.flips';
import { DATABASE_FLIPS } from './settings.database.flips';
import { FACTOR_FLIPS } from './settings.factors.flips';
import { FLOW_FLIPS } from './settings.flows.flips';
import { PAGE_FLIPS } from './settings.pages.flips';
import { closeSmsFlips, SMS_FLIPS } from './settings.sms.flips';
import type { Flip, Trial } from './settings.trial';

const EMAIL = 'flip@example.org';
const OTHER_SECRET = 'another secret of at least thirty-two bytes';
const folder = scratchFolder('settings');

const registering = async ({ host }: Trial, password = PASSWORD): Promise<number> =>
  (await host.call('POST', '/api/auth/register', { email: EMAIL, password })).status;

const mailText = async (trial: Trial): Promise<string> => {
  await registering(trial);
  return (await trial.mail.to(EMAIL)).text;
};

/** Statuses of this many logins with a wrong password, and the last answer's `Retry-After`. */
const failing = async ({ host }: Trial, times: number): Promise<(number | null)[]> => {
  const statuses: number[] = [];
  let retryAfter: string | null = null;
  for (let i = 0; i < times; i++) {
    const answer = await host.call('POST', '/api/auth/login', { email: EMAIL, password: 'wrong password' });
    statuses.push(answer.status);
    retryAfter = answer.headers.get('retry-after');
  }
  return [...statuses, retryAfter === null ? null : Number(retryAfter)];
};

/** Header and payload of the token of a new member. */
const tokenParts = async ({ host, mail }: Trial): Promise<Record<string, unknown>> => {
  const [header, payload] = (await host.member(mail, EMAIL)).split('.');
  const read = (part?: string) => JSON.parse(Buffer.from(part!, 'base64url').toString()) as object;
  return { ...read(header), ...read(payload) };
};

/** Whether a token that was signed under SETTINGS.jwtSecret passes. */
const formerToken = async (trial: Trial): Promise<number> => {
  const token = await trial.beside(SETTINGS, (first) => first.member(trial.mail, EMAIL));
  return (await trial.host.call('GET', '/orders', undefined, token)).status;
};

const hashed = ({ host }: Trial): Promise<string> =>
  host.app.get(PasswordHasher, { strict: false }).hash('x');

const smtp = FakeSmtp.start();
const guarded = FakeSmtp.start({ user: 'mailer', pass: 'right' });

const smtpSettings = async (server = smtp): Promise<RegStackOptions> => ({
  email: { backend: 'smtp', smtpHost: '127.0.0.1', smtpPort: (await server).port, smtpTls: 'none' },
});
const loginSettings = async (): Promise<RegStackOptions> => ({
  email: { ...(await smtpSettings(guarded)).email, smtpUsername: 'mailer', smtpPassword: 'right' },
});

/** The `From` of a mail that the server took, or `nothing came`. */
const sender = async ({ host }: Trial): Promise<string> => {
  const to = `${randomBytes(6).toString('hex')}@example.org`;
  const mail = { id: 'x', to, subject: 'x', text: 'x', html: 'x' };
  await host.app
    .get(Mailer, { strict: false })
    .deliver(mail)
    .catch(() => {});
  const received = [...(await smtp).to(to), ...(await guarded).to(to)];
  return /^From: (.*?)\r?$/m.exec(received[0]?.raw ?? '')?.[1] ?? 'nothing came';
};

const templates = (): string => {
  const mails = join(mkdtempSync(join(folder, 'templates-')), 'mail');
  mkdirSync(mails);
  writeFileSync(join(mails, 'registration-verify.subject.liquid'), 'Of the host');
  return join(mails, '..');
};

/**
 * What each setting changes, seen from outside: two values, and what is seen with the first and with the second. The spec beside
 * it fails for a setting that is missing here.
 */
export const FLIPS: Readonly<Record<string, Flip>> = {
  appName: {
    values: ['Plum', 'Pear'],
    see: async (t) => /Plum|Pear/.exec(await mailText(t))?.[0],
    shows: ['Plum', 'Pear'],
  },
  baseUrl: {
    values: ['https://a.example', 'https://b.example/app'],
    see: async (t) => /https:\S+\?/.exec(await mailText(t))?.[0],
    shows: ['https://a.example/account/verify?', 'https://b.example/app/account/verify?'],
  },
  apiPrefix: {
    values: ['/api/auth', '/other'],
    see: async ({ host }) => (await host.call('GET', '/api/auth/me')).status,
    shows: [401, 404],
  },
  verifyUrlTemplate: {
    values: [null, 'https://front.example/#/v/{token}'],
    see: async (t) => /https?:\S+\/(account|#)\//.exec(await mailText(t))?.[0],
    shows: ['http://localhost:3000/account/', 'https://front.example/#/'],
  },
  ...DATABASE_FLIPS,
  ...FLOW_FLIPS,
  ...FACTOR_FLIPS,
  ...PAGE_FLIPS,
  jwtSecret: { values: [SETTINGS.jwtSecret, OTHER_SECRET], see: formerToken, shows: [200, 401] },
  jwtPreviousSecrets: {
    values: [[], [SETTINGS.jwtSecret]],
    with: () => ({ jwtSecret: OTHER_SECRET }),
    see: formerToken,
    shows: [401, 200],
  },
  jwtAlgorithm: {
    values: ['HS256', 'HS512'],
    see: async (t) => (await tokenParts(t))['alg'],
    shows: ['HS256', 'HS512'],
  },
  jwtTtlSeconds: {
    values: [60, 7200],
    see: async ({ host, mail, clock }) => {
      const token = await host.member(mail, EMAIL);
      clock.advance(61);
      return (await host.call('GET', '/orders', undefined, token)).status;
    },
    shows: [401, 200],
  },
  jwtAudience: {
    values: [null, 'plum'],
    see: async (t) => (await tokenParts(t))['aud'],
    shows: ['regstack', 'plum'],
  },
  jwtIssuer: {
    values: [null, 'plum'],
    see: async (t) => (await tokenParts(t))['iss'],
    shows: ['regstack', 'plum'],
  },
  verificationTokenTtlSeconds: {
    values: [60, 86_400],
    see: async (t) => {
      await registering(t);
      const token = await t.mail.tokenTo(EMAIL);
      t.clock.advance(61);
      return (await t.host.call('POST', '/api/auth/verify', { token })).status;
    },
    shows: [400, 200],
  },
  requireVerification: {
    values: [true, false],
    see: async ({ host }) =>
      (await host.call('POST', '/api/auth/register', { email: EMAIL, password: PASSWORD })).json.status,
    shows: ['pending_verification', undefined],
  },
  allowRegistration: { values: [true, false], see: (t) => registering(t), shows: [201, 403] },
  passwordMinLength: { values: [12, 8], see: (t) => registering(t, 'plum-91-ox'), shows: [422, 201] },
  passwordMaxLength: { values: [256, 64], see: (t) => registering(t, PASSWORD.repeat(4)), shows: [201, 422] },
  passwordBlocklist: { values: [true, false], see: (t) => registering(t, '1qaz2wsx3edc'), shows: [422, 201] },
  'argon2.memoryKib': { values: [8192, 9216], see: hashed, shows: [/m=8192,t=1,p=1/, /m=9216,t=1,p=1/] },
  'argon2.timeCost': { values: [1, 2], see: hashed, shows: [/m=8192,t=1,p=1/, /m=8192,t=2,p=1/] },
  'argon2.parallelism': { values: [1, 2], see: hashed, shows: [/m=8192,t=1,p=1/, /m=8192,t=1,p=2/] },
  rateLimitDisabled: { values: [false, true], see: async (t) => (await failing(t, 6))[5], shows: [429, 401] },
  loginLockoutThreshold: {
    values: [5, 2],
    see: async (t) => (await failing(t, 3)).slice(0, 3),
    shows: [
      [401, 401, 401],
      [401, 401, 429],
    ],
  },
  loginLockoutWindowSeconds: {
    values: [900, 30],
    see: async (t) => (await failing(t, 6))[6],
    shows: [900, 30],
  },
  ...ADDRESS_FLIPS,
  'email.backend': {
    values: ['console', 'smtp'],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: ['nothing came', /noreply/],
  },
  'email.fromAddress': {
    values: ['a@example.org', 'b@example.org'],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: [/a@example.org/, /b@example.org/],
  },
  'email.fromName': {
    values: ['Plum', 'Pear'],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: [/^Plum/, /^Pear/],
  },
  'email.smtpHost': {
    values: ['127.0.0.1', '127.0.0.99'],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: [/noreply/, 'nothing came'],
  },
  'email.smtpPort': {
    values: async () => [1, (await smtp).port],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: ['nothing came', /noreply/],
  },
  'email.smtpTls': {
    values: ['none', 'starttls'],
    with: smtpSettings,
    ownMailer: true,
    see: sender,
    shows: [/noreply/, 'nothing came'],
  },
  'email.smtpUsername': {
    values: ['mailer', 'nobody'],
    with: loginSettings,
    ownMailer: true,
    see: sender,
    shows: [/noreply/, 'nothing came'],
  },
  'email.smtpPassword': {
    values: ['right', 'wrong'],
    with: loginSettings,
    ownMailer: true,
    see: sender,
    shows: [/noreply/, 'nothing came'],
  },
  ...AWS_FLIPS,
  ...SMS_FLIPS,
  extraTemplateDirs: {
    values: [[], [templates()]],
    see: async (t) => {
      await registering(t);
      return (await t.mail.to(EMAIL)).subject;
    },
    shows: [/Confirm/, 'Of the host'],
  },
};

/** Ends the mail servers and the gateways. */
export const closeFlips = async (): Promise<void> => {
  await Promise.all([(await smtp).down(), (await guarded).down(), closeAwsFlips(), closeSmsFlips()]);
};
