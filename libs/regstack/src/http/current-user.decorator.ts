import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { RegStackUser } from '../kernel/regstack-user';
import type { Authentication } from '../services/session-authenticator';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';

export type { Authentication };

/**
 * The signed-in user: `orders(@CurrentUser() user: RegStackUser)`. Needs `RegStackAuthGuard` on the route. With `@OptionalAuth()` null
 * for a stranger.
 */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): RegStackUser | null => authenticationOf(context)?.user ?? null,
);

/** The session that the request came with, and whose it is; otherwise as {@link CurrentUser}. */
export const CurrentSession = createParamDecorator(
  (_: unknown, context: ExecutionContext): Authentication | null => authenticationOf(context),
);

function authenticationOf(context: ExecutionContext): Authentication | null {
  const found = context.switchToHttp().getRequest<AuthenticatedRequest>()[AUTHENTICATION];
  if (found) return found.caller;
  const route = `${context.getClass().name}.${context.getHandler().name}`;
  throw new Error(
    `${route} asks for the current user, and nobody has looked for one: add @UseGuards(RegStackAuthGuard), or say @OptionalAuth() instead of @Public()`,
  );
}
