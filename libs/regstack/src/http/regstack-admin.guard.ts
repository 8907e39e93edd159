import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { AccountError } from '../kernel/errors';
import { MfaService } from '../services/mfa.service';
import { SecurityLog } from '../services/security-log';
import type { Authentication } from '../services/session-authenticator';
import type { Access } from './access';
import { CallerFinder } from './caller.finder';
import { Origins } from './origins';
import { RegStackAuthGuard } from './regstack-auth.guard';

/**
 * {@link RegStackAuthGuard}, and whoever passes is a superuser at this very moment (R56), with a second factor where `mfa_policy` asks for
 * one; everybody else is refused with 403. What opens a route for strangers does not open this guard.
 */
@Injectable()
export class RegStackAdminGuard extends RegStackAuthGuard {
  constructor(
    config: RegStackConfig,
    clock: Clock,
    callers: CallerFinder,
    origins: Origins,
    log: SecurityLog,
    adapterHost: HttpAdapterHost,
    private readonly mfa: MfaService,
  ) {
    super(config, clock, callers, origins, log, adapterHost);
  }

  protected override accessTo(access: Access): Access {
    return { ...access, isPublic: false, isOptional: false };
  }

  protected override judge(caller: Authentication, access: Access): void {
    if (!caller.user.isSuperuser) throw new AccountError('account.not_allowed');
    // Somebody may have been made a superuser since they signed in, or signed in before the policy was.
    if (this.mfa.demandOn(caller.user) === 'enrolment') throw new AccountError('mfa.required');
    super.judge(caller, access);
  }
}
