import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Key } from './key-ring';

/** HMAC-SHA-256 of these parts, base64url: nobody finds them without the key, however few there are (R45). */
export function keyedHash({ key }: Key, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(parts.join('\n')).digest('base64url');
}

/** Compares in a time that tells nothing (W24). */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
