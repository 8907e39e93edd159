import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config.error';
import { crossChecks } from './cross-checks';
import { EmailConfig } from './email.config';
import { loadRegStackConfig } from './load-config';
import { type RegStackOptions, warningsOf } from './parse-config';
import { RegStackConfig } from './regstack.config';

const SECRET = 'a secret of at least thirty-two bytes';

/** What the Python project's `init` writes when every question is answered by Enter. */
const PYTHON_TOML = readFileSync(join(__dirname, '../../../../test/support/python-project/regstack.toml'));
const PYTHON_SECRETS = `# regstack.secrets.env — keep out of version control.
REGSTACK_JWT_SECRET=${SECRET}
REGSTACK_DATABASE_URL=sqlite+aiosqlite:///./myapp.sqlite
`;

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-config-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

interface Given {
  readonly toml?: string | Uint8Array;
  readonly secrets?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: RegStackOptions;
}

function load({
  toml,
  secrets = `REGSTACK_JWT_SECRET=${SECRET}`,
  env = {},
  overrides = {},
}: Given): RegStackConfig {
  const directory = folderWith({
    'regstack.secrets.env': secrets,
    ...(toml === undefined ? {} : { 'regstack.toml': toml }),
  });
  return loadRegStackConfig(overrides, { env, directory });
}

function problemsOf(given: Given): string[] {
  try {
    load(given);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, source, message }) => `${key} (${source}): ${message}`);
  }
}

const warnings = (given: Given): string[] =>
  warningsOf(load(given)).map(({ key, source, message }) => `${key} (${source}): ${message}`);

