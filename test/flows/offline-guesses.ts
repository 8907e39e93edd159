import { createHmac, hash, hkdfSync } from 'node:crypto';
import { SETTINGS } from '../support/host';

/** A code by SMS as a stolen database shows it. */
export interface StoredCode {
  readonly id: string;
  readonly subjectId: string;
  readonly phoneNumber: string | null;
  readonly tokenHash: string;
}

/** How a code could have been hashed. */
export type Guess = (parts: string) => string;

/** By whoever has read our code and has no key. */
export const GUESSES: readonly Guess[] = [(parts) => hash('sha256', parts, 'base64url'), hmacBy('')];

/** As it is: by a key of the `jwt_secret` of the host, see `KeyRing`. */
export const RIGHT: Guess = hmacBy(
  Buffer.from(hkdfSync('sha256', SETTINGS.jwtSecret, 'regstack', 'default/sms-code', 32)),
);

/** All codes of six digits, or some, that would be stored like this one. */
export function codesBehind(
  stored: StoredCode,
  guess: Guess,
  from = 0,
  count = 1_000_000,
): readonly string[] {
  const { id, subjectId, phoneNumber, tokenHash } = stored;
  const before = `${id}\n${subjectId}\n${phoneNumber}\n`;
  const codes: string[] = [];
  for (let n = from; n < from + count; n++) {
    const code = String(n).padStart(6, '0');
    if (guess(before + code) === tokenHash) codes.push(code);
  }
  return codes;
}

function hmacBy(key: string | Buffer): Guess {
  return (parts) => createHmac('sha256', key).update(parts).digest('base64url');
}
