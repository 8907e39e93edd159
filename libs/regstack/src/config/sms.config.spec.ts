import { inspect } from 'node:util';
import type { ConfigError } from './config.error';
import { loadRegStackConfig } from './load-config';
import type { RegStackOptions } from './parse-config';
import { SmsConfig } from './sms.config';

const jwtSecret = 'a secret of at least thirty-two bytes';
const TWILIO = {
  backend: 'twilio',
  fromNumber: '+15005550006',
  twilioAccountSid: `AC${'0'.repeat(32)}`,
  twilioAuthToken: 'hunter2-canary',
} as const;
const HTTPS = { baseUrl: 'https://app.example.org' };
const SMTP = { email: { backend: 'smtp', smtpHost: 'mail.example.org' } } as const;

const load = (options: RegStackOptions, env: Readonly<Record<string, string>> = {}) =>
  loadRegStackConfig({ jwtSecret, ...options }, { env, directory: '/nowhere' });

function problemsOf(options: RegStackOptions, env?: Readonly<Record<string, string>>): string[] {
  try {
    load(options, env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ key, message }) => `${key}: ${message}`);
  }
}

describe('settings of second factors', () => {
  it.each<[keyof RegStackOptions, least: number, most: number]>([
    ['smsMaxPerHour', 1, 1000],
    ['smsMaxPerDay', 1, 10_000],
    ['smsMaxPerCountryPerDay', 1, 1_000_000],
    ['smsCodeLength', 6, 10],
    ['smsCodeTtlSeconds', 1, 600],
    ['smsCodeMaxAttempts', 1, 10],
    ['mfaPendingTokenTtlSeconds', 1, 3600],
    ['mfaTrustedDeviceDays', 0, 365],
  ])('R60: %s lies between %d and %d', (name, least, most) => {
    for (const value of [least, most]) expect(problemsOf({ [name]: value })).toEqual([]);
    for (const value of [least - 1, most + 1, least + 0.5, String(most), null, NaN, true])
      expect([value, problemsOf({ [name]: value })]).toEqual([value, [expect.stringMatching(/^(sms|mfa)_/)]]);
  });

  it('the policy is one of four words', () => {
    for (const mfaPolicy of ['off', 'optional', 'required', 'required_for_superusers'] as const)
      expect(problemsOf({ mfaPolicy })).toEqual([]);
    for (const mfaPolicy of ['on', 'REQUIRED', '', null, true])
      expect(problemsOf({ mfaPolicy: mfaPolicy as 'off' })).toEqual([
        expect.stringMatching(/^mfa_policy: must be one of/),
      ]);
  });

  it.each(['required', 'required_for_superusers'] as const)(
    'mfa_policy = %s needs a factor that can be enrolled',
    (mfaPolicy) => {
      const asks = 'mfa_policy: asks for a second factor, and none can be enrolled: set enable_totp or';
      expect(problemsOf({ mfaPolicy, enableTotp: false })).toEqual([expect.stringContaining(asks)]);
      expect(problemsOf({ mfaPolicy, enableTotp: false, enableSms2fa: true })).toEqual([]);
      expect(problemsOf({ mfaPolicy })).toEqual([]);
      expect(problemsOf({ mfaPolicy: 'optional', enableTotp: false })).toEqual([]);
    },
  );
});

describe('settings of mail', () => {
  it('SES needs its region, and is taken in production', () => {
    const ses = { backend: 'ses', sesRegion: 'eu-central-1' } as const;
    expect(problemsOf({ ...HTTPS, email: ses }, { NODE_ENV: 'production' })).toEqual([]);
    expect(problemsOf({ email: { backend: 'ses' } })).toEqual([
      'email.ses_region: is needed by email.backend = ses',
    ]);
  });

  it.each([
    ['sesRegion', ['eu-central-1'], ['', 'eu', 'x@evil.example', 'eu-central-1\n']],
    ['sesProfile', ['mailing'], ['', 'x'.repeat(129)]],
    ['endpoint', ['https://mail.example.org', 'http://127.0.0.1:1'], ['http://mail.example.org', 'mail', '']],
  ])('%s is of its form', (name, right, wrong) => {
    for (const value of [...right, null]) expect(problemsOf({ email: { [name]: value } })).toEqual([]);
    for (const value of wrong)
      expect(problemsOf({ email: { [name]: value } })).toEqual([expect.stringMatching(/^email\./)]);
  });
});

