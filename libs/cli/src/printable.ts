/** Control and format characters (those that turn the direction of text among them), halves of characters, separators of lines. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Text that strangers chose, for a terminal: what could move its cursor, begin a line or hide something reads `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (one) => `\\u{${one.codePointAt(0)!.toString(16)}}`);
}

/** A JSON document (RFC 8259) for programs, which harms no terminal either: the same characters are escaped. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE, (one) =>
    one === '\n' ? one : one.split('').map(escaped).join(''),
  );
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
