import type { Authentication } from '../services/session-authenticator';

/** Where the guard leaves the caller. A symbol: no other library writes here, and `request.user` stays the host's. */
export const AUTHENTICATION = Symbol('regstack.authentication');

/** A request that has passed the guard, or not yet. */
export interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string };
  [AUTHENTICATION]?: Authentication & {
    /** Which instance of the module found it. */
    readonly by: object;
  };
}
