import { createHmac, hkdfSync } from 'node:crypto';
import { SETTINGS } from '../../support/host';

type Part = Readonly<Record<string, unknown>>;

const encode = (part: Part): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (part: string): Part => JSON.parse(Buffer.from(part, 'base64url').toString()) as Part;

/** The key of bearer tokens, as somebody derives it who knows the secret of the app. */
const KEY = Buffer.from(hkdfSync('sha256', SETTINGS.jwtSecret, 'regstack', 'default/session', 32));

/** A token with other claims, under a good signature. */
export function signedAnew(token: string, changes: Part = {}): string {
  const [header, claims] = token.split('.') as [string, string];
  const text = `${header}.${encode({ ...decode(claims), ...changes })}`;
  return `${text}.${createHmac('sha256', KEY).update(text).digest('base64url')}`;
}

/** A token with other claims, under the signature that it had. */
export function withOtherClaims(token: string, changes: Part): string {
  const [header, claims, signature] = token.split('.') as [string, string, string];
  return [header, encode({ ...decode(claims), ...changes }), signature].join('.');
}

/** The token without a signature, under the name of the algorithm that needs none. */
export function unsigned(token: string): string {
  const [header, claims] = token.split('.') as [string, string];
  return `${encode({ ...decode(header), alg: 'none' })}.${claims}.`;
}

/** The token with one letter of its signature changed. */
export const withOtherSignature = (token: string): string =>
  token.replace(
    /\.([^.])([^.]+)$/,
    (_, first: string, rest: string) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
  );
