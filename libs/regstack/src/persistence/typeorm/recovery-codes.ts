/** A keyed hash of a code: 32 bytes in base64url, in which no dot is. */
const HASH = /^[\w-]{43}$/;

/** Recovery codes as one column: each hash with a dot after it, so that what stands between dots is a whole one. */
export function recoveryColumn(hashes: readonly string[]): string {
  if (!hashes.every(isRecoveryHash))
    throw new TypeError('a hash of a recovery code is 43 characters of base64url');
  return hashes.map(recoveryEntry).join('');
}

/** What stands in the column for one code. */
export function recoveryEntry(hash: string): string {
  return `${hash}.`;
}

/** True for what can stand in the column. */
export function isRecoveryHash(hash: string): boolean {
  return HASH.test(hash);
}

/** How many codes a column has. */
export function recoveryCount(column: string | null): number {
  return (column ?? '').split('.').length - 1;
}
