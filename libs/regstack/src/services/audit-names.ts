import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Key, KeyRing } from './key-ring';

const CIPHER = 'aes-256-ctr';
const IV_BYTES = 16;

/**
 * What stands in the audit log for the id of a user: the id, encrypted under the secret of the app, the same each time (in the manner of
 * RFC 5297: the initialisation vector is a MAC of the id). So the records of somebody can be found, and shown with their id, while the
 * database holds no id of theirs: nothing in it has to be changed when an account is deleted (R40).
 */
@Injectable()
export class AuditNames {
  constructor(private readonly keys: KeyRing) {}

  /** The name of a user from now on. */
  of(id: string): string {
    return this.under(this.keys.current('audit'), id);
  }

  /** Every name that a user may have: one for each secret, former ones too. */
  allOf(id: string): readonly string[] {
    return this.keys.all('audit').map((key) => this.under(key, id));
  }

  /** The id behind a name; the name itself, where it was made under a secret that is gone. */
  idBehind(name: string): string {
    const [kid, sealed = ''] = name.split('.');
    const key = this.keys.find('audit', kid);
    if (!key) return name;
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < IV_BYTES) return name;
    const decipher = createDecipheriv(CIPHER, key.key, bytes.subarray(0, IV_BYTES));
    const id = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES)), decipher.final()]).toString('utf8');
    return this.under(key, id) === name ? id : name;
  }

  private under(key: Key, id: string): string {
    const iv = this.ivOf(key, id);
    const cipher = createCipheriv(CIPHER, key.key, iv);
    const sealed = Buffer.concat([iv, cipher.update(id, 'utf8'), cipher.final()]);
    return `${key.kid}.${sealed.toString('base64url')}`;
  }

  private ivOf({ kid }: Key, id: string): Buffer {
    const mac = createHmac('sha256', this.keys.find('audit-iv', kid)!.key).update(id);
    return mac.digest().subarray(0, IV_BYTES);
  }
}
