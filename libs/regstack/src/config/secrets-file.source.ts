import { keyOf } from './environment.source';
import { readText } from './file';
import { KNOWN_SETTINGS, variableOf } from './known-settings';
import { interpret, type Line, NOTHING, type Reading } from './source';

/**
 * `regstack.secrets.env`: one `REGSTACK_NAME=value` a line, `#` before a comment line, quotes around a value dropped. No other
 * feature of a shell, as in the Python project: a `#` or `$` inside a secret is part of it. Null: there is no such file.
 */
export function readSecretsFile(file: string): Reading | null {
  const read = readText(file);
  if (read === null) return null;
  if ('problem' in read) return { ...NOTHING, problems: [read.problem] };
  const lines: Line[] = [];
  const problems = [];
  for (const [index, text] of read.text.split(/\r?\n/).entries()) {
    const origin = `${read.name}:${index + 1}`;
    const [, name, value] = /^\s*(REGSTACK_[A-Za-z0-9_]+)\s*=(.*)$/.exec(text) ?? [];
    if (/^\s*(#|$)/.test(text)) continue;
    if (name === undefined || mayBeSecret(name))
      problems.push({ key: read.name, source: origin, message: 'is not REGSTACK_NAME=value' });
    else lines.push({ key: keyOf(name), value: unquoted(value!.trim()), origin });
  }
  const reading = interpret(lines, variableOf);
  return { ...reading, problems: [...problems, ...reading.problems] };
}

/** What is left where a name has lost its end with the `=` behind it: names have capitals, or are those of settings. */
function mayBeSecret(name: string): boolean {
  return /[a-z]/.test(name) && !KNOWN_SETTINGS.some(({ key }) => key === keyOf(name));
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}
