import { JwtSecretRequestType, JwtService } from '@nestjs/jwt';
import type { RegStackConfig } from '../config/regstack.config';
import type { InstanceName } from './instance-name';
import type { KeyPurpose, KeyRing } from './key-ring';

/** NumericDate of RFC 7519 section 2. */
export const numericDate = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** What a signed token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** Signed tokens of one purpose (RFC 7519, BCP 225): one algorithm, one `typ`, a key of its own by `kid`. No I/O. */
export class SignedTokens {
  private readonly jwt: JwtService;
  private readonly issuer: string;
  private readonly audience: string;

  constructor(
    private readonly config: RegStackConfig,
    private readonly keys: KeyRing,
    name: InstanceName,
    private readonly purpose: KeyPurpose,
    private readonly type: string,
  ) {
    this.issuer = config.jwtIssuer ?? name.slug;
    this.audience = config.jwtAudience ?? name.slug;
    this.jwt = new JwtService({
      secretOrKeyProvider: (request, token) =>
        request === JwtSecretRequestType.SIGN ? keys.current(purpose).key : this.keyOf(token as string),
    });
  }

  /** A token with these claims beside issuer, audience and purpose. */
  sign(claims: Claims): string {
    const { jwtAlgorithm: algorithm } = this.config;
    const { kid } = this.keys.current(this.purpose);
    const all = { iss: this.issuer, aud: this.audience, ...claims, purpose: this.purpose };
    return this.jwt.sign(all, { algorithm, header: { alg: algorithm, typ: this.type, kid } });
  }

  /** What a token says whose signature, type and purpose are right, at whatever time; null whatever else is wrong with it. */
  read(token: string): Claims | null {
    try {
      const { header, payload } = this.jwt.verify<{
        header: { typ?: unknown; crit?: unknown };
        payload: Claims;
      }>(token, {
        algorithms: [this.config.jwtAlgorithm],
        issuer: this.issuer,
        audience: this.audience,
        ignoreExpiration: true,
        ignoreNotBefore: true,
        complete: true,
      });
      // An extension that we do not know must be refused (RFC 7515 section 4.1.11).
      const isOurs = header.typ === this.type && header.crit === undefined;
      return isOurs && payload['purpose'] === this.purpose ? payload : null;
    } catch {
      return null;
    }
  }

  /** The key that the header names. Nothing else of an unverified token is believed. */
  private keyOf(token: string) {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0]!, 'base64url').toString('utf8')) as {
      kid?: unknown;
    };
    const found = this.keys.find(this.purpose, header.kid);
    if (!found) throw new Error('unknown kid');
    return found.key;
  }
}
