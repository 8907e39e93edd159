import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { AccountError } from '../kernel/errors';
import { SessionAuthenticator } from '../services/session-authenticator';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { admitBearer } from './bearer-token';
import { answerTo, ProblemException } from './problem.exception';
import { IS_PUBLIC } from './public.decorator';
import { setHeaders } from './set-headers';

/** Nest 11 sends an error's object as `application/json` whatever was set, and warns about it at every refusal. */
// oxlint-disable-next-line typescript/no-require-imports -- a JSON file of a peer
const { version } = require('@nestjs/core/package.json') as { version: string };
const KEEPS_CONTENT_TYPE = Number(version.split('.', 1)[0]) >= 12;

/**
 * Lets a request pass whose bearer token names a live session, and puts its user where `@CurrentUser()` finds it.
 * Refuses with 401, one body whatever the reason, and with 503 when the database cannot answer.
 */
@Injectable()
export class RegStackAuthGuard implements CanActivate {
  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly reflector: Reflector,
    private readonly adapterHost: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(IS_PUBLIC, [context.getHandler(), context.getClass()]))
      return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    // The guard may stand on the route and be global as well: the second look costs nothing.
    if (request[AUTHENTICATION]?.by === this.authenticator) return true;
    const found = await admitBearer(request, this.authenticator).catch((error: unknown) =>
      this.refuse(context, error),
    );
    if (!found) return this.refuse(context, new AccountError('session.required'));
    return true;
  }

  /** The route may be the host's, where no filter of ours stands: the headers are set here. */
  private refuse(context: ExecutionContext, error: unknown): never {
    const answer = answerTo(error);
    const response: unknown = context.switchToHttp().getResponse();
    const { 'content-type': _, ...others } = answer.headers;
    setHeaders(this.adapterHost, response, KEEPS_CONTENT_TYPE ? answer.headers : others);
    throw new ProblemException(answer);
  }
}
