import { dirname, join, resolve } from 'node:path';
import { readArguments } from './argument.source';
import type { ConfigProblem } from './config.error';
import { type Environment, readEnvironment } from './environment.source';
import { variableOf } from './known-settings';
import { parseConfig, type RegStackOptions } from './parse-config';
import type { RegStackConfig } from './regstack.config';
import { readSecretsFile } from './secrets-file.source';
import { dotted, isTree } from './setting.decorator';
import type { Entry, Reading } from './source';
import { readToml } from './toml.source';

/** Where the loader looks besides its arguments. */
export interface ConfigSources {
  /** What the app sets unless anybody else does: below the files, above the defaults of the schema. */
  readonly defaults?: RegStackOptions;
  /** Default: `process.env`. */
  readonly env?: Environment;
  /** Folder of `regstack.toml` and `regstack.secrets.env`. Default: the working directory. */
  readonly directory?: string;
}

const TOML_FILE = 'regstack.toml';
const SECRETS_FILE = 'regstack.secrets.env';

/**
 * The configuration from arguments, then `REGSTACK_*` environment variables, then `regstack.secrets.env`, then `regstack.toml` (or
 * the file that `REGSTACK_CONFIG` names, the secrets beside it), then defaults. Synchronous, so that it can stand in a decorator.
 *
 * @throws ConfigError naming every unknown name and every bad value at once, with file and line or variable; values are never printed
 */
export function loadRegStackConfig(
  overrides: RegStackOptions = {},
  sources: ConfigSources = {},
): RegStackConfig {
  const { defaults = {}, env = process.env, directory = process.cwd() } = sources;
  const files = readFiles(env['REGSTACK_CONFIG'] || undefined, directory);
  const variables = readEnvironment(env);
  const problems = [...files.problems, ...variables.problems];
  const warnings = [...files.warnings, ...variables.warnings];
  const entries = new Map<string, Entry>();
  // From the weakest to the strongest.
  for (const entry of [
    ...readArguments(defaults, 'default of the app'),
    ...files.entries,
    ...variables.entries,
    ...readArguments(overrides, 'argument'),
  ])
    entries.set(entry.path, entry);
  const sourceOf = (path: string): string =>
    entries.get(path)?.origin ?? `default; set ${variableOf(dotted(path))}`;
  return parseConfig(treeOf(entries.values()), sourceOf, env['NODE_ENV'], { problems, warnings });
}

/** The secrets beside the file that is read; without any there, those of the folder. */
function readFiles(named: string | undefined, directory: string): Reading {
  const file = resolve(directory, named ?? TOML_FILE);
  const toml = readToml(file);
  const missing: ConfigProblem[] =
    named !== undefined && toml === null
      ? [{ key: 'REGSTACK_CONFIG', source: 'environment', message: 'names a file that does not exist' }]
      : [];
  const secrets =
    readSecretsFile(join(dirname(file), SECRETS_FILE)) ?? readSecretsFile(join(directory, SECRETS_FILE));
  const readings = [toml, secrets].filter((one) => one !== null);
  return {
    entries: readings.flatMap(({ entries }) => entries),
    problems: [...missing, ...readings.flatMap(({ problems }) => problems)],
    warnings: readings.flatMap(({ warnings }) => warnings),
  };
}

function treeOf(entries: Iterable<Entry>): Record<string, unknown> {
  // Without a prototype: `__proto__` is a name like any other, and none of ours.
  const values = Object.create(null) as Record<string, unknown>;
  for (const { path, value } of entries) {
    const [first, second] = path.split('.') as [string, string?];
    const section = values[first];
    if (second === undefined) values[first] = value;
    else values[first] = { ...(isTree(section) ? section : {}), [second]: value };
  }
  return values;
}
