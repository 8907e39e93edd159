import { ValidateBy, buildMessage } from 'class-validator';
import { isWellFormed, leavesItsLine } from '../kernel/text';
import { parseDatabaseUrl, DATABASE_URL_FORMS } from './database-url';

/**
 * A setting that is known but whose feature this version does not have: only its default passes. So nobody believes that
 * something is switched on which is not there.
 */
export function Planned(feature: string): PropertyDecorator {
  return ValidateBy({
    name: 'planned',
    validator: {
      validate: (value, args) => {
        const type = args!.object.constructor as new () => Record<string, unknown>;
        const isNumber = typeof value !== 'number' || Number.isFinite(value);
        return isNumber && JSON.stringify(value) === JSON.stringify(new type()[args!.property]);
      },
      defaultMessage: () => `cannot be changed yet: ${feature} is not part of this version; remove it`,
    },
  });
}

/** At least 32 bytes of UTF-8: the key length of HMAC-SHA-256 (RFC 7518 section 3.2). */
export function IsSecret(): PropertyDecorator {
  return rule(
    'isSecret',
    (value) => typeof value === 'string' && Buffer.byteLength(value.trim()) >= 32,
    'must have at least 32 bytes; make one with: openssl rand -base64 48',
  );
}

/** A name or a line that is shown to people, in mails and their headers too. */
export function IsLine(): PropertyDecorator {
  return rule(
    'isLine',
    (value) => typeof value === 'string' && isWellFormed(value) && !leavesItsLine(value),
    'must be one line of text, without control characters and without those that turn its direction',
  );
}

/** A list of secrets. */
export function AreSecrets(): PropertyDecorator {
  return rule(
    'areSecrets',
    (value) =>
      Array.isArray(value) && value.every((one) => typeof one === 'string' && Buffer.byteLength(one) >= 32),
    'must be a list of secrets of at least 32 bytes each',
  );
}

/** A list of paths; that they exist is checked with the other settings. */
export function AreDirectories(): PropertyDecorator {
  return rule(
    'areDirectories',
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== ''),
    'must be a list of directories',
  );
}

/** An absolute http(s) URL without credentials, query or fragment. */
export function IsBaseUrl(): PropertyDecorator {
  return rule('isBaseUrl', isBaseUrl, 'must be an absolute URL such as https://app.example.org');
}

/** `/path` without a slash at its end, in characters that need no escaping. */
export function IsPrefix(): PropertyDecorator {
  return rule(
    'isPrefix',
    (value) => typeof value === 'string' && /^(\/(?!\.+(\/|$))[a-z0-9._~-]+)+$/.test(value),
    'must be a path in lower case such as /api/auth',
  );
}

/** What a page loads: a path on the app's own origin, or a URL over https or of this machine. */
export function IsAssetUrl(): PropertyDecorator {
  return rule(
    'isAssetUrl',
    (value) => typeof value === 'string' && isAssetUrl(value),
    'must be a path such as /theme.css, or an https (or loopback) URL',
  );
}

/** A list of origins, over https or of this machine. */
export function AreOrigins(): PropertyDecorator {
  return rule(
    'areOrigins',
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && isSafeOrigin(one)),
    'must be a list of https (or loopback) origins such as https://fonts.example.org',
  );
}

/** A link with the text `{token}` in it, over https or to this machine. */
export function IsLinkTemplate(): PropertyDecorator {
  return rule(
    'isLinkTemplate',
    (value) => typeof value === 'string' && isLinkTemplate(value),
    'must be an https (or loopback) URL with {token} in it, such as https://app.example.org/verify?token={token}',
  );
}

/** The base URL of a gateway, over https or to this machine: secrets travel to it. */
export function IsEndpoint(): PropertyDecorator {
  return rule(
    'isEndpoint',
    (value) => typeof value === 'string' && isBaseUrl(value) && isSafe(new URL(value)),
    'must be an https (or loopback) URL such as https://gateway.example.org',
  );
}

/** A number, a short code, a name. A name has a letter: a number without its plus is none. */
const SMS_SENDERS = [/^\+[1-9]\d{4,14}$/, /^\d{3,8}$/, /^(?! )(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}(?<! )$/];

/** What an SMS may say that it comes from. */
export function IsSmsSender(): PropertyDecorator {
  return rule(
    'isSmsSender',
    (value) => typeof value === 'string' && SMS_SENDERS.some((form) => form.test(value)),
    'must be a number such as +4915112345678, a short code, or a name of 3 to 11 letters, digits and spaces',
  );
}

/** A region of AWS: it becomes part of a host name. */
export function IsAwsRegion(): PropertyDecorator {
  return rule(
    'isAwsRegion',
    (value) => typeof value === 'string' && /^[a-z]{2,8}(-[a-z]{2,12}){1,3}-\d{1,2}$/.test(value),
    'must be a region of AWS such as eu-central-1',
  );
}

/** A URL that {@link parseDatabaseUrl} reads. */
export function IsDatabaseUrl(): PropertyDecorator {
  return rule(
    'isDatabaseUrl',
    (value) => typeof value === 'string' && parseDatabaseUrl(value) !== null,
    `must be a database URL that can be used; forms: ${DATABASE_URL_FORMS}`,
  );
}

/** A name that MongoDB takes for a database on every system. */
export function IsDatabaseName(): PropertyDecorator {
  return rule(
    'isDatabaseName',
    (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{1,63}$/.test(value),
    'must be 1 to 63 letters, digits, "_" or "-"',
  );
}

/** Lower-case identifier that is safe to quote in SQL and as a name of collections. */
export function IsTablePrefix(): PropertyDecorator {
  return rule(
    'isTablePrefix',
    (value) => typeof value === 'string' && /^(?!sqlite_)[a-z][a-z0-9_]{0,30}$/.test(value),
    'must match ^[a-z][a-z0-9_]{0,30}$ and not begin with sqlite_',
  );
}

/** True for a host that is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}

function isBaseUrl(value: unknown): boolean {
  // As it stands, and not only as a URL is read: its scheme decides about cookies.
  const url = typeof value === 'string' && /^https?:\/\/\S+$/.test(value) ? URL.parse(value) : null;
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

function isLinkTemplate(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || !isSafe(url)) return false;
  const [authority] = /^[^/]*\/\/[^/?#]*/.exec(value) ?? [''];
  // In the name of the host it would be told to DNS.
  return value.includes('{token}') && !authority.includes('{token}');
}

/** Nothing that would end a directive of a content security policy, or an attribute. */
const PLAIN_URL = /^[!#-&(-+\--:=?-~]+$/;

/** A host as a content security policy names one: URL parsers take `;` and `*` as well, which there end a directive or stand for all. */
const PLAIN_HOST = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/;

function isAssetUrl(value: string): boolean {
  if (!PLAIN_URL.test(value)) return false;
  if (/^\/(?![/\\])/.test(value)) return true;
  // With both slashes: `https:host` is a path to a page that has come over https.
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
  return url !== null && isSource(url) && url.username === '' && url.password === '';
}

function isSafeOrigin(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && isSource(url) && url.origin === value;
}

function isSource(url: URL): boolean {
  return isSafe(url) && PLAIN_HOST.test(url.hostname);
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function rule(name: string, validate: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: buildMessage(() => message) } });
}
