import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { EmailConfig } from './email.config';
import { SmsConfig } from './sms.config';
import { Argon2Config } from './argon2.config';
import { Section } from './section';
import { Setting } from './setting.decorator';
import {
  AreDirectories,
  AreOrigins,
  AreSecrets,
  IsAssetUrl,
  IsBaseUrl,
  IsDatabaseName,
  IsDatabaseUrl,
  IsLine,
  IsLinkTemplate,
  IsPrefix,
  IsSecret,
  IsTablePrefix,
  Planned,
} from './setting.rules';

/** Who must have a second factor. */
const MFA_POLICIES = ['off', 'optional', 'required', 'required_for_superusers'] as const;

export type MfaPolicy = (typeof MFA_POLICIES)[number];

/**
 * Every setting with its default. One schema for all sources: the TypeScript name is camelCase, in files and in the
 * environment it is snake_case (`jwtTtlSeconds`, `jwt_ttl_seconds`, `REGSTACK_JWT_TTL_SECONDS`).
 * Made by `loadRegStackConfig()` and `RegStackModule.forRoot()` only; frozen.
 */
export class RegStackConfig extends Section {
  // App

  /** Name of the app in mails and on pages. */
  @Setting() @IsLine() @Length(1, 64) appName = 'RegStack';

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

  /**
   * Path under which the style sheets and the script of the pages are served, below the host's global prefix; for an instance with a name
   * of its own, below that path by the name.
   */
  @Setting() @IsPrefix() staticPrefix = '/regstack-static';

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
  @Setting({ isNumber: true }) @IsOptional() @IsInt() @Min(1) @Max(1000) databasePoolSize: number | null =
    null;
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
  /** HTML pages for everything that users and admins do. When off, those of mailed links are there alone. */
  @Setting() @IsBoolean() enableUiRouter = false;
  /** A second factor by SMS can be enrolled. One that is enrolled is asked for in any case. */
  @Setting() @IsBoolean() enableSms2fa = false;
  /** A second factor by authenticator app (RFC 6238) can be enrolled. One that is enrolled is asked for in any case. */
  @Setting() @IsBoolean() enableTotp = true;
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
  /** SMS per hour and number (apart for accounts that have proved it and for others), and per account. */
  @Setting() @IsInt() @Min(1) @Max(1000) smsMaxPerHour = 5;
  /** SMS per day and number, and per account. */
  @Setting() @IsInt() @Min(1) @Max(10_000) smsMaxPerDay = 20;
  /**
   * SMS per day and country calling code to numbers that are being enrolled, of all accounts together: a bound on fraud with numbers
   * that earn from texts. Numbers that are enrolled do not count here.
   */
  @Setting() @IsInt() @Min(1) @Max(1_000_000) smsMaxPerCountryPerDay = 1000;

  // Second factors

  /** Digits of an SMS code; six are twenty bits (ASVS 6.5.4). */
  @Setting() @IsInt() @Min(6) @Max(10) smsCodeLength = 6;
  /** Lifetime of an SMS code, seconds; ten minutes at most (ASVS 6.5.5). */
  @Setting() @IsInt() @Min(1) @Max(600) smsCodeTtlSeconds = 300;
  /** Guesses at a code, and at the codes of one sign-in together. */
  @Setting() @IsInt() @Min(1) @Max(10) smsCodeMaxAttempts = 5;
  /** Time for the second step of a sign-in, or for the enrolment that it asks for, seconds. */
  @Setting() @IsInt() @Min(1) @Max(3600) mfaPendingTokenTtlSeconds = 600;
  /**
   * Who must have a second factor: nobody, and nobody can enrol one (`off`), nobody (`optional`), everybody (`required`), superusers
   * (`required_for_superusers`). One that is enrolled is asked for in any case.
   */
  @Setting() @IsIn(MFA_POLICIES) mfaPolicy: MfaPolicy = 'optional';
  /** Days for which users may have a device trusted, where no second factor is asked for then; 0: none is trusted. A
   * device that is not used for `device_cookie_ttl_seconds` is not known any more. */
  @Setting() @IsInt() @Min(0) @Max(365) mfaTrustedDeviceDays = 0;

  // Messages

  /** Mail. */
  @Setting({ section: EmailConfig }) email = new EmailConfig();
  /** SMS. */
  @Setting({ section: SmsConfig }) sms = new SmsConfig();

  // Brand

  /** Logo of the pages, in the place of the name of the app: a path such as `/logo.svg`, or an https URL. */
  @Setting() @IsOptional() @IsAssetUrl() brandLogoUrl: string | null = null;
  /** Line under the name of the app. */
  @Setting() @IsOptional() @IsLine() @Length(1, 120) brandTagline: string | null = null;
  /** Style sheet of `--rs-*` variables that is loaded after the bundled one: a path, or an https URL. */
  @Setting() @IsOptional() @IsAssetUrl() themeCssUrl: string | null = null;
  /** Origins that web fonts, and their style sheets, are loaded from, such as `https://fonts.example.org`. */
  @Setting() @AreOrigins() fontOrigins: readonly string[] = [];
  /** Directories whose templates win over the bundled ones of the same name, first match first. */
  @Setting() @AreDirectories() extraTemplateDirs: readonly string[] = [];

  // Operation

  /** How long audit rows are kept, days. */
  @Setting() @IsInt() @Min(1) @Max(36_500) auditRetentionDays = 365;
}
