import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { canonicalEmail } from '../../kernel/email-address';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser, UserAttributes } from '../../kernel/regstack-user';
import { AttributeSchema } from '../../services/attribute.schema';
import { HookRunner } from '../../services/hook-runner';
import { PasswordService } from '../../services/password.service';
import { SecurityLog } from '../../services/security-log';
import { AttemptService, type PendingVerification } from './attempt.service';
import { DirectRegistrationService } from './direct-registration.service';

/** What somebody typed to register. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly fullName: string | null;
  readonly attributes: UserAttributes;
}

/** Registration of strangers: until the address is proved there is only an attempt, not a user. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly schema: AttributeSchema,
    private readonly hooks: HookRunner,
    private readonly passwords: PasswordService,
    private readonly attempts: AttemptService,
    private readonly direct: DirectRegistrationService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Registers. With verification on, neither the answer nor its time tells whether the address has an account: a taken one costs
   * the same hash and the same writes (R23, W16).
   *
   * @returns what waits for its proof, or the new user where no proof is required
   * @throws AccountError `registration.closed`, `email.invalid`, `request.invalid` for attributes, `hook.refused`, `password.*`; `registration.email_taken` with verification off
   */
  async register(typed: Registration, origin: Origin): Promise<PendingVerification | RegStackUser> {
    if (!this.config.allowRegistration) throw new AccountError('registration.closed');
    const { password, fullName } = typed;
    const email = canonicalEmail(typed.email);
    const attributes = await this.schema.check(typed.attributes, 'registration');
    await this.hooks.beforeRegister({ email, fullName, attributes, ip: origin.ip }, origin);
    const passwordHash = await this.passwords.hashNew(password, { email, fullName });
    const accepted = { email, passwordHash, fullName, attributes };
    if (!this.config.requireVerification) return this.direct.create(accepted, origin);
    const pending = await this.attempts.begin(accepted);
    this.log.note('registration.requested', { actor: null, origin });
    return pending;
  }
}
