import { inspect } from 'node:util';
import { ConfigError } from './config.error';
import { loadRegStackConfig } from './load-config';
import { nearestName } from './nearest-name';
import { snakeCase } from './setting.decorator';

const SECRET = 'a secret of at least thirty-two bytes';
const problemsOf = (env: Record<string, string>, overrides = {}): string[] => {
  try {
    loadRegStackConfig(overrides, { env });
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(
      ({ key, source, message }) => `${key} (${source}): ${message}`,
    );
  }
};

describe('loadRegStackConfig', () => {
  it('takes arguments before the environment before defaults, inside sections too', () => {
    const env = {
      REGSTACK_JWT_SECRET: SECRET,
      REGSTACK_APP_NAME: 'From the environment',
      REGSTACK_JWT_TTL_SECONDS: '60',
      REGSTACK_ALLOW_REGISTRATION: 'false',
      REGSTACK_EMAIL__SMTP_HOST: 'mail.example.org',
      REGSTACK_EMAIL__SMTP_PORT: '25',
      REGSTACK_JWT_PREVIOUS_SECRETS: `${SECRET} one, ${SECRET} two`,
      REGSTACK_TEST_STORES: 'ignored',
      PATH: 'ignored',
    };
    const config = loadRegStackConfig({ appName: 'From the code', email: { smtpPort: 2525 } }, { env });
    expect(config.appName).toBe('From the code');
    expect([config.jwtTtlSeconds, config.allowRegistration, config.requireVerification]).toEqual([
      60,
      false,
      true,
    ]);
    expect([config.email.smtpHost, config.email.smtpPort, config.email.smtpTls]).toEqual([
      'mail.example.org',
      2525,
      'starttls',
    ]);
    expect(config.jwtPreviousSecrets).toEqual([`${SECRET} one`, `${SECRET} two`]);
  });

  it('reads a list by commas, or as JSON where an entry has a comma', () => {
    const [one, two] = [`${SECRET}, one`, `${SECRET} two`];
    const listed = (text: string): unknown =>
      loadRegStackConfig(
        { jwtSecret: SECRET },
        { env: { REGSTACK_JWT_PREVIOUS_SECRETS: text }, directory: '/nowhere' },
      ).jwtPreviousSecrets;
    expect(listed(JSON.stringify([one, two]))).toEqual([one, two]);
    expect(listed(`${two} , `)).toEqual([two]);
    expect(listed('')).toEqual([]);
    expect(problemsOf({ REGSTACK_JWT_SECRET: SECRET, REGSTACK_JWT_PREVIOUS_SECRETS: '["hunter2' })).toEqual([
      'jwt_previous_secrets (REGSTACK_JWT_PREVIOUS_SECRETS): must be a list: a,b or ["a","b"]',
    ]);
  });

  it('is frozen, sections and lists too', () => {
    const config = loadRegStackConfig({ jwtSecret: SECRET }, { env: {} });
    expect([config, config.email, config.fontOrigins].map((one) => Object.isFrozen(one))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('W40, R60: never prints a secret', () => {
    const config = loadRegStackConfig(
      { jwtSecret: SECRET, email: { smtpUsername: 'me', smtpPassword: 'hunter2-canary' } },
      { env: {} },
    );
    const whole = [inspect(config), inspect({ config }, { depth: 5 }), JSON.stringify(config)];
    for (const text of whole) expect(text).toContain('http://localhost:3000');
    for (const text of [...whole, inspect(config.email), JSON.stringify({ email: config.email })]) {
      expect(text).not.toMatch(/thirty-two|hunter2/);
      expect(text).toContain('[redacted]');
    }
    expect(problemsOf({ REGSTACK_JWT_SECRET: 'hunter2-canary' }).join()).not.toContain('hunter2');
  });

  it('reads a number out of text, also where there is none by default', () => {
    const env = { REGSTACK_JWT_SECRET: SECRET, REGSTACK_DATABASE_POOL_SIZE: ' 5 ' };
    expect(loadRegStackConfig({}, { env }).databasePoolSize).toBe(5);
    expect(problemsOf({ ...env, REGSTACK_DATABASE_POOL_SIZE: 'many' })).toEqual([
      'database_pool_size (REGSTACK_DATABASE_POOL_SIZE): must be a number',
    ]);
    expect(problemsOf(env, { jwtTtlSeconds: '60' })).toEqual([
      expect.stringMatching(/^jwt_ttl_seconds \(argument\): must be an integer number$/),
    ]);
  });

  it('W48: tells every unknown key and bad value at once, with the nearest name', () => {
    const env = {
      REGSTACK_JWT_SECRT: 'x',
      REGSTACK_EMAIL__FROM_ADRESS: 'x',
      REGSTACK_ALLOW_REGISTRATION: 'perhaps',
    };
    expect(problemsOf(env)).toEqual([
      'REGSTACK_JWT_SECRT (environment): is not a setting; did you mean REGSTACK_JWT_SECRET?',
      'REGSTACK_EMAIL__FROM_ADRESS (environment): is not a setting; did you mean REGSTACK_EMAIL__FROM_ADDRESS?',
      'allow_registration (REGSTACK_ALLOW_REGISTRATION): must be true or false',
      expect.stringMatching(/^jwt_secret \(default; set REGSTACK_JWT_SECRET\): must have at least 32 bytes/),
    ]);
    expect(
      problemsOf({ REGSTACK_JWT_SECRET: SECRET }, { jwtTtlSecond: 5, email: { host: 'x' }, argon2: 7 }),
    ).toEqual([
      'jwtTtlSecond (argument): is not a setting; did you mean jwtTtlSeconds?',
      'email.host (argument): is not a setting',
      'argon2 (argument): must be a section of settings',
    ]);
  });

  it('what the reader and the rules find is told together; sections are sections; no file that is named is ignored', () => {
    expect(
      problemsOf(
        { REGSTACK_CONFG: 'x', REGSTACK_CONFIG: '/nowhere/regstack.toml', REGSTACK_JWT_SECRET: 'short' },
        { email: null, sms: [] },
      ),
    ).toEqual([
      'REGSTACK_CONFIG (environment): names a file that does not exist',
      'REGSTACK_CONFG (environment): is not a setting',
      'email (argument): must be a section of settings',
      'sms (argument): must be a section of settings',
      expect.stringContaining('jwt_secret (REGSTACK_JWT_SECRET): must have at least 32 bytes'),
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['a date for a section', { email: new Date(0) }, /^email \(argument\): must be a section/],
    ['a map for a section', { argon2: new Map() }, /^argon2 \(argument\): must be a section/],
    [
      'the prototype',
      JSON.parse('{"__proto__":{"appName":"x"}}') as object,
      /^__proto__ \(argument\): is not a setting/,
    ],
    ['a URL with a space before it', { baseUrl: ' https://app.example.org' }, /^base_url /],
    ['a scheme in capitals', { baseUrl: 'HTTPS://app.example.org' }, /^base_url /],
    ['a path that clients shorten', { apiPrefix: '/api/../x' }, /^api_prefix /],
    ['a prefix that SQLite keeps for itself', { tablePrefix: 'sqlite_' }, /^table_prefix /],
    ['no number where a feature is not here', { databasePoolSize: NaN }, /^database_pool_size /],
    ['a secret of spaces', { jwtSecret: ' '.repeat(40) }, /^jwt_secret /],
    ['a file for a directory', { extraTemplateDirs: [__filename] }, /^extra_template_dirs /],
    ['a database with options', { databaseUrl: 'sqlite:./x.db?key=hunter2' }, /^database_url (?!.*hunter2)/],
  ])('refuses %s', (_, options, expected) => {
    expect(problemsOf({ REGSTACK_JWT_SECRET: SECRET }, options)).toEqual([expect.stringMatching(expected)]);
  });

  it('an empty REGSTACK_CONFIG is none', () => {
    expect(problemsOf({ REGSTACK_JWT_SECRET: SECRET, REGSTACK_CONFIG: '' })).toEqual([]);
  });

  it('a missing secret says how to set one', () => {
    expect(problemsOf({})).toEqual([
      'jwt_secret (default; set REGSTACK_JWT_SECRET): must have at least 32 bytes; make one with: openssl rand -base64 48',
    ]);
  });

  it('a setting whose feature is not there takes its default and nothing else, naming the feature', () => {
    const secret = { REGSTACK_JWT_SECRET: SECRET };
    expect(problemsOf({ ...secret, REGSTACK_ENABLE_OAUTH: 'false' })).toEqual([]);
    expect(problemsOf({ ...secret, REGSTACK_ENABLE_OAUTH: 'true' })).toEqual([
      'enable_oauth (REGSTACK_ENABLE_OAUTH): cannot be changed yet: OAuth is not part of this version; remove it',
    ]);
  });

  it('names settings as the Python project does', () => {
    const names = ['appName', 'enableSms2fa', 'argon2', 'memoryKib', 'extraTemplateDirs', 'smtpTls'].map(
      snakeCase,
    );
    expect(names).toEqual([
      'app_name',
      'enable_sms_2fa',
      'argon2',
      'memory_kib',
      'extra_template_dirs',
      'smtp_tls',
    ]);
  });

  it('finds no name where none is near', () => {
    expect(nearestName('completely_different', ['app_name', 'base_url'])).toBeNull();
  });
});
