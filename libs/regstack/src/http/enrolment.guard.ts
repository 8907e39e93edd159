import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { RegStackAuthGuard } from './regstack-auth.guard';

/**
 * {@link RegStackAuthGuard} on routes with `@OptionalAuth()`, which lets pass who is signed in, or brings the token of a sign-in that waits
 * for the enrolment of a second factor; what that is worth, the service decides.
 */
@Injectable()
export class EnrolmentGuard extends RegStackAuthGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest & { readonly body?: unknown }>();
    if (request[AUTHENTICATION]?.caller || bringsToken(request.body)) return true;
    throw new AccountError('session.required');
  }
}

function bringsToken(body: unknown): boolean {
  const fields = typeof body === 'object' && body !== null ? body : {};
  return 'mfa_pending_token' in fields && typeof fields.mfa_pending_token === 'string';
}
