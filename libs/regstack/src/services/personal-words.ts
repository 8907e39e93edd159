import { domainToUnicode } from 'node:url';
import { codePoints, comparable } from '../kernel/text';

/** Shorter words are parts of too many others. Code points. */
const SHORTEST = 4;
const NEITHER_LETTER_NOR_DIGIT = /[^\p{L}\p{M}\p{N}]+/u;

/** Whose password it is. */
export interface PasswordContext {
  /** The address in canonical form. */
  readonly email: string;
  readonly fullName: string | null;
}

/**
 * What somebody who knows the person would try first: the address, its local part, the names in its domain but for the last,
 * the words of the full name and of the app's. In comparable form, longest first.
 */
export function personalWords({ email, fullName }: PasswordContext, appName: string): readonly string[] {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const labels = domainToUnicode(email.slice(at + 1))
    .split('.')
    .slice(0, -1);
  const whole = [email, local, ...labels, appName, appName.replace(/\s+/gu, '')];
  const parts = [...local.split(/[._+-]/), ...labels.flatMap((label) => label.split('-'))];
  const words = [...wordsOf(fullName ?? ''), ...wordsOf(appName)];
  const all = new Set([...whole, ...parts, ...words].map(comparable));
  return [...all].filter((word) => codePoints(word) >= SHORTEST).toSorted((a, b) => b.length - a.length);
}

/** What is left of a password, in comparable form, when every one of these words is taken out; null when none is in it. */
export function withoutWords(password: string, words: readonly string[]): string | null {
  const text = comparable(password);
  const left = words.reduce((rest, word) => rest.replaceAll(word, ''), text);
  return left === text ? null : left;
}

const wordsOf = (text: string): readonly string[] => text.split(NEITHER_LETTER_NOR_DIGIT);
