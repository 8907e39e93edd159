import { Injectable } from '@nestjs/common';
import { PasswordHasher } from '../ports/password.hasher';
import { type LoginRecord, UserRepository } from '../ports/user.repository';
import { type PasswordContext, PasswordPolicy } from './password.policy';

/**
 * Passwords on their way to and from the hash. They are compared in NFC (RFC 8265 section 4.2.2), so that a letter typed on
 * another keyboard is the same letter; nothing else is changed, trimmed or cut (R02–R04).
 */
@Injectable()
export class PasswordService {
  constructor(
    private readonly policy: PasswordPolicy,
    private readonly hasher: PasswordHasher,
    private readonly users: UserRepository,
  ) {}

  /**
   * The hash of a password that is to be set.
   * @param context whose it is to be
   * @param field name of the field that it came in
   * @throws AccountError `password.*` when the policy refuses it
   */
  async hashNew(password: string, context: PasswordContext, field = 'password'): Promise<string> {
    return this.hasher.hash(this.checkNew(password, context, field));
  }

  /**
   * The form in which a password is hashed that may be set.
   * @throws AccountError `password.*` when the policy refuses it
   */
  checkNew(password: string, context: PasswordContext, field: string): string {
    const normal = password.normalize('NFC');
    this.policy.check(normal, context, field);
    return normal;
  }

  /** True when the password is the user's. Takes the same time for a user without one and for nobody. */
  async verify(password: string, user: LoginRecord | null): Promise<boolean> {
    return this.hasher.verify(password.normalize('NFC'), user?.passwordHash ?? null);
  }

  /** Stores the password that was just verified under today's parameters, if its hash has older ones (P8, R09). */
  async upgradeHash(password: string, { id, passwordHash }: LoginRecord): Promise<void> {
    if (passwordHash === null || !this.hasher.needsRehash(passwordHash)) return;
    await this.users.replaceHash(id, passwordHash, await this.hasher.hash(password.normalize('NFC')));
  }
}
