import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { KeyRing } from './key-ring';

/** Names of budgets: HMACs of whom they are about, so that the table tells nobody's address. */
@Injectable()
export class BudgetKeys {
  constructor(private readonly keys: KeyRing) {}

  /** The key of a bucket about these parts, for example an address. */
  of(bucket: string, ...parts: readonly (string | number)[]): string {
    const mac = createHmac('sha256', this.keys.current('budget').key).update(parts.join('\n'));
    return `${bucket}:${mac.digest('base64url')}`;
  }
}
