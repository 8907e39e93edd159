import { Injectable } from '@nestjs/common';
import { looksLikeToken, mintToken } from '../kernel/secret-token';
import { isSame, keyedHash } from '../services/keyed-hash';
import { type Key, KeyRing } from '../services/key-ring';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import type { Answered } from './exchange';
import { FormCookie } from './form-cookie';

/**
 * Tokens that forms of ours carry, so that no other site can make one up (ASVS 3.5.1): bound to the session of who is signed in, and for
 * everybody else to a cookie that goes with the sign-in. The rule about the origin of a request stands before them.
 */
@Injectable()
export class FormTokens {
  constructor(
    private readonly keys: KeyRing,
    private readonly cookie: FormCookie,
  ) {}

  /** The token of the forms on one page. */
  issue({ request, response }: Answered): string {
    return keyedHash(this.keys.current('form'), ...(this.boundTo(request) ?? this.bind(response)));
  }

  /**
   * Passes for a request that pages can be shown to: in the middle of a page it would be too late to refuse one.
   * @throws AccountError `request.malformed` for one whose cookie comes twice
   */
  check(request: AuthenticatedRequest): void {
    this.boundTo(request);
  }

  /** True for the token of a form that was made for this browser, as it is now. */
  isGood(request: AuthenticatedRequest, token: unknown): boolean {
    const bound = this.boundTo(request);
    if (bound === null || typeof token !== 'string') return false;
    const isOf = (key: Key): boolean => isSame(keyedHash(key, ...bound), token);
    return this.keys.all('form').some(isOf);
  }

  /** Somebody has signed in: forms from before are worth nothing any more. */
  rotate(response: unknown): void {
    this.cookie.forget(response);
  }

  private boundTo(request: AuthenticatedRequest): readonly string[] | null {
    const caller = request[AUTHENTICATION]?.caller;
    if (caller) return ['session', caller.sessionId];
    const value = this.cookie.read(request.headers.cookie);
    return value !== null && looksLikeToken(value) ? ['stranger', value] : null;
  }

  private bind(response: unknown): readonly string[] {
    const value = mintToken();
    this.cookie.set(response, value);
    return ['stranger', value];
  }
}
