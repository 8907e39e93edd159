import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { loadRegStackConfig, type RegStackConfig } from '@regstack/nestjs';
import { collectAnswers } from './collect-answers';
import { configText, whyNotKept } from './config-text';
import { byDefault } from './interview';
import { configOf, settingsOf } from './settings';

const SIGNING = 'a secret that signs, in one line of text';
const folder = mkdtempSync(join(tmpdir(), 'config-text-'));

/** What two answers become: the configuration that is read from the files, or why they are refused. */
async function throughFiles(answers: Record<string, string>): Promise<RegStackConfig | string> {
  const given = new Map(Object.entries(answers));
  let collected;
  try {
    collected = await collectAnswers(given, byDefault);
  } catch (error) {
    return (error as Error).message;
  }
  const text = configText(settingsOf(collected), [`REGSTACK_JWT_SECRET=${SIGNING}`]);
  writeFileSync(join(folder, 'regstack.toml'), text.toml);
  writeFileSync(join(folder, 'regstack.secrets.env'), text.secrets);
  const config = loadRegStackConfig({}, { env: {}, directory: folder });
  expect(config).toEqual(configOf(settingsOf(collected), { jwtSecret: SIGNING }));
  return config;
}

const SMTP = { 'email.backend': 'smtp', 'email.smtp_host': 'smtp.example.org' };
const HOSTILE = [
  '"',
  "'",
  '"""',
  '"quoted"',
  "'quoted'",
  '#',
  ' # ',
  '$HOME',
  '`id`',
  '\\',
  '\\n',
  ' ',
  '\t',
  '=',
  '__proto__',
  'constructor',
  'ü',
  '🔑',
  '\u200b',
  '\ufeff',
  '\u0000',
  '\u007f',
  '\n',
  '\r',
  '\u2028',
  '[email]',
  'x'.repeat(10_000),
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...HOSTILE), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
);

describe('what init writes', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read back as it was answered, or refused, whatever the answers are', async () => {
    let kept = 0;
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (appName, username, password) => {
        const answers = {
          ...SMTP,
          app_name: appName,
          'email.smtp_username': username,
          'email.smtp_password': password,
        };
        const [whole, credentials] = [
          await throughFiles(answers),
          await throughFiles({ ...answers, app_name: 'Plum' }),
        ];
        if (typeof whole !== 'string') expect(whole.appName).toBe(appName || 'RegStack');
        if (typeof credentials === 'string')
          expect(credentials).toMatch(/^(--smtp-username|REGSTACK_EMAIL__SMTP_PASSWORD): /);
        else if (username !== '' && password !== '') {
          kept++;
          expect([credentials.email.smtpUsername, credentials.email.smtpPassword]).toEqual([
            username,
            password,
          ]);
        }
      }),
      { numRuns: 100, examples: [['"""', '#', ' "x" ']] },
    );
    expect(kept).toBeGreaterThan(20);
  });

  it.each(HOSTILE.filter(({ length }) => length < 100))(
    'takes %j as a password of SMTP, or says why not',
    async (password) => {
      const config = await throughFiles({
        ...SMTP,
        'email.smtp_username': 'me',
        'email.smtp_password': `${password}x${password}`,
      });
      if (['\n', '\r', '\u2028'].includes(password))
        expect(config).toContain('REGSTACK_EMAIL__SMTP_PASSWORD: has a line break');
      else expect(config).toMatchObject({ email: { smtpPassword: `${password}x${password}` } });
    },
  );

  it.each([' spaces around ', '"', '""', '"both"', "'both'", '" one', '#'])(
    'keeps the password %j',
    async (password) => {
      const config = await throughFiles({
        ...SMTP,
        'email.smtp_username': 'me',
        'email.smtp_password': password,
      });
      expect(config).toMatchObject({ email: { smtpPassword: password } });
    },
  );

  it.each(['p@ss/w:rd', '%', '#?&', ' ', 'ü', '\n'])(
    'puts the password %j into the URL of a database',
    async (password) => {
      const config = await throughFiles({
        database_url: 'postgres://shop@db.example.org/shop',
        database_password: password,
      });
      expect(decodeURIComponent(new URL((config as RegStackConfig).databaseUrl).password)).toBe(password);
    },
  );

  it('no half of a character is written', () => {
    expect(whyNotKept('email.smtp_username', '\ud800')).toBe('is not well-formed Unicode');
  });

  it('a URL that holds a password, or may, is with the secrets, and any other is not', () => {
    const placeOf = (url: string) =>
      configText(new Map([['database_url', url]]), []).toml.includes('database_url') ? 'toml' : 'secrets';
    const URLS = {
      'sqlite:./regstack.db': 'toml',
      'postgres://shop@db.example.org:5432/shop': 'toml',
      'postgres://db.example.org/shop?sslmode=require': 'toml',
      'mongodb://one.example.org:27017,two.example.org:27017/shop?replicaSet=rs0': 'toml',
      'postgres://shop:pw@db.example.org/shop': 'secrets',
      'postgres://shop:p@ss/w@db.example.org/shop': 'secrets',
      'postgres://db.example.org/shop?user=shop&password=pw': 'secrets',
      'mongodb+srv://shop:pw@db.example.org/shop': 'secrets',
      'mongodb://db.example.org/?authMechanismProperties=AWS_SESSION_TOKEN:x': 'secrets',
    };
    expect(Object.fromEntries(Object.keys(URLS).map((url) => [url, placeOf(url)]))).toEqual(URLS);
  });
});
