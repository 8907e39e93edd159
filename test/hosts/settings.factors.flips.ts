import { PASSWORD } from '../support/demo';
import type { Flip, Trial } from './settings.trial';

const EMAIL = 'flip@example.org';
const OTHER_EMAIL = 'flipped@example.org';
const NUMBER = '+4915112345678';
const PROOF = { current_password: PASSWORD };
const LOGIN = { email: EMAIL, password: PASSWORD };
const DAY = 86_400;

const withSms = () => ({ enableSms2fa: true, jwtTtlSeconds: 7 * DAY });

/** Somebody signed in, and what they ask for. */
const member = async ({ host, mail }: Trial) => {
  const token = await host.member(mail, EMAIL);
  return (path: string, body: object) => host.call('POST', `/api/auth/${path}`, body, token);
};
type Ask = Awaited<ReturnType<typeof member>>;

const startPhone = (ask: Ask, phone_number = NUMBER) => ask('phone/start', { phone_number, ...PROOF });

/** Somebody with a number, in the middle of a sign-in; answers how it goes on. */
const waiting = async (trial: Trial) => {
  const ask = await member(trial);
  const { pending_token } = (await startPhone(ask)).json as { pending_token: string };
  await ask('phone/confirm', { pending_token, code: await trial.sms.codeTo(NUMBER) });
  const begin = await trial.host.call('POST', '/api/auth/login', LOGIN);
  const code = await trial.sms.codeTo(NUMBER, 1);
  const { mfa_pending_token } = begin.json as { mfa_pending_token: string };
  const confirm = (given = code, more: object = {}) =>
    trial.host.call('POST', '/api/auth/login/mfa-confirm', { mfa_pending_token, code: given, ...more });
  return { code, confirm };
};

/** Another code than this. */
const wrong = (code: string): string => code.replace(/./, (first) => (first === '1' ? '2' : '1'));

/** How many texts come of this many enrolments with a pause between them. */
const texts =
  (times: number, pauseSeconds: number, numberOf: (n: number) => string = () => NUMBER) =>
  async (trial: Trial): Promise<number> => {
    const ask = await member(trial);
    for (let n = 0; n < times; n++) {
      await startPhone(ask, numberOf(n));
      trial.clock.advance(pauseSeconds);
    }
    // Its mail is stored behind all of them.
    await trial.host.call('POST', '/api/auth/register', { email: OTHER_EMAIL, password: PASSWORD });
    await trial.mail.to(OTHER_EMAIL);
    return trial.sms.sent.length;
  };

/** The header by which a client says that it is the device of this answer. */
const deviceOf = (headers: Headers): Readonly<Record<string, string>> => ({
  'content-type': 'application/json',
  cookie: headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0]!)
    .join('; '),
});

/** What is asked for two days after a device was trusted, on that device. */
const trusted = async (trial: Trial): Promise<string> => {
  const { code, confirm } = await waiting(trial);
  const { headers } = await confirm(code, { trust_device: true });
  trial.clock.advance(2 * DAY);
  const body = JSON.stringify(LOGIN);
  const request = { method: 'POST', headers: deviceOf(headers), body };
  const answer = await fetch(`${trial.host.url}/api/auth/login`, request);
  const { status = 'nothing' } = (await answer.json()) as { status?: string };
  return status;
};

/** Flips of the settings about second factors. */
export const FACTOR_FLIPS: Readonly<Record<string, Flip>> = {
  enableSms2fa: {
    values: [false, true],
    see: async (t) => (await startPhone(await member(t))).status,
    shows: [404, 202],
  },
  enableTotp: {
    values: [true, false],
    see: async (t) => (await (await member(t))('mfa/totp/start', PROOF)).status,
    shows: [200, 404],
  },
  smsMaxPerHour: { values: [5, 2], with: withSms, see: texts(7, 1), shows: [5, 2] },
  smsMaxPerDay: { values: [20, 2], with: withSms, see: texts(4, 3601), shows: [4, 2] },
  smsMaxPerCountryPerDay: {
    values: [1000, 2],
    with: withSms,
    see: texts(4, 1, (n) => `+49151123456${70 + n}`),
    shows: [4, 2],
  },
  smsCodeLength: {
    values: [6, 8],
    with: withSms,
    see: async (t) => {
      await startPhone(await member(t));
      return (await t.sms.codeTo(NUMBER)).length;
    },
    shows: [6, 8],
  },
  smsCodeTtlSeconds: {
    values: [60, 300],
    with: withSms,
    see: async (t) => {
      const ask = await member(t);
      const { pending_token } = (await startPhone(ask)).json as { pending_token: string };
      const code = await t.sms.codeTo(NUMBER);
      t.clock.advance(61);
      return (await ask('phone/confirm', { pending_token, code })).status;
    },
    shows: [400, 200],
  },
  smsCodeMaxAttempts: {
    values: [5, 2],
    with: withSms,
    see: async (t) => {
      const { code, confirm } = await waiting(t);
      for (let n = 0; n < 2; n++) await confirm(wrong(code));
      const { status, json } = await confirm();
      return [status, json.code as unknown];
    },
    shows: [
      [200, undefined],
      [400, 'mfa.challenge_expired'],
    ],
  },
  mfaPendingTokenTtlSeconds: {
    values: [60, 600],
    with: withSms,
    see: async (t) => {
      const { confirm } = await waiting(t);
      t.clock.advance(61);
      return (await confirm()).status;
    },
    shows: [400, 200],
  },
  mfaPolicy: {
    values: ['optional', 'required'],
    see: async (t) => {
      await member(t);
      return (await t.host.call('POST', '/api/auth/login', LOGIN)).json.status ?? 'signed in';
    },
    shows: ['signed in', 'mfa_enrolment_required'],
  },
  mfaTrustedDeviceDays: {
    values: [1, 30],
    with: withSms,
    see: trusted,
    shows: ['mfa_required', 'nothing'],
  },
};
