import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from './scratch-folder';

/** Stands in wrong values: it must never be printed. */
export const CANARY = 'sh0rt-canary';

/** A host that is set up for production, but for what a case changes. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  REGSTACK_BASE_URL: 'https://app.example.org',
  REGSTACK_EMAIL__BACKEND: 'smtp',
  REGSTACK_EMAIL__SMTP_HOST: '127.0.0.1',
  REGSTACK_EMAIL__FROM_ADDRESS: 'noreply@example.org',
};

const notADatabase = join(scratchFolder('wrong'), 'not-a-database.db');
writeFileSync(notADatabase, 'this is text, not a database '.repeat(100));

/** Variables of a wrong configuration, and what names the setting and the cure in what is printed of it (G12). */
export const WRONG_CONFIGURATIONS: readonly (readonly [
  title: string,
  env: Readonly<Record<string, string>>,
  message: RegExp,
])[] = [
  [
    'a short secret',
    { REGSTACK_JWT_SECRET: CANARY },
    /jwt_secret \(REGSTACK_JWT_SECRET\).*at least 32 bytes.*openssl rand/,
  ],
  [
    'an unknown variable',
    { REGSTACK_REQUIRE_VERIFCATION: 'x' },
    /REGSTACK_REQUIRE_VERIFCATION .*is not a setting; did you mean REGSTACK_REQUIRE_VERIFICATION\?/,
  ],
  [
    'an unknown variable of a section',
    { REGSTACK_EMAIL__SMTP_HOTS: 'x' },
    /did you mean REGSTACK_EMAIL__SMTP_HOST\?/,
  ],
  [
    'no database URL',
    { REGSTACK_DATABASE_URL: 'mysql://x:sh0rt-canary@h/db' },
    /database_url \(REGSTACK_DATABASE_URL\).*sqlite:/,
  ],
  [
    'a PostgreSQL server that is not there',
    { REGSTACK_DATABASE_URL: 'postgres://x:sh0rt-canary@127.0.0.1:1/db' },
    /database_url: the PostgreSQL database cannot be opened \(ECONNREFUSED\); check/,
  ],
  [
    'a PostgreSQL URL that cannot be read',
    { REGSTACK_DATABASE_URL: 'postgres://x:sh0rt-canary@[::1/db' },
    /database_url/,
  ],
  [
    'a folder that cannot be made',
    { REGSTACK_DATABASE_URL: 'sqlite:/dev/null/x.db' },
    /database_url.*cannot be opened.*check that the path/,
  ],
  [
    'a file that is no database',
    { REGSTACK_DATABASE_URL: `sqlite:${notADatabase}` },
    /database_url.*cannot be opened/,
  ],
  [
    'a number that is none',
    { REGSTACK_JWT_TTL_SECONDS: 'soon' },
    /jwt_ttl_seconds \(REGSTACK_JWT_TTL_SECONDS\): must be a number/,
  ],
  [
    'a switch that is none',
    { REGSTACK_ALLOW_REGISTRATION: 'maybe' },
    /allow_registration .*must be true or false/,
  ],
  [
    'a value out of bounds',
    { REGSTACK_PASSWORD_MIN_LENGTH: '4' },
    /password_min_length .*must not be less than 8/,
  ],
  ['an algorithm of another kind', { REGSTACK_JWT_ALGORITHM: 'none' }, /jwt_algorithm .*HS256, HS384, HS512/],
  ['a table prefix that is none', { REGSTACK_TABLE_PREFIX: 'x"; DROP' }, /table_prefix .*\^\[a-z\]/],
  [
    'smtp without a host',
    { REGSTACK_EMAIL__BACKEND: 'smtp' },
    /email\.smtp_host .*is needed by email\.backend = smtp/,
  ],
  [
    'plain SMTP to another machine',
    {
      REGSTACK_EMAIL__BACKEND: 'smtp',
      REGSTACK_EMAIL__SMTP_HOST: 'mail.example.org',
      REGSTACK_EMAIL__SMTP_TLS: 'none',
    },
    /email\.smtp_tls .*only when email\.smtp_host is this machine/,
  ],
  [
    'a link template without its token',
    { REGSTACK_VERIFY_URL_TEMPLATE: 'https://app.example.org/verify' },
    /verify_url_template .*\{token\}/,
  ],
  [
    'a template folder that is not there',
    { REGSTACK_EXTRA_TEMPLATE_DIRS: '/nowhere' },
    /extra_template_dirs .*does not exist/,
  ],
  [
    'a feature that is not there yet',
    { REGSTACK_ENABLE_OAUTH: 'true' },
    /enable_oauth .*OAuth is not part of this version/,
  ],
  [
    'prefixes below each other',
    { REGSTACK_UI_PREFIX: '/api/auth/pages' },
    /api_prefix .*must not lie below each other/,
  ],
  [
    'production without a secret',
    { ...PRODUCTION, REGSTACK_JWT_SECRET: '' },
    /jwt_secret .*at least 32 bytes/,
  ],
  [
    'production over plain http',
    { ...PRODUCTION, REGSTACK_BASE_URL: 'http://app.example.org' },
    /base_url .*must be https in production/,
  ],
  [
    'production with console mail',
    { ...PRODUCTION, REGSTACK_EMAIL__BACKEND: 'console' },
    /email\.backend .*must not be console in production/,
  ],
  [
    'production with codes on the console',
    { ...PRODUCTION, REGSTACK_ENABLE_SMS_2FA: 'true' },
    /sms\.backend .*must not be console in production/,
  ],
  [
    'a gateway without its account',
    { REGSTACK_SMS__BACKEND: 'twilio', REGSTACK_SMS__FROM_NUMBER: '+4915100000000' },
    /sms\.twilio_account_sid .*is needed by sms\.backend = twilio[^]*sms\.twilio_auth_token .*is needed/,
  ],
  [
    'a gateway in clear on another machine',
    { REGSTACK_SMS__ENDPOINT: 'http://gateway.example.org' },
    /sms\.endpoint .*must be an https \(or loopback\) URL/,
  ],
  [
    'production without limits',
    { ...PRODUCTION, REGSTACK_RATE_LIMIT_DISABLED: 'true' },
    /rate_limit_disabled .*must be false in production/,
  ],
];
