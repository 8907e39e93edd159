import { createHash } from 'node:crypto';
import { previousOf, type Secrets } from './secrets';

const [CURRENT, PREVIOUS] = ['REGSTACK_JWT_SECRET', 'REGSTACK_JWT_PREVIOUS_SECRETS'];

/** A line with what ends it, so that all that is not changed stays as it is, byte for byte. */
interface Line {
  readonly text: string;
  readonly end: string;
}

/** As the library reads a line of the file. */
const SETTING = /^\s*(REGSTACK_[A-Za-z0-9_]+)\s*=(.*)$/;

/** What marks the announced secret: it may not be mistaken for a former one, which some secret before it was. */
const MARK = /^# regstack rotate-secret --step announce: .*\(([0-9a-f]{16})\)$/;

/** The secrets in the text of a secrets file; null where it has no `jwt_secret`. */
export function secretsIn(text: string): Secrets | null {
  const lines = linesOf(text);
  const current = valueOf(lines, CURRENT);
  if (current === null) return null;
  const previous = listOf(valueOf(lines, PREVIOUS) ?? '');
  const mark = lines.map((line) => MARK.exec(line.text)?.[1]).find((one) => one !== undefined);
  const announced = previous.find((one) => markOf(one) === mark) ?? null;
  return { current, announced, former: previous.filter((one) => one !== announced) };
}

/** The same text with other secrets: former ones stand below the current one, whatever else the file has stays. */
export function withSecrets(text: string, secrets: Secrets): string {
  const lines = linesOf(text).filter((line) => !MARK.test(line.text) && nameIn(line) !== PREVIOUS);
  const index = indexOf(lines, CURRENT);
  const { end } = lines[index]!;
  const texts = [`${CURRENT}=${secrets.current}`, ...previousLines(secrets)];
  const own = texts.map((one, at) => ({ text: one, end: at < texts.length - 1 ? end || '\n' : end }));
  return lines
    .toSpliced(index, 1, ...own)
    .map((line) => line.text + line.end)
    .join('');
}

function previousLines(secrets: Secrets): readonly string[] {
  const previous = previousOf(secrets);
  if (previous.length === 0) return [];
  const mark = secrets.announced === null ? [] : [markLine(secrets.announced)];
  return [...mark, `${PREVIOUS}=${JSON.stringify(previous)}`];
}

function linesOf(text: string): Line[] {
  return [...text.matchAll(/([^\n]*?)(\r?\n|$)/g)]
    .map(([, line = '', end = '']) => ({ text: line, end }))
    .filter(({ text: line, end }) => line !== '' || end !== '');
}

function nameIn({ text }: Line): string | undefined {
  return SETTING.exec(text)?.[1]?.toUpperCase();
}

function indexOf(lines: readonly Line[], name: string): number {
  return lines.findIndex((line) => nameIn(line) === name);
}

function valueOf(lines: readonly Line[], name: string): string | null {
  const line = lines[indexOf(lines, name)];
  const value = line && SETTING.exec(line.text)?.[2]?.trim();
  if (value === undefined) return null;
  return /^(["']).*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/** A JSON array, or entries separated by commas. What is neither is none of a file that the library accepts. */
function listOf(value: string): readonly string[] {
  const text = value.trim();
  if (!text.startsWith('[')) return text.split(',').flatMap((part) => part.trim() || []);
  try {
    return JSON.parse(text) as string[];
  } catch {
    return [];
  }
}

function markLine(announced: string): string {
  return `# regstack rotate-secret --step announce: the first of these signs nothing yet (${markOf(announced)})`;
}

/** 64 bits of a hash: tells nothing of 48 random bytes. */
function markOf(secret: string): string {
  return createHash('sha256').update(`regstack announced ${secret}`).digest('hex').slice(0, 16);
}
