import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { codePoints } from '../kernel/text';

/** Whose password it is to be. */
export interface PasswordContext {
  readonly email: string;
  readonly fullName: string | null;
}

/** Which passwords may be set. Lengths in code points; no composition rules (ASVS 6.2.5, NIST SP 800-63B-4 section 3.1.1.2). */
@Injectable()
export class PasswordPolicy {
  constructor(private readonly config: RegStackConfig) {}

  /**
   * Passes for a password that may be set.
   * @param field name of the field that it came in
   * @throws AccountError `password.too_short`, `password.too_long`
   */
  check(password: string, field: string): void {
    const { passwordMinLength: min, passwordMaxLength: max } = this.config;
    const length = codePoints(password);
    if (length < min) {
      throw new AccountError('password.too_short', {
        fields: [{ field, message: `must have at least ${min} characters` }],
      });
    }
    if (length > max) {
      throw new AccountError('password.too_long', {
        fields: [{ field, message: `must have at most ${max} characters` }],
      });
    }
  }
}
