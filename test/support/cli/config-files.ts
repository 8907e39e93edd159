import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRegStackConfig, type RegStackConfig } from '@regstack/nestjs';

/** What `regstack init` has left in a folder. */
export interface ConfigFiles {
  readonly toml: string;
  readonly secrets: string;
  readonly gitignore: string;
  /** Of the file of secrets: `600`. */
  readonly mode: string;
  /** As an app has it that starts there. */
  readonly config: RegStackConfig;
}

/** @throws Error where a file is missing, or anything is left that does not belong there */
export function configFilesIn(folder: string): ConfigFiles {
  const left = readdirSync(folder).filter((name) => name.startsWith('.regstack'));
  if (left.length > 0) throw new Error(`${folder} has ${left.join()} left`);
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    toml: text('regstack.toml'),
    secrets: text('regstack.secrets.env'),
    gitignore: text('.gitignore'),
    mode: (statSync(join(folder, 'regstack.secrets.env')).mode & 0o777).toString(8),
    config: loadRegStackConfig({}, { env: {}, directory: folder }),
  };
}

/** Names of what is in a folder; none where there is no such folder. */
export const namesIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).toSorted() : [];
