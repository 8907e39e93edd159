import { randomBytes } from 'node:crypto';

/** The last millisecond in which an id was made, and how many were made in it, from a random number on. */
let latest = { ms: 0, count: 0 };

/**
 * A new UUIDv7 (RFC 9562 section 5.7, method 1 of 6.2): 48 bits of Unix milliseconds, 12 that count the ids of this process within one,
 * 62 random bits. Sorts by time of creation, so that keyset paging and B-tree indexes are happy, and is safe to show.
 */
export function newId(now: Date): string {
  const bytes = randomBytes(16);
  const ms = now.getTime();
  // Half of the range is left for the ids that follow in the same millisecond.
  latest = ms === latest.ms ? { ms, count: latest.count + 1 } : { ms, count: bytes.readUInt16BE(6) & 0x7ff };
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | (latest.count & 0xfff), 6);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for text that could be an id; anything else needs no look-up. */
export function looksLikeId(text: string): boolean {
  return ID.test(text);
}
