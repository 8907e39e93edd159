import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFilesIn, namesIn } from '../support/cli/config-files';
import { KEYS, TerminalSession } from '../support/cli/terminal-session';
import { scratchFolder } from '../support/scratch-folder';

const { enter, down, clearLine, interrupt } = KEYS;

type Script = readonly (readonly [prompt: string, keys: string])[];

const END: Script = [
  ['HTML pages', 'y'],
  ['Routes for admins', 'n'],
  ['reverse proxies', `2${enter}`],
];
const DEVELOPMENT: Script = [
  ['Name of the app', `Plum "#1"${enter}`],
  ['URL at which', enter],
  ['Database:', enter],
  ['Mail leaves by', enter],
  ['Address that mails come from', enter],
  ['Who must have a second factor', enter],
  ['Codes by SMS', enter],
  ...END,
];
const PRODUCTION: Script = [
  ['Name of the app', enter],
  ['URL at which', `https://plum.example.org${enter}`],
  ['Database:', `postgres://shop@db.example.org/shop${enter}`],
  ['Password of that user', `canary@database${enter}`],
  ['Mail leaves by', `${down}${enter}`],
  ['Mail server', `smtp.example.org${enter}`],
  ['Port of the mail server', `465${enter}`],
  ['TLS with', `${down}${enter}`],
  ['User at the mail server', `plum${enter}`],
  ['Password at the mail server', `"canary #mail"${enter}`],
  ['Address that mails come from', `us@plum.example.org${enter}`],
  ['Who must have a second factor', `${down}${enter}`],
  ['Codes by SMS', `${down}${down}${enter}`],
  ['Account at Twilio', `AC0123456789${enter}`],
  ['Token of that account', `canary-twilio${enter}`],
  ['Number or name', `+15005550006${enter}`],
  ...END,
];

async function play(script: Script, cwd: string, args: readonly string[] = []): Promise<TerminalSession> {
  const session = TerminalSession.start(['init', ...args], { cwd });
  for (const [prompt, keys] of script) await session.answer(prompt, keys);
  return session;
}

