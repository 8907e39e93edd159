import { Injectable } from '@nestjs/common';
import { JwtSecretRequestType, JwtService } from '@nestjs/jwt';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import type { SessionRecord } from '../ports/session.repository';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { RecentTokens } from './recent-tokens';

/** Header `typ` of a session token: an access token of RFC 9068 section 2.1 in spirit. */
const TYPE = 'at+jwt';

/** How far the clocks of two nodes may be apart, seconds: a fresh token of the fast one passes on the slow one. */
const CLOCK_SKEW_SECONDS = 150;

/** NumericDate of RFC 7519 section 2. */
const seconds = (instant: Date): number => Math.floor(instant.getTime() / 1000);

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

/** Signs and verifies session tokens (RFC 7519, BCP 225): one algorithm, one purpose, key by `kid`. No I/O. */
@Injectable()
export class TokenService {
  private readonly jwt: JwtService;
  private readonly recent = new RecentTokens<TimedClaims>();
  private readonly issuer: string;
  private readonly audience: string;

  constructor(
    private readonly config: RegStackConfig,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    name: InstanceName,
  ) {
    this.issuer = config.jwtIssuer ?? name.slug;
    this.audience = config.jwtAudience ?? name.slug;
    this.jwt = new JwtService({
      secretOrKeyProvider: (request, token) =>
        request === JwtSecretRequestType.SIGN ? keys.current('session').key : this.keyOf(token as string),
    });
  }

  /** The bearer token of a session. */
  sign(session: SessionRecord): string {
    const { jwtAlgorithm: algorithm } = this.config;
    const issuedAt = seconds(session.createdAt);
    const claims = {
      iss: this.issuer,
      aud: this.audience,
      sub: session.userId,
      jti: session.id,
      iat: issuedAt,
      nbf: issuedAt,
      exp: seconds(session.expiresAt),
      purpose: 'session',
      auth_epoch: session.authEpoch,
    };
    const { kid } = this.keys.current('session');
    return this.jwt.sign(claims, { algorithm, header: { alg: algorithm, typ: TYPE, kid } });
  }

  /** What a session token says, or null when it is not one of ours, was changed, or has expired: the reason is nobody's business. */
  verify(token: string): SessionClaims | null {
    const known = this.recent.find(token);
    const found = known ?? this.read(token);
    if (found === null || !this.isInTime(found)) return null;
    if (!known) this.recent.keep(token, found);
    return found.claims;
  }

  /** What a token says whose signature, type and purpose are right, at whatever time. */
  private read(token: string): TimedClaims | null {
    try {
      const { header, payload } = this.jwt.verify<{
        header: { typ?: unknown; crit?: unknown };
        payload: Record<string, unknown>;
      }>(token, {
        algorithms: [this.config.jwtAlgorithm],
        issuer: this.issuer,
        audience: this.audience,
        ignoreExpiration: true,
        ignoreNotBefore: true,
        complete: true,
      });
      // An extension that we do not know must be refused (RFC 7515 section 4.1.11).
      return header.typ === TYPE && header.crit === undefined ? claimsOf(payload) : null;
    } catch {
      return null;
    }
  }

  private isInTime({ expiresAt, notBefore }: TimedClaims): boolean {
    const now = seconds(this.clock.now());
    return now < expiresAt && notBefore <= now + CLOCK_SKEW_SECONDS;
  }

  /** The key that the header names. Nothing else of an unverified token is believed. */
  private keyOf(token: string) {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString('utf8')) as {
      kid?: unknown;
    };
    const found = this.keys.find('session', header.kid);
    if (!found) throw new Error('unknown kid');
    return found.key;
  }
}

function claimsOf({
  jti,
  sub,
  purpose,
  auth_epoch,
  exp,
  iat,
  nbf,
}: Record<string, unknown>): TimedClaims | null {
  const numbers = [exp, iat, nbf, auth_epoch].every((claim) => Number.isSafeInteger(claim));
  if (!numbers || typeof jti !== 'string' || typeof sub !== 'string' || purpose !== 'session') return null;
  const claims = Object.freeze({ sessionId: jti, userId: sub, authEpoch: auth_epoch as number });
  return { claims, expiresAt: exp as number, notBefore: nbf as number };
}
