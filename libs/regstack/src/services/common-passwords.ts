import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { packageFile } from '../kernel/package-file';
import { comparable } from '../kernel/text';

/** Bytes of a key. With 300,000 keys a random password is taken for a common one once in 3.6 million (300,000 / 2^40). */
const WIDTH = 5;

/**
 * The list of common passwords (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2.4): sorted keys of one width, written by
 * `scripts/common-passwords.mjs`. Read once, here; a look-up touches no file and costs one hash and some twenty comparisons.
 */
@Injectable()
export class CommonPasswords {
  private readonly keys = readFileSync(packageFile('src/services/common-passwords.bin'));

  /** How many there are. */
  get size(): number {
    return this.keys.length / WIDTH;
  }

  /** True for a password on the list, in whatever case. One that is on it is never missed. */
  has(password: string): boolean {
    const key = CommonPasswords.keyOf(password);
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.keys.compare(key, 0, WIDTH, middle * WIDTH, (middle + 1) * WIDTH);
      if (order === 0) return true;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }

  /** What stands on the list for a password: the first bytes of the SHA-256 of its comparable form. */
  static keyOf(password: string): Buffer {
    return createHash('sha256').update(comparable(password)).digest().subarray(0, WIDTH);
  }
}
