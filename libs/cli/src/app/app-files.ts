import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AppOptions } from './app-options';

/** Name of the file of settings. */
export const TOML_FILE = 'regstack.toml';
/** Name of the file of secrets. */
export const SECRETS_FILE = 'regstack.secrets.env';

/** The configuration files of an app, as absolute paths; null for one that is not there. */
export interface AppFiles {
  readonly toml: string | null;
  readonly secrets: string | null;
}

/** The files that `loadRegStackConfig()` reads: the secrets beside the TOML file, else those of the working directory. */
export function appFiles({ config }: AppOptions): AppFiles {
  const toml = resolve(config ?? (process.env['REGSTACK_CONFIG'] || TOML_FILE));
  const secrets = [join(dirname(toml), SECRETS_FILE), resolve(SECRETS_FILE)].find((one) => existsSync(one));
  return { toml: existsSync(toml) ? toml : null, secrets: secrets ?? null };
}
