import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { type Authentication, SessionAuthenticator } from '../services/session-authenticator';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { comesFrom, mayChangeSomething, ownOrigin } from './same-origin';
import { SessionCookie } from './session-cookie';

/** `Authorization: Bearer <b64token>` (RFC 6750 section 2.1); the scheme in any case. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Finds whose live session a request names, by its bearer token or by its cookie. */
@Injectable()
export class CallerFinder {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly authenticator: SessionAuthenticator,
    private readonly cookie: SessionCookie,
  ) {
    this.origin = ownOrigin(config);
  }

  /**
   * The caller, who is left where `@CurrentUser()` looks as well. Null: nobody's. With an `Authorization` header the cookie is not
   * looked at, whatever the header says.
   *
   * @throws AccountError `request.cross_site` for a cookie that another site sent along with what may change something (R62);
   *   `request.malformed` for one that comes twice; `service.unavailable` when the database cannot answer
   */
  async find(request: AuthenticatedRequest): Promise<Authentication | null> {
    const { authorization, cookie } = request.headers;
    const found = await (authorization === undefined
      ? this.byCookie(request, this.cookie.read(cookie))
      : this.byHeader(authorization));
    request[AUTHENTICATION] = { by: this, caller: found };
    return found;
  }

  private async byHeader(authorization: string): Promise<Authentication | null> {
    const token = BEARER.exec(authorization)?.[1];
    return token === undefined ? null : this.authenticator.authenticate(token, 'bearer');
  }

  private async byCookie(
    request: AuthenticatedRequest,
    token: string | null,
  ): Promise<Authentication | null> {
    if (token === null) return null;
    if (mayChangeSomething(request) && !comesFrom(this.origin, request))
      throw new AccountError('request.cross_site');
    return this.authenticator.authenticate(token, 'cookie');
  }
}
