import { createHash } from 'node:crypto';

/** The password of every account that the bench makes. */
export const PASSWORD = 'plum-Tractor-91-violet';

/** Of the same length, and nobody's. */
export const WRONG_PASSWORD = 'plum-Tractor-19-violet';

/**
 * The `n`th address of a group. All addresses have one length and are spread evenly over an index, whatever their group: only
 * what the bench does with a group can tell it from another.
 */
export function addressOf(group: string, n: number): string {
  return `${createHash('sha256').update(`${group}/${n}`).digest('hex').slice(0, 20)}@example.org`;
}
