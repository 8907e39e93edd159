import { inspect } from 'node:util';
import { IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { EmailConfig } from './email.config';
import { SmsConfig } from './sms.config';
import { Argon2Config } from './argon2.config';
import { redacted } from './redacted';
import { Setting } from './setting.decorator';
import {
  AreDirectories,
  AreSecrets,
  IsBaseUrl,
  IsDatabaseName,
  IsDatabaseUrl,
  IsLinkTemplate,
  IsPrefix,
  IsSecret,
  IsTablePrefix,
  Planned,
} from './setting.rules';

/**
 * Every setting with its default. One schema for all sources: the TypeScript name is camelCase, in files and in the
 * environment it is snake_case (`jwtTtlSeconds`, `jwt_ttl_seconds`, `REGSTACK_JWT_TTL_SECONDS`).
 * Made by `loadRegStackConfig()` and `RegStackModule.forRoot()` only; frozen.
 */
export class RegStackConfig {
  // App

  /** Name of the app in mails and on pages. */
  @Setting() @IsString() @Length(1, 64) appName = 'RegStack';

  /** Where the app is reached from outside. All mailed links start with it; `Host` headers are never believed. */
  @Setting() @IsBaseUrl() baseUrl = 'http://localhost:3000';

  /**
   * Number of reverse proxies in front of the app, each of which appends to `X-Forwarded-For`; 0: the header is ignored. Too few, and all
   * clients count as one; too many, and a client may call itself what it likes.
   */
  @Setting() @IsInt() @Min(0) @Max(16) trustedProxies = 0;

  /** Path under which the JSON routes are served, below the host's global prefix. */
  @Setting() @IsPrefix() apiPrefix = '/api/auth';

  /** Path under which the pages are served, below the host's global prefix. */
  @Setting() @IsPrefix() uiPrefix = '/account';

  /** Path under which the static files of the pages are served. */
  @Setting() @IsPrefix() @Planned('static files') staticPrefix = '/regstack-static';

  /** Link of the verification mail for a host with a front end of its own; with it our own page is gone. `{token}` is replaced. */
  @Setting() @IsOptional() @IsLinkTemplate() verifyUrlTemplate: string | null = null;
  /** Link of the reset mail; with it our own page is gone, as with the next two. */
  @Setting() @IsOptional() @IsLinkTemplate() passwordResetUrlTemplate: string | null = null;
  /** Link of the mail that confirms a new address. */
  @Setting() @IsOptional() @IsLinkTemplate() emailChangeUrlTemplate: string | null = null;
  /** Link of the mail that undoes a change of address. */
  @Setting() @IsOptional() @IsLinkTemplate() emailChangeUndoUrlTemplate: string | null = null;

  // Database

  /** The database that keeps the users. A `+driver` suffix as the Python project writes it is dropped. */
  @Setting({ secret: true }) @IsDatabaseUrl() databaseUrl = 'sqlite:./regstack.db';
  /** Starts the name of every table, `^[a-z][a-z0-9_]{0,30}$`. */
  @Setting() @IsTablePrefix() tablePrefix = 'regstack_';
  /** Bring the schema up to date at boot. When off, an old schema refuses to boot. */
  @Setting() @IsBoolean() autoMigrate = true;
  /** Name of the MongoDB database where the URL has none; `regstack` where neither has one. */
  @Setting() @IsOptional() @IsDatabaseName() mongodbDatabase: string | null = null;
  /** Connections per process, 10 where nothing is set. SQLite has one. */
  @Setting() @IsOptional() @IsInt() @Min(1) @Max(1000) databasePoolSize: number | null = null;
  /** How long one database operation may wait before the request is answered with 503, milliseconds. */
  @Setting() @IsInt() @Min(50) @Max(60_000) databaseTimeoutMs = 2500;

  // Tokens and links

  /** Secret from which every key is derived, at least 32 bytes. */
  @Setting({ secret: true }) @IsSecret() jwtSecret = '';
  /** Former secrets: still verify and decrypt, never sign. */
  @Setting({ secret: true }) @AreSecrets() jwtPreviousSecrets: readonly string[] = [];
  /** Signature algorithm of session tokens (RFC 7518 section 3.2). */
  @Setting() @IsIn(['HS256', 'HS384', 'HS512']) jwtAlgorithm: 'HS256' | 'HS384' | 'HS512' = 'HS256';
  /** Absolute lifetime of a session, seconds. */
  @Setting() @IsInt() @Min(1) @Max(31_536_000) jwtTtlSeconds = 7200;
  /** `aud` of session tokens; null: the name of the instance. */
  @Setting() @IsOptional() @IsString() @Length(1, 200) jwtAudience: string | null = null;
  /** `iss` of session tokens; null: `regstack` and the name of the instance. */
  @Setting() @IsOptional() @IsString() @Length(1, 200) jwtIssuer: string | null = null;
  /** Time without a request after which a session ends, seconds; 0: never. It may be up to a minute, or a tenth of it, more. */
  @Setting() @IsInt() @Min(0) @Max(31_536_000) sessionIdleSeconds = 0;
  /** Lifetime of a verification link, seconds. */
  @Setting() @IsInt() @Min(1) @Max(604_800) verificationTokenTtlSeconds = 86_400;
  /** Lifetime of a reset link, seconds. */
  @Setting() @IsInt() @Min(1) @Max(86_400) passwordResetTokenTtlSeconds = 1800;
  /** Lifetime of a link that confirms a new address, seconds. */
  @Setting() @IsInt() @Min(1) @Max(86_400) emailChangeTokenTtlSeconds = 3600;
  /** Lifetime of a link that undoes a change of address, seconds. */
  @Setting() @IsInt() @Min(1) @Max(2_592_000) emailChangeUndoTokenTtlSeconds = 259_200;
  /**
   * How long a sign-in, or `POST /reauthenticate`, counts as fresh, which admin writes and ending other sessions ask for, seconds; 0:
   * for ever.
   */
  @Setting() @IsInt() @Min(0) @Max(31_536_000) freshSessionSeconds = 900;
  /** Lifetime of the cookie by which a device is known, seconds. */
  @Setting() @IsInt() @Min(1) @Max(34_560_000) deviceCookieTtlSeconds = 15_552_000;

  // Features

  /** New accounts must prove their address before they exist. */
  @Setting() @IsBoolean() requireVerification = true;
  /** Strangers may register. */
  @Setting() @IsBoolean() allowRegistration = true;
  /** Forgotten passwords can be reset by mail. */
  @Setting() @IsBoolean() enablePasswordReset = true;
  /** Users may delete their account. */
  @Setting() @IsBoolean() enableAccountDeletion = true;
  /** Routes for superusers, under `/admin`. */
  @Setting() @IsBoolean() enableAdminRouter = false;
  /** HTML pages beyond the landing pages of mailed links. */
  @Setting({ awaits: 'the pages beyond those of mailed links' }) @IsBoolean() enableUiRouter = false;
  /** Second factor by SMS. */
  @Setting() @IsBoolean() @Planned('the SMS factor') enableSms2fa = false;
  /** Second factor by authenticator app. */
  @Setting() @IsBoolean() @Planned('the TOTP factor') enableTotp = true;
  /** Sign-in by other providers. */
  @Setting() @IsBoolean() @Planned('OAuth') enableOauth = false;

  // Passwords

  /** Shortest password, code points; 8 is the floor (NIST SP 800-63B-4, ASVS 6.2.1). */
  @Setting() @IsInt() @Min(8) @Max(64) passwordMinLength = 12;
  /** Longest password, code points; at least 64 (ASVS 6.2.9), at most 256. */
  @Setting() @IsInt() @Min(64) @Max(256) passwordMaxLength = 256;
  /**
   * Refuse the 300,000 passwords of the list that comes with the package, in any case (NIST SP 800-63B-4, ASVS 6.2.4). Turn it off
   * where something else checks them.
   */
  @Setting() @IsBoolean() passwordBlocklist = true;
  /** Cost of the password hash. */
  @Setting({ section: Argon2Config }) argon2 = new Argon2Config();

  // Limits

  /** Lift the limits, for load tests. Refused in production. */
  @Setting() @IsBoolean() rateLimitDisabled = false;
  /** Attempts at the password of an address before it is locked: for strangers, and for each known device (sessions included) apart. */
  @Setting() @IsInt() @Min(1) @Max(100) loginLockoutThreshold = 5;
  /** Window in which they count, from the first attempt, seconds. */
  @Setting() @IsInt() @Min(1) @Max(86_400) loginLockoutWindowSeconds = 900;
  /** Logins per minute and IP prefix (IPv4 address, IPv6 /64), whatever becomes of them. */
  @Setting() @IsInt() @Min(1) @Max(1_000_000) loginMaxPerMinute = 60;
  /** Logins per hour and IP prefix. */
  @Setting() @IsInt() @Min(1) @Max(1_000_000) loginMaxPerHour = 600;
  /** Mails that strangers can cause, per hour, mailbox (without `+tag`) and purpose. */
  @Setting() @IsInt() @Min(1) @Max(1000) mailMaxPerHour = 5;
  /** The same per day. */
  @Setting() @IsInt() @Min(1) @Max(10_000) mailMaxPerDay = 20;
  /** SMS per hour and number, and per account. */
  @Setting() @IsInt() @Planned('the SMS factor') smsMaxPerHour = 5;
  /** SMS per day and number, and per account. */
  @Setting() @IsInt() @Planned('the SMS factor') smsMaxPerDay = 20;

  // Second factors

  /** Digits of an SMS code. */
  @Setting() @IsInt() @Planned('the SMS factor') smsCodeLength = 6;
  /** Lifetime of an SMS code, seconds. */
  @Setting() @IsInt() @Planned('the SMS factor') smsCodeTtlSeconds = 300;
  /** Guesses per SMS code. */
  @Setting() @IsInt() @Planned('the SMS factor') smsCodeMaxAttempts = 5;
  /** Time for the second step of a sign-in, seconds. */
  @Setting() @IsInt() @Planned('second factors') mfaPendingTokenTtlSeconds = 600;
  /** Who must have a second factor. */
  @Setting() @IsString() @Planned('second factors') mfaPolicy = 'optional';
  /** Days for which a device may skip the second step; 0: never. */
  @Setting() @IsInt() @Planned('second factors') mfaTrustedDeviceDays = 0;

  // Messages

  /** Mail. */
  @Setting({ section: EmailConfig }) email = new EmailConfig();
  /** SMS. */
  @Setting({ section: SmsConfig }) sms = new SmsConfig();

  // Brand

  /** Logo of the pages. */
  @Setting() @IsOptional() @Planned('theming') brandLogoUrl: string | null = null;
  /** Line under the name of the app. */
  @Setting() @IsOptional() @Planned('theming') brandTagline: string | null = null;
  /** Style sheet that is loaded after the bundled one. */
  @Setting() @IsOptional() @Planned('theming') themeCssUrl: string | null = null;
  /** Origins of web fonts. */
  @Setting() @IsArray() @Planned('theming') fontOrigins: readonly string[] = [];
  /** Directories whose templates win over the bundled ones of the same name, first match first. */
  @Setting() @AreDirectories() extraTemplateDirs: readonly string[] = [];

  // Operation

  /** How long audit rows are kept, days. */
  @Setting() @IsInt() @Min(1) @Max(36_500) auditRetentionDays = 365;

  /** Prints without secrets. */
  [inspect.custom](): unknown {
    return redacted(this);
  }

  /** Serialises without secrets. */
  toJSON(): unknown {
    return redacted(this);
  }
}
