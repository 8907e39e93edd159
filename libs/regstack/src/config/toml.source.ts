import { parse, TomlError } from 'smol-toml';
import type { ConfigProblem } from './config.error';
import { readText } from './file';
import { KNOWN_SETTINGS } from './known-settings';
import { isTree } from './setting.decorator';
import { interpret, type Line, NOTHING, type Reading } from './source';
import { lineOf } from './toml-line';

/** `regstack.toml` (TOML 1.0): settings by snake_case name, sections as tables. Null: there is no such file. */
export function readToml(file: string): Reading | null {
  const read = readText(file);
  if (read === null) return null;
  if ('problem' in read) return { ...NOTHING, problems: [read.problem] };
  const { name, text } = read;
  try {
    const at = (key: string): string => `${name}:${lineOf(text, key.split('.')) ?? '?'}`;
    return interpret(linesOf(parse(text), '', at), (key) => key);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { ...NOTHING, problems: [syntaxProblem(name, error)] };
  }
}

/** The tables that are sections are walked; any other table is one value, of an unknown name. */
function linesOf(table: object, prefix: string, at: (key: string) => string): Line[] {
  return Object.entries(table).flatMap(([name, value]: [string, unknown]) => {
    const key = prefix + name;
    const isSection = prefix === '' && KNOWN_SETTINGS.some((one) => one.key.startsWith(`${key}.`));
    if (isSection && isTree(value)) return linesOf(value, `${key}.`, at);
    return [{ key, value, origin: at(key) }];
  });
}

/** The parser's message goes on with the lines around the place, which may hold a secret: only its first line is told. */
function syntaxProblem(name: string, { message, line, column }: TomlError): ConfigProblem {
  const rule = message.split('\n', 1)[0]!.replace('Invalid TOML document: ', '');
  return { key: name, source: `${name}:${line}`, message: `is not TOML at column ${column}: ${rule}` };
}
