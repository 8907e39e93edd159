import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { keyIdOf, type SealedPurpose } from '../ports/key-use.repository';
import { KeyRing } from './key-ring';

/** Encrypts secrets that have to be read again: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce, bound to the id of their row. */
@Injectable()
export class SecretCipher {
  constructor(private readonly keys: KeyRing) {}

  /** `kid.nonce.ciphertext.tag`, the last three in base64url. */
  seal(purpose: SealedPurpose, plaintext: string, rowId: string): string {
    const { kid, key } = this.keys.current(purpose);
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(rowId));
    const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
    return [kid, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
  }

  /** Whether the key is still there that a text was encrypted with. */
  hasKeyOf(purpose: SealedPurpose, text: string): boolean {
    return this.keys.find(purpose, keyIdOf(text)) !== null;
  }

  /**
   * The plaintext.
   * @throws Error when the key is gone, or the text is of another row or was changed
   */
  open(purpose: SealedPurpose, text: string, rowId: string): string {
    const [kid, ...parts] = text.split('.');
    const [nonce, sealed, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
    const found = this.keys.find(purpose, kid);
    if (!found || !nonce || !sealed || !tag) throw new Error('no key opens this text');
    const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: 16 });
    decipher.setAAD(Buffer.from(rowId)).setAuthTag(tag);
    return decipher.update(sealed, undefined, 'utf8') + decipher.final('utf8');
  }
}
