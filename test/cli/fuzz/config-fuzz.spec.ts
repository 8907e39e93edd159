import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { loadRegStackConfig, type RegStackConfig } from '@regstack/nestjs';
import { AppOpener } from '../../../libs/cli/src/app/app.opener';
import { Examination } from '../../../libs/cli/src/doctor/examination';
import type { CheckResult } from '../../../libs/cli/src/findings/finding';
import { reportOf } from '../../../libs/cli/src/findings/report';
import { Terminal } from '../../../libs/cli/src/terminal';
import { runCli } from '../../support/cli/run-cli';
import { scratchFolder } from '../../support/scratch-folder';
import { mutation } from './mutations';
import { CANARIES, SOUND_SECRETS, SOUND_TOML } from './sound-files';

const RUNS = Number(process.env['REGSTACK_TEST_CONFIG_RUNS'] ?? 600);
const SEED = Number(process.env['REGSTACK_TEST_SEED'] ?? 1);
/** With each of these the command itself is started. */
const STARTS = 5;
const PATIENCE_MS = 600_000;

const folder = scratchFolder('fuzz');
const home = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => process.chdir(home));

/** Whoever has so much of a secret in a row has seen it. */
const WINDOW = 8;

function expectNothingTold(printed: string): void {
  expect(printed).not.toMatch(/^\s+at |node:internal/m);
  const lower = printed.toLowerCase();
  for (const secret of CANARIES)
    for (let at = 0; at + WINDOW <= secret.length; at++)
      expect(lower).not.toContain(secret.slice(at, at + WINDOW).toLowerCase());
}

let count = 0;

function write(toml: Uint8Array, secrets: Uint8Array): string {
  const directory = join(folder, String(count++));
  mkdirSync(directory);
  writeFileSync(join(directory, 'regstack.toml'), toml);
  writeFileSync(join(directory, 'regstack.secrets.env'), secrets, { mode: 0o600 });
  return join(directory, 'regstack.toml');
}

const examine = (config: string): Promise<readonly CheckResult[]> =>
  new Examination(new AppOpener(new Terminal())).examine({ config });

const isRefused = (results: readonly CheckResult[]): boolean =>
  results.some(({ check, status }) => check === 'configuration' && status === 'fail');

const defaults = loadRegStackConfig(
  { jwtSecret: CANARIES[0] },
  { env: {}, directory: scratchFolder('empty') },
);

const camelCase = (name: string): string =>
  name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** What a file says that was taken must be in the configuration: each name is a setting, and its value the one of the setting. */
function expectTaken(table: object, config: object, known: object): void {
  for (const [name, value] of Object.entries(table) as [string, unknown][]) {
    if (OF_SECRETS_FILE.has(name)) continue;
    const property = camelCase(name);
    expect([name, Object.hasOwn(known, property)]).toEqual([name, true]);
    const usual = Reflect.get(known, property) as unknown;
    const taken = Reflect.get(config, property) as unknown;
    if (typeof usual === 'object' && usual !== null && !Array.isArray(usual))
      expectTaken(value as object, taken as object, usual);
    else if (typeof value === 'string' && typeof usual !== 'string')
      expect([name, String(taken)]).toEqual([name, asRead(value, usual)]);
    else expect([name, taken]).toEqual([name, value]);
  }
}

/** Text that stands for a number, a switch or a list. */
function asRead(text: string, usual: unknown): string {
  if (typeof usual === 'boolean') return String(['true', '1'].includes(text.toLowerCase()));
  if (typeof usual === 'number') return String(Number(text));
  return text;
}

/** What the other file says wins. */
const OF_SECRETS_FILE: ReadonlySet<string> = new Set(['jwt_secret', 'database_url', 'from_number']);

/** Names of the Python project, which are understood or told to mean nothing. */
const FORMER_NAMES = /behind_proxy|smtp_starttls|_collection|log_bodies/;

describe('configuration files that were changed at random', () => {
  it(
    'are refused by name or taken as they are; neither stack nor secret is told',
    async () => {
      const tally = { refused: 0, taken: 0 };
      await fc.assert(
        fc.asyncProperty(
          mutation,
          mutation,
          fc.constantFrom('toml', 'secrets', 'both'),
          fc.context(),
          async (one, other, which, made) => {
            const toml = which === 'secrets' ? Buffer.from(SOUND_TOML) : one(Buffer.from(SOUND_TOML));
            const secrets = which === 'toml' ? Buffer.from(SOUND_SECRETS) : other(Buffer.from(SOUND_SECRETS));
            const file = write(toml, secrets);
            made.log(`${toml.toString()}\n=====\n${secrets.toString()}`);
            const results = await examine(file);
            expectNothingTold(reportOf(results).join('\n'));
            tally[isRefused(results) ? 'refused' : 'taken']++;
            if (isRefused(results)) return;
            const config: RegStackConfig = loadRegStackConfig({}, { env: { REGSTACK_CONFIG: file } });
            const text = toml.toString();
            if (which === 'toml' && !FORMER_NAMES.test(text)) expectTaken(parse(text), config, defaults);
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
      expect(tally.refused).toBeGreaterThan(RUNS / 4);
      expect(tally.taken).toBeGreaterThan(RUNS / 20);
    },
    PATIENCE_MS,
  );

  const samples = fc.sample(fc.tuple(mutation, mutation), { numRuns: STARTS, seed: SEED });

  it.each(samples.map((pair, n) => [n, ...pair] as const))(
    'number %i, with the command itself',
    async (_, one, other) => {
      const config = write(one(Buffer.from(SOUND_TOML)), other(Buffer.from(SOUND_SECRETS)));
      for (const command of [['doctor', '--json'], ['doctor'], ['migrate', '--status']]) {
        const { code, stdout, stderr } = await runCli([...command, '--config', config], { cwd: folder });
        expectNothingTold(stdout + stderr);
        expect(code).not.toBe(null);
        // oxlint-disable-next-line no-control-regex
        expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }
    },
    PATIENCE_MS,
  );
});
