import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { hashToken, looksLikeToken } from '../kernel/secret-token';
import { InstanceName } from '../services/instance-name';
import { cookieName, readCookie, setCookie } from './cookies';

/** Time between opening a mailed link and pressing its button, seconds. */
const MAX_AGE = 600;

/**
 * Carries the token of a mailed link from its URL to the form: the landing page moves it here at once and redirects to a clean
 * path, so that it stays in no history, log or Referer (W43). The form holds the token's hash, so that a page opened from one
 * link never spends another's token.
 */
@Injectable()
export class LinkCookie {
  private readonly secure: boolean;

  constructor(
    config: RegStackConfig,
    private readonly instance: InstanceName,
  ) {
    this.secure = config.baseUrl.startsWith('https:');
  }

  /** `Set-Cookie` that keeps the token for the page of this kind; text that is no token forgets an earlier one. */
  keep(kind: string, token: unknown): string {
    const value = typeof token === 'string' && looksLikeToken(token) ? token : '';
    return setCookie(this.nameOf(kind), value, { secure: this.secure, maxAge: value === '' ? 0 : MAX_AGE });
  }

  /** `Set-Cookie` that forgets it. */
  forget(kind: string): string {
    return this.keep(kind, '');
  }

  /** The token that was kept, or null. */
  read(kind: string, cookieHeader: string | undefined): string | null {
    const token = readCookie(cookieHeader, cookieName(this.nameOf(kind), this.secure));
    return token !== null && looksLikeToken(token) ? token : null;
  }

  /** True when the form was made for this token. */
  matches(token: string, formHash: string): boolean {
    const [expected, given] = [hashToken(token), formHash].map((text) => Buffer.from(text));
    return expected!.length === given!.length && timingSafeEqual(expected!, given!);
  }

  private nameOf(kind: string): string {
    return `${this.instance.slug}-link-${kind}`;
  }
}
