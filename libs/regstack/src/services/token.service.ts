import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import type { NewSession } from '../ports/session.repository';
import { InstanceName } from './instance-name';
import { type KeyPurpose, KeyRing } from './key-ring';
import { RecentTokens } from './recent-tokens';
import { type Claims, numericDate, SignedTokens } from './signed-tokens';

/** Header `typ` of a session token: an access token of RFC 9068 section 2.1 in spirit. */
const TYPE = 'at+jwt';

/** How far the clocks of two nodes may be apart, seconds: a fresh token of the fast one passes on the slow one. */
const CLOCK_SKEW_SECONDS = 150;

/** How a session token travels: in the `Authorization` header, or in a cookie. One is worth nothing in the other's place. */
export type Transport = 'bearer' | 'cookie';

/** What a valid session token says. */
export interface SessionClaims {
  /** `jti`. */
  readonly sessionId: string;
  /** `sub`. */
  readonly userId: string;
  readonly authEpoch: number;
}

/** What a token says, with its bounds in time, each a NumericDate. */
interface TimedClaims {
  readonly claims: SessionClaims;
  readonly expiresAt: number;
  readonly notBefore: number;
}

/** What a token is made of. */
export type SignedSession = Pick<NewSession, 'id' | 'userId' | 'authEpoch' | 'createdAt' | 'expiresAt'>;

/** Tokens for one way of travelling, and what the last of them said. */
interface TokenKind {
  readonly tokens: SignedTokens;
  readonly recent: RecentTokens<TimedClaims>;
}

/** Signs and verifies session tokens (RFC 7519, BCP 225): one algorithm, a purpose for each transport, key by `kid`. No I/O. */
@Injectable()
export class TokenService {
  private readonly kinds: Readonly<Record<Transport, TokenKind>>;

  constructor(
    config: RegStackConfig,
    keys: KeyRing,
    private readonly clock: Clock,
    name: InstanceName,
  ) {
    const kind = (purpose: KeyPurpose): TokenKind => ({
      tokens: new SignedTokens(config, keys, name, purpose, TYPE),
      recent: new RecentTokens(),
    });
    this.kinds = { bearer: kind('session'), cookie: kind('session-cookie') };
  }

  /** The token of a session. */
  sign(session: SignedSession, transport: Transport = 'bearer'): string {
    const issuedAt = numericDate(session.createdAt);
    return this.kinds[transport].tokens.sign({
      sub: session.userId,
      jti: session.id,
      iat: issuedAt,
      nbf: issuedAt,
      exp: numericDate(session.expiresAt),
      auth_epoch: session.authEpoch,
    });
  }

  /** What a session token says, or null when it is not one of ours, was changed, or has expired: the reason is nobody's business. */
  verify(token: string, transport: Transport = 'bearer'): SessionClaims | null {
    const { tokens, recent } = this.kinds[transport];
    const known = recent.find(token);
    const found = known ?? read(tokens, token);
    if (found === null || !this.isInTime(found)) return null;
    if (!known) recent.keep(token, found);
    return found.claims;
  }

  private isInTime({ expiresAt, notBefore }: TimedClaims): boolean {
    const now = numericDate(this.clock.now());
    return now < expiresAt && notBefore <= now + CLOCK_SKEW_SECONDS;
  }
}

function read(tokens: SignedTokens, token: string): TimedClaims | null {
  const claims = tokens.read(token);
  return claims && claimsOf(claims);
}

function claimsOf({ jti, sub, auth_epoch, exp, iat, nbf }: Claims): TimedClaims | null {
  const numbers = [exp, iat, nbf, auth_epoch].every((claim) => Number.isSafeInteger(claim));
  if (!numbers || typeof jti !== 'string' || typeof sub !== 'string') return null;
  const claims = Object.freeze({ sessionId: jti, userId: sub, authEpoch: auth_epoch as number });
  return { claims, expiresAt: exp as number, notBefore: nbf as number };
}
