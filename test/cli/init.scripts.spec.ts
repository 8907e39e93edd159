import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFilesIn, namesIn } from '../support/cli/config-files';
import { type Ran, runCli } from '../support/cli/run-cli';
import { scratchFolder } from '../support/scratch-folder';

const init = (cwd: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<Ran> =>
  runCli(['init', '--yes', ...args], { cwd, env });

const SECRET = 'a secret that signs, of an app in use';

describe('regstack init, in a script', () => {
  it('needs --yes where nobody can be asked', async () => {
    const cwd = scratchFolder('init');
    expect(await runCli(['init', '--app-name', 'Plum'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('--yes'),
    });
    expect(namesIn(cwd)).toEqual([]);
  });

  it('takes the defaults, with a secret of its own each time', async () => {
    const folders = [scratchFolder('init'), scratchFolder('init')];
    const ran = await Promise.all(folders.map((cwd) => init(cwd)));
    const [one, two] = folders.map(configFilesIn);
    expect(ran.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(one!.config.jwtSecret).not.toBe(two!.config.jwtSecret);
    expect(Buffer.from(one!.config.jwtSecret, 'base64url')).toHaveLength(48);
    for (const { stdout } of ran) expect(stdout).not.toContain(one!.config.jwtSecret);
    expect(ran[0]!.stdout).toContain('RegStackModule.forRoot(loadRegStackConfig())');
  });

  it('takes an answer from each flag, and passwords from the environment', async () => {
    const cwd = scratchFolder('init');
    const flags =
      `--base-url https://plum.example.org --mail smtp --smtp-host smtp.example.org --smtp-port 465 --smtp-tls implicit
      --smtp-username plum --from-address us@example.org --mfa-policy required_for_superusers --sms twilio --twilio-account-sid AC012
      --sms-from +15005550006 --pages --admin-routes --trusted-proxies 1`.split(/\s+/);
    const env = {
      REGSTACK_DATABASE_URL: 'postgres://shop:canary-db@db.example.org/shop',
      REGSTACK_EMAIL__SMTP_PASSWORD: ' canary mail ',
      REGSTACK_SMS__TWILIO_AUTH_TOKEN: 'canary-sms',
    };
    const { code, stdout, stderr } = await init(cwd, ['--app-name', '"""', ...flags], env);
    expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining('canary')]);
    expect(stderr).toContain('REGSTACK_EMAIL__SMTP_PASSWORD is taken from the environment');
    const { config, toml } = configFilesIn(cwd);
    expect(toml).not.toContain('canary');
    expect(config).toMatchObject({
      appName: '"""',
      databaseUrl: env.REGSTACK_DATABASE_URL,
      mfaPolicy: 'required_for_superusers',
      enableSms2fa: true,
      enableUiRouter: true,
      enableAdminRouter: true,
      trustedProxies: 1,
    });
    expect([config.email.smtpTls, config.email.smtpPassword]).toEqual(['implicit', ' canary mail ']);
    expect(config.sms).toMatchObject({
      backend: 'twilio',
      twilioAuthToken: 'canary-sms',
      fromNumber: '+15005550006',
    });
  });

  it.each<[string, string[], RegExp, Record<string, string>?]>([
    ['an answer against a rule', ['--base-url', 'plum'], /^--base-url: must be an absolute URL/],
    ['an answer that is none of those', ['--mail', 'pigeon'], /^--mail: must be one of console, smtp, ses\n/],
    ['an answer that is missing', ['--mail', 'smtp'], /^--smtp-host: is needed by/],
    [
      'a password that is missing',
      ['--mail', 'smtp', '--smtp-host', 'h', '--smtp-username', 'me'],
      /^REGSTACK_EMAIL__SMTP_PASSWORD: goes together/,
    ],
    [
      'a password in a flag',
      ['--database-url', 'postgres://u:canary@h/d'],
      /^--database-url: must not hold a password/,
    ],
    ['a flag that says nothing', ['--smtp-host', 'h'], /^--smtp-host: does not go with the other answers/],
    ['a flag that is none', ['--smtp-password', 'canary'], /unknown option '--smtp-password'/],
    ['words', ['canary-word'], /too many arguments/],
    [
      'a secret in two lines',
      ['--mail', 'smtp', '--smtp-host', 'h', '--smtp-username', 'me'],
      /^REGSTACK_EMAIL__SMTP_PASSWORD: has a line break/,
      { REGSTACK_EMAIL__SMTP_PASSWORD: 'canary\nx' },
    ],
    ['what production refuses', [], /^--base-url: must be https in production/, { NODE_ENV: 'production' }],
  ])('refuses %s with 2, and writes nothing', async (_, args, message, env = {}) => {
    const cwd = scratchFolder('init');
    const { code, stdout, stderr } = await init(cwd, args, env);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(message)]);
    expect(stderr).not.toContain('canary');
    expect(namesIn(cwd)).toEqual([]);
  });

  it('makes the folder that is named', async () => {
    const cwd = scratchFolder('init');
    const { code, stdout } = await init(cwd, ['--target', 'apps/my plum']);
    expect([code, configFilesIn(join(cwd, 'apps/my plum')).mode]).toEqual([0, '600']);
    expect(stdout).toContain("  cd 'apps/my plum'\n  npx regstack doctor\n");
  });

  it('refuses what is no folder', async () => {
    const cwd = scratchFolder('init');
    writeFileSync(join(cwd, 'file'), 'x');
    mkdirSync(join(cwd, 'odd', 'regstack.toml'), { recursive: true });
    for (const [target, message] of [
      ['file', 'is not a folder; name one with --target'],
      ['file/below', 'lies below something that is not a folder'],
      ['odd', 'regstack.toml is a folder; move it away'],
    ] as const) {
      const { code, stdout, stderr } = await init(cwd, ['--target', target]);
      expect([target, code, stdout, stderr]).toEqual([target, 1, '', expect.stringContaining(message)]);
    }
    expect([readFileSync(join(cwd, 'file'), 'utf8'), namesIn(join(cwd, 'odd'))]).toEqual([
      'x',
      ['regstack.toml'],
    ]);
  });
});

