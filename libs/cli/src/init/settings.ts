import { loadRegStackConfig, type RegStackConfig, type RegStackOptions } from '@regstack/nestjs';
import { ALWAYS_SECRET, mayHoldPassword, variableOf } from '../app/secret-settings';
import { withPassword } from './database-password';
import type { Answers } from './question';

/** Settings by their key in files, as text. */
export type Settings = ReadonlyMap<string, string>;

/** A folder without files of ours: a file has none. */
const NOWHERE = __filename;
/** Long enough for the rules; it is never written. */
const SOME_SECRET = 'a secret that stands for the one to come';

const DEFAULTS = loadRegStackConfig({ jwtSecret: SOME_SECRET }, { env: {}, directory: NOWHERE });

/** The settings that the answers stand for: each that was asked for, whether it is the default or not. */
export function settingsOf(answers: Answers): Settings {
  const settings = new Map(answers);
  const sms = answers.get('sms.backend');
  if (sms !== undefined) settings.set('enable_sms_2fa', String(sms !== 'none'));
  if (sms === 'none') settings.delete('sms.backend');
  const [url, password] = [answers.get('database_url'), answers.get('database_password')];
  settings.delete('database_password');
  if (url !== undefined && password !== undefined) settings.set('database_url', withPassword(url, password));
  return settings;
}

/**
 * The configuration that an app has of these settings, and of the secrets that sign, alone.
 * @throws ConfigError naming every problem
 */
export function configOf(
  settings: Settings,
  signing: RegStackOptions = { jwtSecret: SOME_SECRET },
): RegStackConfig {
  const env: Record<string, string | undefined> = { NODE_ENV: process.env['NODE_ENV'] };
  for (const [key, value] of settings) env[variableOf(key)] = value;
  return loadRegStackConfig(signing, { env, directory: NOWHERE });
}

/** The default of a setting, which tells its type too; null: none. */
export function defaultOf(key: string): string | number | boolean | null {
  const path = key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()).split('.');
  const value = path.reduce<unknown>(
    (tree, name) => (tree as Record<string, unknown> | undefined)?.[name],
    DEFAULTS,
  );
  return (value ?? null) as string | number | boolean | null;
}

/** Whether a value belongs into the file of secrets. */
export function isSecret(key: string, value: string): boolean {
  return ALWAYS_SECRET.includes(key) || (key === 'database_url' && mayHoldPassword(value));
}
