import type { Keyset } from './keyset';

/** What is stored encrypted, and can be encrypted anew: secrets of authenticator apps, messages that were not sent. */
export type SealedPurpose = 'totp' | 'outbox';

/** What is stored under a key: that, and sets of recovery codes, which nobody can put under another one. */
export type StoredPurpose = SealedPurpose | 'recovery-code';

/** How much of one purpose needs a key. */
export interface KeyUse {
  /** Id of the key; null where an older version did not note it, which is so for recovery codes only. */
  readonly keyId: string | null;
  /** Users with such a secret or such a set, or messages. At least 1. */
  readonly rows: number;
}

/** A stored ciphertext. */
export interface SealedText {
  /** Of the user, or of the message. */
  readonly id: string;
  /** `kid.…`, with the id of its key. */
  readonly text: string;
}

/** Id of the key that a text was encrypted with. */
export function keyIdOf(sealedText: string): string {
  return sealedText.split('.', 1)[0]!;
}

/** Tells which keys the database needs, and puts another ciphertext of the same in the place of one. */
export abstract class KeyUseRepository {
  /**
   * What is stored of a purpose, by its key, in no order. A set of which no code is left needs none, and so does a message that was sent; a
   * dead letter may be sent again.
   */
  abstract count(purpose: StoredPurpose): Promise<readonly KeyUse[]>;

  /** A page of what is encrypted with this key. */
  abstract findSealed(purpose: SealedPurpose, keyId: string, page: Keyset): Promise<readonly SealedText[]>;

  /**
   * Compare-and-set on the stored text: `to` in the place of `from`, with the id of its key, and nothing else of the row. False when
   * something else stands there by now, or nothing: who changes or removes it, or sends the message, wins.
   */
  abstract reseal(purpose: SealedPurpose, id: string, from: string, to: string): Promise<boolean>;
}
