import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { Authentication } from '../services/session-authenticator';
import type { Access } from './access';
import { RegStackAuthGuard } from './regstack-auth.guard';

/**
 * {@link RegStackAuthGuard}, and whoever passes is a superuser at this very moment (R56); everybody else is refused with 403. What opens
 * a route for strangers does not open this guard.
 */
@Injectable()
export class RegStackAdminGuard extends RegStackAuthGuard {
  protected override accessTo(access: Access): Access {
    return { ...access, isPublic: false, isOptional: false };
  }

  protected override judge(caller: Authentication, access: Access): void {
    if (!caller.user.isSuperuser) throw new AccountError('account.not_allowed');
    super.judge(caller, access);
  }
}
