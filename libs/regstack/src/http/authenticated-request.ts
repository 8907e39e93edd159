import type { Authentication } from '../services/session-authenticator';
import type { HttpRequest } from './origins';
import type { SentRequest } from './same-origin';

/** Where the guard leaves the caller. A symbol: no other library writes here, and `request.user` stays the host's. */
export const AUTHENTICATION = Symbol('regstack.authentication');

/** A request that has passed the guard, or not yet. */
export interface AuthenticatedRequest extends HttpRequest, SentRequest {
  readonly headers: HttpRequest['headers'];
  readonly url: string;
  /** Of Express: where `url` may have lost what a router of the host stands for. */
  readonly originalUrl?: string;
  /** As parsed, where there is one. */
  readonly body?: unknown;
  [AUTHENTICATION]?: {
    /** Which instance of the module looked. */
    readonly by: object;
    /** Null: nobody was found. */
    readonly caller: Authentication | null;
  };
}
