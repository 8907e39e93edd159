import type { ConfigProblem } from './config.error';
import { formerName, replacementOf } from './former-names';
import { KNOWN_SETTINGS, type KnownSetting } from './known-settings';
import { notASetting } from './nearest-name';

/** One value as a source gives it. */
export interface Entry {
  /** Dotted camelCase path: `email.smtpHost`. */
  readonly path: string;
  readonly value: unknown;
  /** Where it stands, for messages: `REGSTACK_APP_NAME`, `regstack.toml:3`, `argument`. */
  readonly origin: string;
}

/** What one source says. */
export interface Reading {
  readonly entries: readonly Entry[];
  readonly problems: readonly ConfigProblem[];
  /** What is put up with and told: the file of the Python project has names that mean nothing here. */
  readonly warnings: readonly ConfigProblem[];
}

/** A name and its value as they stand in a file or in the environment. */
export interface Line {
  /** Dotted snake_case: `email.smtp_host`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

/** How a source spells a name: `email.smtp_host`, or `REGSTACK_EMAIL__SMTP_HOST`. */
type Spelling = (key: string) => string;

/** Nothing said. */
export const NOTHING: Reading = { entries: [], problems: [], warnings: [] };

/**
 * Finds the setting that each line means. Unknown names, text that cannot be read and a setting that is named twice are problems;
 * names of the Python project are understood, or told to mean nothing.
 */
export function interpret(lines: readonly Line[], spelling: Spelling): Reading {
  const entries = new Map<string, Entry>();
  const problems: ConfigProblem[] = [];
  const warnings: ConfigProblem[] = [];
  for (const { key: typed, value: given, origin } of lines) {
    const { key, value } = formerName(typed, given);
    const setting = KNOWN_SETTINGS.find((one) => one.key === key);
    if (!setting) {
      const isVariable = spelling(typed) === origin.toUpperCase();
      const name = spelling(withoutSecret(typed));
      const problem = { key: name, source: isVariable ? 'environment' : origin };
      const replacement = replacementOf(key);
      if (replacement === null) problems.push({ ...problem, message: notASetting(name, namesIn(spelling)) });
      else warnings.push({ ...problem, message: `means nothing here and can go; instead: ${replacement}` });
      continue;
    }
    const decoded = decode(value, setting);
    const earlier = entries.get(setting.path);
    if (decoded === undefined) problems.push({ key, source: origin, message: expectedOf(setting) });
    else if (earlier)
      problems.push({ key, source: origin, message: `is set already (${earlier.origin}); keep one` });
    else entries.set(setting.path, { path: setting.path, value: decoded, origin });
  }
  return { entries: [...entries.values()], problems, warnings };
}

/** So much of a secret may be told, by whoever meant a name that is longer. */
const SHORT = 7;

/** The name, unless it is the one of a secret with that secret behind it, as where the `=` between them was lost. */
function withoutSecret(typed: string): string {
  const secret = KNOWN_SETTINGS.find(({ key, isSecret }) => isSecret && typed.startsWith(key));
  return secret && typed.length > secret.key.length + SHORT ? `${secret.key}…` : typed;
}

function namesIn(spelling: Spelling): string[] {
  return KNOWN_SETTINGS.map(({ key }) => spelling(key));
}

/** Text is read by the type of the setting; undefined when it cannot be. What has a type already keeps it. */
function decode(value: unknown, { type }: KnownSetting): unknown {
  if (typeof value !== 'string') return value;
  if (type === 'boolean') return { true: true, '1': true, false: false, '0': false }[value.toLowerCase()];
  if (type === 'number') return /^-?\d+$/.test(value.trim()) ? Number(value) : undefined;
  return type === 'list' ? listOf(value.trim()) : value;
}

/** A JSON array, for entries with commas in them, or entries separated by commas. */
function listOf(text: string): unknown {
  if (text.startsWith('[')) return jsonOf(text);
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function expectedOf({ type }: KnownSetting): string {
  if (type === 'list') return 'must be a list: a,b or ["a","b"]';
  return type === 'boolean' ? 'must be true or false' : 'must be a number';
}
