import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, freshSecret, PASSWORD, someone } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';

const SECRET = 'sh0rt-canary';

/** A host that is set up for production, but for what a case changes. */
const PRODUCTION = {
  NODE_ENV: 'production',
  REGSTACK_BASE_URL: 'https://app.example.org',
  REGSTACK_EMAIL__BACKEND: 'smtp',
  REGSTACK_EMAIL__SMTP_HOST: '127.0.0.1',
  REGSTACK_EMAIL__FROM_ADDRESS: 'noreply@example.org',
};

/** As the Python project's `init` writes it. */
const PYTHON_TOML = readFileSync(join(__dirname, '../support/python-project/regstack.toml'), 'utf8');

describe('R60, G12: a wrong configuration refuses to start, names the key and the cure, and prints no value', () => {
  const folder = scratchFolder('boot');
  const notADatabase = join(folder, 'not-a-database.db');
  writeFileSync(notADatabase, 'this is text, not a database '.repeat(100));

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a short secret',
      { REGSTACK_JWT_SECRET: SECRET },
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
    [
      'an algorithm of another kind',
      { REGSTACK_JWT_ALGORITHM: 'none' },
      /jwt_algorithm .*HS256, HS384, HS512/,
    ],
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
  ])('%s', async (_, env, message) => {
    const begin = Date.now();
    const demo = await Demo.startRefused(env);
    expect(demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.log).toMatch(message);
    expect(demo.log).not.toContain(SECRET);
    expect(demo.log).not.toMatch(/\n\s+at /);
    expect(Date.now() - begin).toBeLessThan(5000);
  });

  it('a MongoDB server that is not there, once it was looked for', async () => {
    const url = `mongodb://x:${SECRET}@127.0.0.1:1/db`;
    const demo = await Demo.startRefused({ REGSTACK_DATABASE_URL: url });
    expect(demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.log).toMatch(
      /database_url: MongoDB at 127\.0\.0\.1:1 cannot be opened .*check that the server runs/,
    );
    expect(demo.log).not.toContain(SECRET);
  });

  it('all problems are told at once', async () => {
    const { log } = await Demo.startRefused({
      REGSTACK_JWT_SECRET: SECRET,
      REGSTACK_JWT_TTL_SECONDS: '0',
      REGSTACK_APP_NAME: '',
    });
    expect(log).toMatch(/3 problem\(s\)/);
    expect(log).toMatch(/app_name[^]*jwt_secret[^]*jwt_ttl_seconds/);
  });

  it('a regstack.toml as the Python project writes it, with its secrets file, starts and has its effect', async () => {
    const config = join(folder, 'regstack.toml');
    writeFileSync(config, `user_collection = "users"\n${PYTHON_TOML}`);
    writeFileSync(
      join(folder, 'regstack.secrets.env'),
      `REGSTACK_JWT_SECRET=${freshSecret()}\nREGSTACK_DATABASE_URL=sqlite+aiosqlite:///${join(folder, 'myapp.sqlite')}\n`,
    );
    const none = { REGSTACK_JWT_SECRET: undefined, REGSTACK_DATABASE_URL: undefined };
    const demo = await Demo.start({ ...none, REGSTACK_CONFIG: config });
    const registered = await demo.call('POST', '/register', { email: someone(), password: PASSWORD });
    expect([registered.status, registered.json.is_verified]).toEqual([201, false]);
    expect(existsSync(join(folder, 'myapp.sqlite'))).toBe(true);
    expect(demo.log).toContain(
      'user_collection (regstack.toml:1): means nothing here and can go; instead: table_prefix',
    );
    await demo.stop();
  });

  it('a wrong file refuses with file and line, and prints nothing of it', async () => {
    const config = join(folder, 'wrong.toml');
    writeFileSync(config, `app_name = "x"\njwt_secrt = "${SECRET}"\n`);
    const { exit, log } = await Demo.startRefused({ REGSTACK_CONFIG: config });
    expect(exit?.code).toBe(1);
    expect(log).toContain('jwt_secrt (wrong.toml:2): is not a setting; did you mean jwt_secret?');
    expect(log).not.toContain(SECRET);
  });

  it('a production configuration that is right starts', async () => {
    const demo = await Demo.start({ ...PRODUCTION, REGSTACK_JWT_SECRET: freshSecret() });
    expect((await demo.call('GET', '/me')).status).toBe(401);
    await demo.stop();
  });
});
