/** What no text of ours may hold: C0 and C1 control characters, NUL first (PostgreSQL refuses it, logs and headers split on the rest). */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** True for text without lone surrogates: one that survives UTF-8 (RFC 3629 section 3). */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** True for text that holds a control character. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}

/**
 * What turns the direction of a text around beyond itself (UAX 9 section 2), and can make a name read as another one. The marks that
 * right-to-left names need (U+200E, U+200F) are none of them.
 */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/;

/** True for text that would not stay the one line, in the one direction, that it is written as. */
export function leavesItsLine(text: string): boolean {
  return hasControl(text) || TURNS.test(text) || /[\u2028\u2029]/.test(text);
}

/** The text as one line: whatever breaks or turns one is a blank. */
export function oneLine(text: string): string {
  const blanks = Array.from(text, (one) => (leavesItsLine(one) ? ' ' : one)).join('');
  return blanks.replace(/\s+/g, ' ').trim();
}

/** Length in code points, the unit in which people count (ASVS 6.2.1). */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The form in which words are compared that a person would call the same: NFKC and lower case. For comparing only, never stored. */
export function comparable(text: string): string {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Bounds of a text field, code points in NFC. */
export interface TextBounds {
  readonly min?: number;
  readonly max: number;
  /** Passwords may hold any character; nothing else may hold control characters (NUL, line breaks). */
  readonly anyCharacter?: boolean;
}

/** The rule that a text breaks, or null. */
export function brokenText(
  value: unknown,
  { min = 1, max, anyCharacter = false }: TextBounds,
): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (!isWellFormed(value) || value.includes('\0')) return 'must be well-formed Unicode text without NUL';
  if (!anyCharacter && hasControl(value)) return 'must not contain control characters';
  const length = codePoints(value.normalize('NFC'));
  return length < min || length > max ? `must have ${min} to ${max} characters` : null;
}

/** Of the name of a person. */
export const FULL_NAME: TextBounds = { max: 200 };

/** Of the name of a role, and how many a user has at most. */
export const ROLE: TextBounds = { max: 64 };
export const ROLES_MAX = 32;

/** A code as it was meant: apps and people write `123 456`. */
export function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '');
}
