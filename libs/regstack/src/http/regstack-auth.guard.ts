import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { AccountError, type ErrorCode } from '../kernel/errors';
import { isFresh } from '../services/freshness';
import { SecurityLog } from '../services/security-log';
import type { Authentication } from '../services/session-authenticator';
import { type Access, AccessRules } from './access';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { CallerFinder } from './caller.finder';
import { Origins } from './origins';
import { answerTo, ProblemException } from './problem.exception';
import { setHeaders } from './set-headers';

/** Nest 11 sends an error's object as `application/json` whatever was set, and warns about it at every refusal. */
// oxlint-disable-next-line typescript/no-require-imports -- a JSON file of a peer
const { version } = require('@nestjs/core/package.json') as { version: string };
const KEEPS_CONTENT_TYPE = Number(version.split('.', 1)[0]) >= 12;

/** Refusals that the security log is told of; whoever comes without a session has tried nothing yet. */
const TOLD: Partial<Record<ErrorCode, 'access.refused' | 'access.cross_site'>> = {
  'account.not_allowed': 'access.refused',
  'session.stale': 'access.refused',
  'mfa.required': 'access.refused',
  'request.cross_site': 'access.cross_site',
};

/**
 * Lets a request pass that names a live session, by its bearer token or by the cookie of a page of `base_url`, and puts its user where
 * `@CurrentUser()` finds it. Refuses with 401, one body whatever the reason; with 403 who lacks what `@Roles()` or `@RequireFresh()`
 * ask for; with 503 when the database cannot answer.
 */
@Injectable()
export class RegStackAuthGuard implements CanActivate {
  private readonly rules: AccessRules;

  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly callers: CallerFinder,
    private readonly origins: Origins,
    private readonly log: SecurityLog,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.rules = new AccessRules(config);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.accessTo(this.rules.of(context));
    if (access.isSwitchedOff) return this.refuse(context, new AccountError('feature.disabled'));
    if (access.isPublic) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    try {
      const caller = await this.callerOf(request);
      if (caller) this.judge(caller, access);
      else if (!access.isOptional) throw new AccountError('session.required');
    } catch (error) {
      this.note(request, error);
      return this.refuse(context, error);
    }
    return true;
  }

  /** What holds for this guard of what the route says. */
  protected accessTo(access: Access): Access {
    return access;
  }

  /** @throws AccountError for somebody who is signed in and may not pass */
  protected judge({ user, authenticatedAt }: Authentication, { roles, needsFresh }: Access): void {
    if (roles && !roles.some((role) => user.roles.includes(role)))
      throw new AccountError('account.not_allowed');
    if (needsFresh && !isFresh(authenticatedAt, this.config, this.clock.now()))
      throw new AccountError('session.stale');
  }

  /** The guard may stand on the route and be global as well: the second look costs nothing. */
  private async callerOf(request: AuthenticatedRequest): Promise<Authentication | null> {
    const known = request[AUTHENTICATION];
    return known?.by === this.callers ? known.caller : this.callers.find(request);
  }

  private note(request: AuthenticatedRequest, error: unknown): void {
    const kind = error instanceof AccountError && TOLD[error.code];
    if (!kind) return;
    const actor = request[AUTHENTICATION]?.caller?.user.id ?? null;
    const by = { actor, origin: this.origins.of(request) };
    this.log.note(kind, by, { result: 'refused', reason: error.code });
  }

  /** The route may be the host's, where no filter of ours stands: the headers are set here. */
  private refuse(context: ExecutionContext, error: unknown): never {
    const http = context.switchToHttp();
    const answer = answerTo(error, http.getRequest());
    const { 'content-type': _, ...others } = answer.headers;
    setHeaders(this.adapterHost, http.getResponse(), KEEPS_CONTENT_TYPE ? answer.headers : others);
    throw new ProblemException(answer);
  }
}
