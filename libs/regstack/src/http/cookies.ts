import { AccountError } from '../kernel/errors';

/** How a cookie of ours is set. */
export interface CookieOptions {
  /** Over https the name gets the prefix `__Host-` and the cookie is `Secure` (RFC 6265bis section 4.1.3.2). */
  readonly secure: boolean;
  /** Seconds; 0 removes the cookie. */
  readonly maxAge: number;
}

/** The name under which a cookie of ours is stored. */
export function cookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** A `Set-Cookie` header. The value must need no escaping (base64url does not). */
export function setCookie(name: string, value: string, { secure, maxAge }: CookieOptions): string {
  const flags = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  return `${cookieName(name, secure)}=${value}; ${flags}`;
}

/**
 * The value of one cookie, or null. Names are compared byte for byte, so nothing but the white space of HTTP is taken off before them; one
 * that comes twice was planted and refuses.
 * @throws AccountError `request.malformed`
 */
export function readCookie(header: string | undefined, name: string): string | null {
  const values = (header ?? '')
    .split(';')
    // At the end no pattern: it would be tried at every blank of many, and the header is a stranger's.
    .map((pair) => pair.replace(/^[ \t]+/, '').trimEnd())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  if (values.length > 1) throw new AccountError('request.malformed');
  return values[0] ?? null;
}