describe('configuration files', () => {
  it('arguments win over the environment over the secrets over the TOML over the defaults of the app over ours', () => {
    const directory = folderWith({
      'regstack.toml':
        'app_name = "toml"\nbase_url = "https://toml.example"\njwt_audience = "toml"\njwt_issuer = "toml"',
      'regstack.secrets.env': `REGSTACK_JWT_SECRET=${SECRET}\nREGSTACK_BASE_URL=https://secrets.example\nREGSTACK_JWT_AUDIENCE=secrets\nREGSTACK_APP_NAME=secrets`,
    });
    const env = { REGSTACK_JWT_AUDIENCE: 'env', REGSTACK_APP_NAME: 'env' };
    const defaults = { jwtIssuer: 'app', email: { fromName: 'app' } };
    const config = loadRegStackConfig({ appName: 'argument' }, { env, directory, defaults });
    expect([
      config.appName,
      config.jwtAudience,
      config.baseUrl,
      config.jwtIssuer,
      config.email.fromName,
      config.jwtTtlSeconds,
    ]).toEqual(['argument', 'env', 'https://secrets.example', 'toml', 'app', 7200]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('production refuses the console for mail always, and for SMS only when SMS is on', () => {
    const production = {
      email: { backend: 'smtp', smtpHost: 'mail.example.org' },
      baseUrl: 'https://app.example.org',
    };
    const broken = (options: object): string[] =>
      crossChecks(Object.assign(new RegStackConfig(), options), () => 'test', 'production').map(
        ({ key }) => key,
      );
    const smtp = Object.assign(new EmailConfig(), production.email);
    const right = { ...production, email: smtp };
    expect(broken(right)).toEqual([]);
    expect(broken({ ...right, email: new EmailConfig() })).toEqual(['email.backend']);
    expect(broken({ ...right, enableSms2fa: true })).toEqual(['sms.backend']);
  });

  it('what the Python project’s init writes loads without a word', () => {
    const given = { toml: PYTHON_TOML, secrets: PYTHON_SECRETS };
    expect(load(given)).toMatchObject({
      appName: 'MyApp',
      baseUrl: 'http://localhost:8000',
      trustedProxies: 0,
      requireVerification: false,
      databaseUrl: 'sqlite+aiosqlite:///./myapp.sqlite',
      email: { backend: 'console', fromAddress: 'noreply@example.com', fromName: 'MyApp' },
      sms: { backend: 'console' },
    });
    expect(warnings(given)).toEqual([]);
  });

  it('names of the Python project are understood, in files and in the environment', () => {
    const toml =
      'behind_proxy = true\nmongodb_database = "regstack"\n[email]\nbackend = "smtp"\nsmtp_host = "localhost"\nsmtp_starttls = false';
    const { trustedProxies, mongodbDatabase, email } = load({ toml });
    expect([trustedProxies, mongodbDatabase, email.smtpTls]).toEqual([1, 'regstack', 'none']);
    const env = {
      REGSTACK_BEHIND_PROXY: 'True',
      REGSTACK_EMAIL__SMTP_STARTTLS: 'true',
      REGSTACK_SMS__BACKEND: 'null',
    };
    const fromEnv = load({ env });
    expect([fromEnv.trustedProxies, fromEnv.email.smtpTls, fromEnv.sms.backend]).toEqual([
      1,
      'starttls',
      'console',
    ]);
    const digits = load({ env: { REGSTACK_BEHIND_PROXY: '0', REGSTACK_EMAIL__SMTP_STARTTLS: '1' } });
    expect([digits.trustedProxies, digits.email.smtpTls]).toEqual([0, 'starttls']);
    // A limit that the operator believes in is no word to drop.
    expect(problemsOf({ toml: 'login_rate_limit = "5/minute"' })).toEqual([
      expect.stringMatching(/^login_rate_limit \(regstack.toml:1\): is not a setting/),
    ]);
    expect(problemsOf({ toml: 'behind_proxy = "perhaps"' })).toEqual([
      'trusted_proxies (regstack.toml:1): must be a number',
    ]);
    expect(problemsOf({ toml: 'behind_proxy = true\ntrusted_proxies = 2' })).toEqual([
      'trusted_proxies (regstack.toml:2): is set already (regstack.toml:1); keep one',
    ]);
  });

  it('its names without a meaning here are told by name and line, with what serves instead', () => {
    const toml = [
      'transport = "bearer"',
      'cookie_domain = ".example.org"',
      'user_collection = "users"',
      'extra_static_dirs = ["./static"]',
      'email_link_prefix = ""',
      '[email]',
      'log_bodies = true',
    ].join('\n');
    expect(warnings({ toml })).toEqual([
      expect.stringMatching(
        /^transport \(regstack.toml:1\): means nothing here and can go; instead: .*bearer token/,
      ),
      expect.stringMatching(/^cookie_domain \(regstack.toml:2\): .*base_url/),
      expect.stringMatching(/^user_collection \(regstack.toml:3\): .*table_prefix/),
      expect.stringMatching(/^extra_static_dirs \(regstack.toml:4\): .*static files/),
      expect.stringMatching(/^email_link_prefix \(regstack.toml:5\): .*verify_url_template/),
      expect.stringMatching(/^email.log_bodies \(regstack.toml:7\): .*console/),
    ]);
  });

  it('W48: every problem of every source at once, each with its place, rule and nearest name', () => {
    const toml = [
      'app_nam = "x"',
      'jwt_ttl_seconds = 0',
      'allow_registration = "perhaps"',
      'login_lockout_threshold = 1.5',
      'email.smtp_prt = 25',
      '[oauth]',
      'google_client_id = "x"',
      '[sms]',
      'backend = 5',
    ].join('\n');
    const secrets = `export REGSTACK_JWT_SECRET=${SECRET}\n\nREGSTACK_JWT_SECRETS=x\njust text\n`;
    expect(problemsOf({ toml, secrets, env: { REGSTACK_BASE_URL: 'ftp://x' } })).toEqual([
      'app_nam (regstack.toml:1): is not a setting; did you mean app_name?',
      'allow_registration (regstack.toml:3): must be true or false',
      'email.smtp_prt (regstack.toml:5): is not a setting; did you mean email.smtp_port?',
      'oauth (regstack.toml:6): is not a setting',
      'regstack.secrets.env (regstack.secrets.env:1): is not REGSTACK_NAME=value',
      'regstack.secrets.env (regstack.secrets.env:4): is not REGSTACK_NAME=value',
      'REGSTACK_JWT_SECRETS (regstack.secrets.env:3): is not a setting; did you mean REGSTACK_JWT_SECRET?',
      expect.stringMatching(/^sms.backend \(regstack.toml:9\): /),
      'base_url (REGSTACK_BASE_URL): must be an absolute URL such as https://app.example.org',
      expect.stringMatching(/^jwt_secret \(default; set REGSTACK_JWT_SECRET\): must have at least 32 bytes/),
      'jwt_ttl_seconds (regstack.toml:2): must not be less than 1',
      'login_lockout_threshold (regstack.toml:4): must be an integer number',
    ]);
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    [
      'broken syntax',
      'app_name = "x\njwt_secret = "hunter2',
      /^regstack.toml \(regstack.toml:1\): is not TOML at column \d+: /,
    ],
    [
      'a value without quotes',
      'jwt_secret = hunter2',
      /^regstack.toml \(regstack.toml:1\): is not TOML at column 14: invalid value$/,
    ],
    [
      'a key twice',
      'app_name = "a"\napp_name = "b"',
      /^regstack.toml \(regstack.toml:2\): is not TOML at column 1: /,
    ],
    [
      'other bytes than UTF-8',
      new Uint8Array([0x61, 0x3d, 0x22, 0xff, 0x22]),
      /^regstack.toml \(.*\): is not UTF-8$/,
    ],
    [
      'an integer beyond the safe ones',
      'jwt_ttl_seconds = 99999999999999999999',
      /:1\): is not TOML at column/,
    ],
    ['a table for a value', '[app_name]\nx = 1', /^app_name \(regstack.toml:1\): /],
    [
      'a list of tables for a section',
      '[[email]]\nbackend = "smtp"',
      /^email \(regstack.toml:1\): is not a setting/,
    ],
    ['the prototype', '__proto__ = 1', /^__proto__ \(regstack.toml:1\): is not a setting/],
    ['a date for a section', 'email = 1979-05-27', /^email \(regstack.toml:1\): is not a setting/],
    ['a table for a former name', '[behind_proxy]\na = 1', /^trusted_proxies \(regstack.toml:1\): /],
    ['a date', 'app_name = 1979-05-27', /^app_name \(regstack.toml:1\): /],
    ['infinity', 'jwt_ttl_seconds = inf', /^jwt_ttl_seconds \(regstack.toml:1\): /],
  ])('W40: refuses %s and quotes nothing', (_, toml, expected) => {
    const problems = problemsOf({ toml });
    expect(problems).toEqual([expect.stringMatching(expected)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('a secret is taken as it stands: # and $ are part of it, quotes around it are not', () => {
    const value = `${SECRET}#not-a-comment$HOME`;
    expect(load({ secrets: `REGSTACK_JWT_SECRET=${value}` }).jwtSecret).toBe(value);
    expect(load({ secrets: `\r\n  REGSTACK_JWT_SECRET = "${value}"  \r\n` }).jwtSecret).toBe(value);
    expect(load({ secrets: `REGSTACK_JWT_SECRET='${value}'` }).jwtSecret).toBe(value);
  });

  it('a secret that has lost its = is not told with the name that it runs into', () => {
    const secret = 'Zq8Vt3Lx9Wm2Kp7R'.repeat(2);
    const isNoLine = 'regstack.secrets.env (regstack.secrets.env:1): is not REGSTACK_NAME=value';
    const isMissing = expect.stringMatching(/^jwt_secret /) as string;
    expect(problemsOf({ secrets: `REGSTACK_JWT_SECRET${secret}==` })).toEqual([isNoLine, isMissing]);
    expect(problemsOf({ secrets: `REGSTACK_${secret}==` })).toEqual([isNoLine, isMissing]);
    expect(problemsOf({ secrets: `REGSTACK_JWT_SECRET${secret.toUpperCase()}==` })).toEqual([
      expect.stringMatching(/^REGSTACK_JWT_SECRET… \(regstack\.secrets\.env:1\): is not a setting/),
      isMissing,
    ]);
    expect(problemsOf({ env: { REGSTACK_EMAIL__SMTP_PASSWORDhunter2hunter2: '' } })).toEqual([
      expect.stringMatching(/^REGSTACK_EMAIL__SMTP_PASSWORD… \(environment\): is not a setting/),
    ]);
    expect(problemsOf({ env: { REGSTACK_JWT_SECRETS: 'x' } })).toEqual([
      'REGSTACK_JWT_SECRETS (environment): is not a setting; did you mean REGSTACK_JWT_SECRET?',
    ]);
  });

  it('a name that would break its line is told on that line', () => {
    expect(() => load({ toml: '"\\n    at x\\u001b[2J" = 1' })).toThrow(
      /problem\(s\):\n {2}at x \[2J \(regstack\.toml:\?\): is not a setting$/,
    );
  });

  it('REGSTACK_CONFIG names another TOML file, with the secrets beside it or else in the working directory', () => {
    const elsewhere = folderWith({ 'other.toml': 'app_name = "Elsewhere"' });
    const directory = folderWith({
      'regstack.toml': 'app_name = "Here"',
      'regstack.secrets.env': `REGSTACK_JWT_SECRET=${SECRET} here`,
    });
    const env = { REGSTACK_CONFIG: join(elsewhere, 'other.toml') };
    const first = loadRegStackConfig({}, { env, directory });
    expect([first.appName, first.jwtSecret]).toEqual(['Elsewhere', `${SECRET} here`]);
    writeFileSync(join(elsewhere, 'regstack.secrets.env'), `REGSTACK_JWT_SECRET=${SECRET} elsewhere`);
    expect(loadRegStackConfig({}, { env, directory }).jwtSecret).toBe(`${SECRET} elsewhere`);
  });

  it('a file that is named must be there, and must be a file', () => {
    const directory = folderWith({ 'regstack.secrets.env': `REGSTACK_JWT_SECRET=${SECRET}` });
    const loading = (REGSTACK_CONFIG: string) => () =>
      loadRegStackConfig({}, { env: { REGSTACK_CONFIG }, directory });
    expect(loading('missing.toml')).toThrow(
      /REGSTACK_CONFIG \(environment\): names a file that does not exist/,
    );
    expect(loading('.')).toThrow(/cannot be read \(EISDIR\)/);
  });
});
