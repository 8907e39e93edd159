import { ValidateBy, buildMessage } from 'class-validator';
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

/** A link with the text `{token}` in it, over https or to this machine. */
export function IsLinkTemplate(): PropertyDecorator {
  return rule(
    'isLinkTemplate',
    (value) => typeof value === 'string' && isLinkTemplate(value),
    'must be an https (or loopback) URL with {token} in it, such as https://app.example.org/verify?token={token}',
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
  return (
    url !== null &&
    value.includes('{token}') &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  );
}

function rule(name: string, validate: (value: unknown) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name, validator: { validate, defaultMessage: buildMessage(() => message) } });
}
