import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import type { Origin } from '../../kernel/origin';
import { UserRepository } from '../../ports/user.repository';
import { getOwner } from '../../services/find-user';
import { OwnNumberTexts } from '../../services/own-number-texts';
import type { Authentication } from '../../services/session-authenticator';

/** Codes by SMS for somebody signed in who is to prove that they have their number. */
@Injectable()
export class ProofCodeService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly users: UserRepository,
    private readonly texts: OwnNumberTexts,
  ) {}

  /**
   * Sends a code, in place of the one before.
   * @returns seconds for which it can be used
   * @throws AccountError as {@link OwnNumberTexts.send}; `session.required` when the session is over by now
   */
  async send(caller: Authentication, origin: Origin): Promise<number> {
    const user = await getOwner(this.users, caller);
    await this.texts.send('sms-proof', user.id, user, { actor: user.id, origin });
    return this.config.smsCodeTtlSeconds;
  }
}
