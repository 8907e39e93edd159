import { createHash, randomBytes } from 'node:crypto';

/** Form of a link token: 32 random bytes in base64url (RFC 4648 section 5), 43 characters. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A new link token: 256 random bits (ASVS 11.5.1). Only its hash is ever stored. */
export function mintToken(): string {
  return randomBytes(32).toString('base64url');
}

/** True for text that could be a link token; anything else needs no look-up. */
export function looksLikeToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The form in which a link token is stored and looked up: SHA-256, base64url. A full-entropy token needs no salt. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