describe('regstack init, in a terminal', () => {
  it('asks for an app on this machine', async () => {
    const cwd = scratchFolder('init');
    const session = await play(DEVELOPMENT, cwd);
    expect(await session.end()).toBe(0);
    const { config, mode, gitignore } = configFilesIn(cwd);
    expect(config).toMatchObject({
      appName: 'Plum "#1"',
      baseUrl: 'http://localhost:3000',
      databaseUrl: 'sqlite:./regstack.db',
      mfaPolicy: 'optional',
      enableSms2fa: false,
      enableUiRouter: true,
      enableAdminRouter: false,
      trustedProxies: 2,
    });
    expect(config.email.backend).toBe('console');
    expect([mode, gitignore]).toEqual(['600', 'regstack.secrets.env\n']);
    expect(session.screen).toContain(
      'npm install @regstack/nestjs @nestjs/event-emitter typeorm better-sqlite3',
    );
    expect(session.screen).not.toContain(config.jwtSecret);
  });

  it('asks for PostgreSQL, SMTP and Twilio; what is secret is shown nowhere and kept apart', async () => {
    const cwd = scratchFolder('init');
    const session = await play(PRODUCTION, cwd);
    expect(await session.end()).toBe(0);
    const { config, toml, secrets } = configFilesIn(cwd);
    expect(config).toMatchObject({
      appName: 'RegStack',
      databaseUrl: 'postgres://shop:canary%40database@db.example.org/shop',
      mfaPolicy: 'required',
      enableSms2fa: true,
    });
    expect(config.email).toMatchObject({
      backend: 'smtp',
      smtpHost: 'smtp.example.org',
      smtpPort: 465,
      smtpTls: 'implicit',
      smtpUsername: 'plum',
      smtpPassword: '"canary #mail"',
      fromAddress: 'us@plum.example.org',
    });
    expect(config.sms).toMatchObject({
      backend: 'twilio',
      twilioAccountSid: 'AC0123456789',
      twilioAuthToken: 'canary-twilio',
      fromNumber: '+15005550006',
    });
    for (const shown of [session.screen, toml]) expect(shown).not.toContain('canary');
    expect(secrets.match(/canary/g)).toHaveLength(3);
    expect(session.screen).toContain(
      'npm install @regstack/nestjs @nestjs/event-emitter typeorm pg @nestjs-modules/mailer nodemailer lodash twilio',
    );
  });

  it('tells the rule of an answer that the app would refuse, and asks again', async () => {
    const cwd = scratchFolder('init');
    const wrong = (answer: string, rule: string, right: string): Script => [
      ['', answer + enter],
      [rule, clearLine + right + enter],
    ];
    const session = await play(
      [
        ['Name of the app', ''],
        ...wrong('x'.repeat(65), 'must be shorter than or equal to 64 characters', 'Plum'),
        ['URL at which', ''],
        ...wrong('plum.example.org', 'must be an absolute URL', 'https://plum.example.org'),
        ['Database:', ''],
        ...wrong('mysql://host/name', 'must be', 'sqlite:./users.db'),
        ['Mail leaves by', `${down}${enter}`],
        ['Mail server', ''],
        ...wrong('', 'is needed by email.backend = smtp', 'smtp.example.org'),
        ['Port of the mail server', ''],
        ...wrong('many', 'must be a number', '587'),
        ['TLS with', `${down}${down}${enter}`],
        ['may be none only when', ''],
        ['TLS with', enter],
      ],
      cwd,
    );
    await session.answer('User at the mail server', `plum${enter}`);
    await session.answer('Password at the mail server', enter);
    await session.answer('set both or none', `canary${enter}`);
    await session.answer('Address that mails come from', interrupt);
    expect(await session.end()).toBe(130);
  });

  it('takes no password where it is shown', async () => {
    const session = await play(
      [['Database:', `postgres://shop:pw@db.example.org/shop${enter}`]],
      scratchFolder('init'),
      ['--app-name', 'Plum', '--base-url', 'http://localhost:3000'],
    );
    await session.answer('must not hold a password here', interrupt);
    expect(await session.end()).toBe(130);
  });

  it('what a flag or a variable has answered is not asked', async () => {
    const cwd = scratchFolder('init');
    const flags = [
      '--app-name',
      'Plum',
      '--base-url',
      'https://plum.example.org',
      '--mail',
      'ses',
      '--ses-region',
      'eu-central-1',
    ];
    const more = ['--from-address', 'us@example.org', '--mfa-policy', 'off', '--no-pages', '--admin-routes'];
    const env = { REGSTACK_DATABASE_URL: 'mongodb://shop:canary@db.example.org/shop' };
    const session = TerminalSession.start(['init', ...flags, ...more], { cwd, env });
    await session.answer('reverse proxies', `1${enter}`);
    expect(await session.end()).toBe(0);
    expect(configFilesIn(cwd).config).toMatchObject({
      appName: 'Plum',
      databaseUrl: env.REGSTACK_DATABASE_URL,
      mfaPolicy: 'off',
      enableUiRouter: false,
      enableAdminRouter: true,
      trustedProxies: 1,
    });
    expect(session.screen).not.toContain('canary');
  });

  it.each(PRODUCTION.map(([prompt], at) => ({ prompt, at })))(
    'Ctrl-C at "$prompt" ends it with 130, and nothing is written',
    async ({ prompt, at }) => {
      const folder = join(scratchFolder('init'), 'app');
      const session = await play(PRODUCTION.slice(0, at), scratchFolder('init'), ['--target', folder]);
      await session.answer(prompt, interrupt);
      expect([await session.end(), namesIn(folder)]).toEqual([130, []]);
      expect(session.screen).toContain('cancelled');
    },
  );

  it.each(['regstack.toml', 'regstack.secrets.env'])(
    'leaves a %s alone that has come while it asked, and writes nothing beside it',
    async (name) => {
      const cwd = scratchFolder('init');
      const session = await play(DEVELOPMENT.slice(0, -1), cwd);
      await session.shows('reverse proxies');
      writeFileSync(join(cwd, name), 'mine');
      await session.answer('', enter);
      expect([await session.end(), namesIn(cwd)]).toEqual([1, ['.gitignore', name].toSorted()]);
      expect(session.screen).toContain('has come while the questions were answered');
      expect(readFileSync(join(cwd, name), 'utf8')).toBe('mine');
    },
  );

  it('files that are there are written over after a yes only', async () => {
    const cwd = scratchFolder('init');
    const files = {
      'regstack.toml': 'app_name = "Old"\n',
      'regstack.secrets.env': `REGSTACK_JWT_SECRET=${'s'.repeat(40)}\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    const refused = await play([['Write over?', enter]], cwd);
    expect(await refused.end()).toBe(1);
    for (const [name, text] of Object.entries(files))
      expect(readFileSync(join(cwd, name), 'utf8')).toBe(text);
    const agreed = await play([['Write over?', 'y'], ...DEVELOPMENT], cwd);
    expect(await agreed.end()).toBe(0);
    expect(configFilesIn(cwd).config).toMatchObject({ appName: 'Plum "#1"', jwtSecret: 's'.repeat(40) });
  });
});
