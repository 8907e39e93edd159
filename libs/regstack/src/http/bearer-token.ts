import type { Authentication, SessionAuthenticator } from '../services/session-authenticator';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';

/** `Authorization: Bearer <b64token>` (RFC 6750 section 2.1); the scheme in any case. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Finds whose live session the bearer token of a request names, and leaves the caller where `@CurrentUser()` looks. Null: nobody's.
 * @throws AccountError `service.unavailable` when the database cannot answer
 */
export async function admitBearer(
  request: AuthenticatedRequest,
  authenticator: SessionAuthenticator,
): Promise<Authentication | null> {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  const found = token === undefined ? null : await authenticator.authenticate(token);
  if (found) request[AUTHENTICATION] = { ...found, by: authenticator };
  return found;
}
