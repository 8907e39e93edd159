import { stringify } from 'smol-toml';
import { variableOf } from '../app/secret-settings';
import { defaultOf, isSecret, type Settings } from './settings';

/** What both files are to hold. */
export interface ConfigText {
  readonly toml: string;
  readonly secrets: string;
}

const TOML_HEAD = `# Settings of RegStack; docs/configuration.md lists all of them, with their rules and defaults.
# Secrets are in regstack.secrets.env beside this file. REGSTACK_* variables of the environment win over both.

`;
const SECRETS_HEAD = `# Secrets of RegStack, one REGSTACK_NAME=value a line. For the app alone: not for version control, mail or logs.
`;

/**
 * Both files for these settings, which `whyNotKept` must have let pass.
 * @param signing the lines of the secrets that sign, which go into the file of secrets as they are
 */
export function configText(settings: Settings, signing: readonly string[]): ConfigText {
  const entries = [...settings];
  const lines = entries
    .filter(([key, value]) => isSecret(key, value))
    .map(([key, value]) => `${variableOf(key)}=${quotedWhereNeeded(value)}`);
  const plain = entries.filter(([key, value]) => !isSecret(key, value));
  return {
    toml: TOML_HEAD + stringify(tableOf(plain)),
    secrets: `${SECRETS_HEAD}${[...signing, ...lines].join('\n')}\n`,
  };
}

/** Why a value could not be read back from its file as it is; null: it can. */
export function whyNotKept(key: string, value: string): string | null {
  if (!value.isWellFormed()) return 'is not well-formed Unicode';
  if (isSecret(key, value) && /[\n\r\u2028\u2029]/.test(value)) {
    return `has a line break, which regstack.secrets.env cannot hold; set ${variableOf(key)} in the environment of the app instead`;
  }
  return null;
}

function tableOf(entries: readonly (readonly [key: string, value: string])[]): Record<string, unknown> {
  const table: Record<string, unknown> = {};
  for (const [key, text] of entries) {
    const [first, second] = key.split('.') as [string, string?];
    const value = typedLike(defaultOf(key), text);
    if (second === undefined) table[first] = value;
    else table[first] = { ...(table[first] as object | undefined), [second]: value };
  }
  return table;
}

function typedLike(example: unknown, text: string): unknown {
  if (typeof example === 'boolean') return text === 'true';
  return typeof example === 'number' ? Number(text) : text;
}

/** The reader drops blanks around a value, and one pair of quotes; it knows no escapes. */
function quotedWhereNeeded(value: string): string {
  return value !== value.trim() || /^(["']).*\1$/.test(value) ? `"${value}"` : value;
}