describe('settings of text messages', () => {
  it('Twilio needs its three settings, and tells of each that is missing', () => {
    expect(problemsOf({ sms: TWILIO })).toEqual([]);
    expect(problemsOf({ sms: { backend: 'twilio' } })).toEqual(
      ['from_number', 'twilio_account_sid', 'twilio_auth_token'].map(
        (name) => `sms.${name}: is needed by sms.backend = twilio`,
      ),
    );
    for (const name of ['fromNumber', 'twilioAccountSid', 'twilioAuthToken'])
      expect(problemsOf({ sms: { ...TWILIO, [name]: null } })).toHaveLength(1);
  });

  it.each([
    ['fromNumber', ['+15005550006', 'Plum', 'Plum 2'], ['15005550006', '+0', 'twelve letter', '', 'Plum\n']],
    ['twilioAccountSid', [TWILIO.twilioAccountSid], ['SK1', 'AC', 'AC/../x', `AC${'0'.repeat(63)}`, 'AC1\n']],
    ['twilioAuthToken', ['x'], ['', 'x'.repeat(129)]],
    [
      'snsRegion',
      ['eu-central-1', 'us-gov-west-1', 'cn-north-1'],
      ['', 'eu', 'eu-central-1.evil.example/', 'EU-1'],
    ],
    [
      'endpoint',
      ['https://gateway.example.org', 'http://127.0.0.1:1/base', 'http://localhost:8080'],
      [
        'http://gateway.example.org',
        'https://u:p@gateway.example.org',
        'gateway',
        'https://x.example/?a',
        '',
      ],
    ],
  ])('%s is of its form', (name, right, wrong) => {
    for (const value of [...right, null])
      expect([value, problemsOf({ sms: { [name]: value } })]).toEqual([value, []]);
    for (const value of wrong)
      expect([value, problemsOf({ sms: { [name]: value } })]).toEqual([
        value,
        [expect.stringMatching(/^sms\./)],
      ]);
  });

  it('SNS needs its region, and chooses the sender itself where none is set', () => {
    const sns = { backend: 'sns', snsRegion: 'eu-central-1' } as const;
    expect(problemsOf({ sms: sns })).toEqual([]);
    expect(problemsOf({ sms: { backend: 'sns' } })).toEqual([
      'sms.sns_region: is needed by sms.backend = sns',
    ]);
    for (const fromNumber of ['Plum', '+15005550006', '12345'])
      expect(problemsOf({ sms: { ...sns, fromNumber } })).toEqual([]);
    expect(problemsOf({ sms: { ...sns, fromNumber: 'Plum 2' } })).toEqual([
      'sms.from_number: must be a name without spaces, or a number, with sms.backend = sns',
    ]);
  });

  it('any other gateway is refused by name', () => {
    for (const backend of ['SNS', 'Twilio', ''])
      expect(problemsOf({ sms: { backend: backend as 'twilio' } })).toEqual([
        'sms.backend: must be one of the following values: console, twilio, sns',
      ]);
  });

  it('production refuses the console where codes are sent by SMS', () => {
    const env = { NODE_ENV: 'production' };
    const options = { ...HTTPS, ...SMTP };
    expect(problemsOf({ ...options, enableSms2fa: true }, env)).toEqual([
      'sms.backend: must not be console in production: codes would go to the log',
    ]);
    expect(problemsOf(options, env)).toEqual([]);
    expect(problemsOf({ ...options, enableSms2fa: true, sms: TWILIO }, env)).toEqual([]);
  });

  it('the environment has them, too; the word of the Python project for no gateway is the console', () => {
    const env = {
      REGSTACK_ENABLE_SMS_2FA: 'true',
      REGSTACK_MFA_POLICY: 'required',
      REGSTACK_SMS__BACKEND: 'twilio',
      REGSTACK_SMS__FROM_NUMBER: TWILIO.fromNumber,
      REGSTACK_SMS__TWILIO_ACCOUNT_SID: TWILIO.twilioAccountSid,
      REGSTACK_SMS__TWILIO_AUTH_TOKEN: TWILIO.twilioAuthToken,
    };
    const { sms, enableSms2fa, mfaPolicy } = load({}, env);
    expect([sms, enableSms2fa, mfaPolicy]).toEqual([
      Object.assign(new SmsConfig(), TWILIO),
      true,
      'required',
    ]);
    expect(load({}, { REGSTACK_SMS__BACKEND: 'null' }).sms.backend).toBe('console');
  });

  it('W40: the token of the gateway is never printed', () => {
    const config = load({ sms: TWILIO });
    for (const text of [
      inspect(config),
      inspect(config.sms),
      JSON.stringify(config),
      JSON.stringify(config.sms),
    ])
      expect(text).not.toContain('hunter2');
    expect(inspect(config)).toContain("twilioAuthToken: '[redacted]'");
    expect(inspect(config)).toContain(TWILIO.fromNumber);
    const broken = problemsOf({ sms: { ...TWILIO, twilioAuthToken: `hunter2${'x'.repeat(200)}` } });
    expect(broken).toEqual([expect.not.stringContaining('hunter2')]);
  });
});