describe('regstack init, where files are already', () => {
  const OLD = {
    'regstack.toml': 'app_name = "Old"\n',
    'regstack.secrets.env': `# mine\nREGSTACK_JWT_SECRET = "${SECRET}"\r\nREGSTACK_JWT_PREVIOUS_SECRETS=["${SECRET} before"]\nREGSTACK_SMS__TWILIO_AUTH_TOKEN=x\n`,
  };
  const folderWith = (files: Record<string, string>): string => {
    const cwd = scratchFolder('init');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text, { mode: 0o644 });
    return cwd;
  };
  const textsIn = (cwd: string) =>
    Object.fromEntries(namesIn(cwd).map((name) => [name, readFileSync(join(cwd, name), 'utf8')]));

  it.each(Object.keys(OLD))('leaves a %s alone without --force', async (name) => {
    const before = { [name]: OLD[name as keyof typeof OLD] };
    const cwd = folderWith(before);
    expect(await init(cwd)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(`${name} is in .* --force`),
    });
    expect(textsIn(cwd)).toEqual(before);
  });

  it('with --force writes both anew, keeps the secrets that sign, and takes the reading from others', async () => {
    const cwd = folderWith(OLD);
    expect(await init(cwd, ['--force', '--app-name', 'New'])).toMatchObject({
      code: 0,
      stderr: 'the secret that signs was kept\n',
    });
    const { config, mode, secrets } = configFilesIn(cwd);
    expect([config.appName, config.jwtSecret, config.jwtPreviousSecrets]).toEqual([
      'New',
      SECRET,
      [`${SECRET} before`],
    ]);
    expect([mode, secrets]).toEqual(['600', expect.not.stringContaining('TWILIO')]);
  });

  it('makes another secret with --new-secret alone', async () => {
    const cwd = folderWith(OLD);
    expect(await init(cwd, ['--force', '--new-secret'])).toMatchObject({ code: 0 });
    const { config, secrets } = configFilesIn(cwd);
    expect([config.jwtPreviousSecrets, secrets.includes(SECRET)]).toEqual([[], false]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a secret in the toml, which would be lost',
      { 'regstack.toml': `jwt_secret = "${SECRET}"\n` },
      'move it to regstack.secrets.env',
    ],
    [
      'a secret that no app would take',
      { 'regstack.secrets.env': 'REGSTACK_JWT_SECRET=short\n' },
      'must have at least 32 bytes',
    ],
  ])('refuses %s, and changes nothing', async (_, before, message) => {
    const cwd = folderWith(before);
    const { code, stderr } = await init(cwd, ['--force']);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(stderr).not.toContain(SECRET);
    expect(textsIn(cwd)).toMatchObject(before);
  });

  it('replaces a link, and does not write through it', async () => {
    const cwd = folderWith({ elsewhere: 'x' });
    symlinkSync('elsewhere', join(cwd, 'regstack.secrets.env'));
    expect(await init(cwd)).toMatchObject({ code: 1 });
    expect(await init(cwd, ['--force'])).toMatchObject({ code: 0 });
    expect([configFilesIn(cwd).mode, readFileSync(join(cwd, 'elsewhere'), 'utf8')]).toEqual(['600', 'x']);
  });

  it.each([
    ['', 'regstack.secrets.env\n'],
    ['node_modules\n', 'node_modules\nregstack.secrets.env\n'],
    ['node_modules', 'node_modules\nregstack.secrets.env\n'],
    ['a\r\nregstack.secrets.env\r\nb', 'a\r\nregstack.secrets.env\r\nb'],
    ['/regstack.secrets.env', '/regstack.secrets.env'],
    ['#regstack.secrets.env\n', '#regstack.secrets.env\nregstack.secrets.env\n'],
  ])('a .gitignore of %j becomes %j', async (before, after) => {
    const cwd = folderWith({ '.gitignore': before });
    expect(await init(cwd)).toMatchObject({ code: 0 });
    expect(configFilesIn(cwd).gitignore).toBe(after);
  });
});
