import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import { SessionRepository } from '../../ports/session.repository';
import { SecurityLog } from '../../services/security-log';
import type { Authentication } from '../../services/session-authenticator';
import { StepUp, type StepUpProof } from '../../services/step-up';

/** Proof, by somebody signed in, that it is still them (ASVS 7.5.3). */
@Injectable()
export class ReauthenticationService {
  constructor(
    private readonly clock: Clock,
    private readonly stepUp: StepUp,
    private readonly sessions: SessionRepository,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Proves again who is calling, by a second factor as well where the account has one: the session is fresh from now on.
   * @returns when that was
   * @throws AccountError as {@link StepUp.prove}; `session.required` when the session ended at the same moment
   */
  async reauthenticate(caller: Authentication, proof: StepUpProof, origin: Origin): Promise<Date> {
    await this.stepUp.prove(caller, proof, origin);
    const now = this.clock.now();
    if (!(await this.sessions.renew(caller.sessionId, now))) throw new AccountError('session.required');
    this.log.note('session.renewed', { actor: caller.user.id, origin }, { target: caller.user.id });
    return now;
  }
}
