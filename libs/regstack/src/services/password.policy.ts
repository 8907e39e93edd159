import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError, type ErrorCode } from '../kernel/errors';
import { codePoints } from '../kernel/text';
import { CommonPasswords } from './common-passwords';
import { type PasswordContext, personalWords, withoutWords } from './personal-words';

export type { PasswordContext };

/** What must be left of a password without the words of its owner, code points: the floor of a password's length. */
const LEFT_MIN = 8;

/**
 * Which passwords may be set (NIST SP 800-63B-4 section 3.1.1.2, ASVS 6.2). Lengths in code points; no composition rules: a
 * password is refused for being known or near at hand, not for the kinds of its characters.
 */
@Injectable()
export class PasswordPolicy {
  constructor(
    private readonly config: RegStackConfig,
    private readonly common: CommonPasswords,
  ) {}

  /**
   * Passes for a password that may be set.
   * @param password in NFC
   * @param context whose it is
   * @param field name of the field that it came in
   * @throws AccountError `password.too_short`, `password.too_long`, `password.too_common`, `password.too_personal`
   */
  check(password: string, context: PasswordContext, field: string): void {
    const { passwordMinLength: min, passwordMaxLength: max } = this.config;
    const refuse = (code: ErrorCode, message: string): never => {
      throw new AccountError(code, { fields: [{ field, message }] });
    };
    const length = codePoints(password);
    if (length < min) refuse('password.too_short', `must have at least ${min} characters`);
    if (length > max) refuse('password.too_long', `must have at most ${max} characters`);
    if (this.isCommon(password)) refuse('password.too_common', 'must not be a password that many people use');
    if (this.isPersonal(password, context)) {
      refuse('password.too_personal', 'must not be made of your name, your address or the name of this app');
    }
  }

  private isCommon(password: string): boolean {
    return this.config.passwordBlocklist && this.common.has(password);
  }

  /** True when hardly anything, or only something common, stands beside the words of the owner. */
  private isPersonal(password: string, context: PasswordContext): boolean {
    const left = withoutWords(password, personalWords(context, this.config.appName));
    return left !== null && (codePoints(left) < LEFT_MIN || this.isCommon(left));
  }
}
