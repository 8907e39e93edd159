import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyRing } from './key-ring';

/** Names of budgets: HMACs of whom they are about, so that the table tells nobody's address. */
@Injectable()
export class BudgetKeys {
  constructor(private readonly keys: KeyRing) {}

  /** What a decoy is about, in the place of a subject: those for one subject take each other's place, and nobody's else. */
  decoyOf(subject: string): string {
    return this.of('decoy', subject);
  }

  /** The key of a bucket about these parts, for example an address. */
  of(bucket: string, ...parts: readonly (string | number)[]): string {
    const mac = createHmac('sha256', this.keys.current('budget').key).update(parts.join('\n'));
    return `${bucket}:${mac.digest('base64url')}`;
  }
}
