import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { UserRecord } from '../ports/user.repository';
import { UserRepository } from '../ports/user.repository';
import { keyedHash } from './keyed-hash';
import { KeyRing } from './key-ring';

/** Codes of a set. */
const COUNT = 10;

/** 24 characters of 32 each: 120 bits (ASVS 6.5.6 asks for 112). Without those that are taken for one another. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 6;
const CODE = /^[a-km-np-z2-9]{24}$/;

/** A new set: what its user sees, once, and what is stored of it. */
export interface RecoverySet {
  readonly codes: readonly string[];
  readonly hashes: readonly string[];
  /** Id of the key that they were hashed with. */
  readonly keyId: string;
}

/** Codes for when no other second factor is at hand: each is good for one use (R48). */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly keys: KeyRing,
    private readonly users: UserRepository,
  ) {}

  /** A new set for a user. */
  mint(userId: string): RecoverySet {
    const codes = Array.from({ length: COUNT }, newCode);
    const key = this.keys.current('recovery-code');
    return { codes, hashes: codes.map((code) => keyedHash(key, userId, plain(code))), keyId: key.kid };
  }

  /** True for text that could be one; in capitals, with or without dashes and spaces. */
  looksLike(text: string): boolean {
    return CODE.test(plain(text));
  }

  /** Uses a code up. Answers how many are left, to exactly one of parallel calls; null for a wrong one. */
  async use({ id, authEpoch }: UserRecord, code: string): Promise<number | null> {
    // By the key of whichever secret was the current one when the set was made.
    for (const key of this.keys.all('recovery-code')) {
      const left = await this.users.useRecoveryCode(id, authEpoch, keyedHash(key, id, plain(code)));
      if (left !== null) return left;
    }
    return null;
  }
}

function newCode(): string {
  const letters = Array.from(randomBytes(GROUPS * 4), (byte) => ALPHABET[byte % ALPHABET.length]);
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * 4, i * 4 + 4).join('')).join('-');
}

const plain = (text: string): string => text.replace(/[\s-]/g, '').toLowerCase();
