/**
 * Every refusal of this library by its stable code `feature.reason`, with the sentence that is shown by default.
 * Clients branch on the code; the HTTP status of a code is decided in one place, `http/problem.ts`.
 */
export const ERROR_DETAILS = {
  'account.already_verified': 'The address of this account is proved already.',
  'account.disabled': 'This account is disabled.',
  'account.last_admin': 'This is the last active admin. Make somebody else one first.',
  'account.not_allowed': 'Your account has no right to this.',
  'account.not_found': 'There is no such account.',
  'account.unverified': 'Confirm your e-mail address first: open the link that was mailed to you.',
  'email.invalid': 'This is not an e-mail address that can be used here.',
  'email.same': 'This is the address of your account already.',
  'feature.disabled': 'This is switched off here.',
  'hook.refused': 'This was refused.',
  'login.invalid_credentials': 'The e-mail address or the password is wrong.',
  'login.locked': 'Too many attempts. Wait before you try again.',
  'password.same': 'The new password is the one that you have.',
  'password.too_common': 'This password is too common.',
  'password.too_long': 'The password is too long.',
  'password.too_personal': 'This password is too easy to guess.',
  'password.too_short': 'The password is too short.',
  'password.wrong_current': 'The current password is wrong.',
  'registration.closed': 'Registration is closed.',
  'registration.email_taken': 'An account with this e-mail address exists already.',
  'registration.not_found': 'There is no such registration.',
  'request.cross_site': 'This request came from another site.',
  'request.duplicate_key': 'The body names a key twice.',
  'request.forbidden_key': 'The body has a key that is never accepted.',
  'request.invalid': 'Some fields are missing or not as they should be.',
  'request.malformed': 'The body cannot be read.',
  'request.not_found': 'There is nothing here.',
  'request.refused': 'This is not allowed here.',
  'request.too_deep': 'The body is nested too deeply.',
  'request.too_large': 'The body is too large.',
  'request.unsupported_media_type': 'The body has a content type that is not accepted here.',
  'server.error': 'Something went wrong on our side.',
  'service.unavailable': 'The service cannot answer right now. Try again shortly.',
  'session.not_found': 'There is no such session.',
  'session.required': 'Sign in to continue.',
  'session.stale': 'Prove again that it is you: your last sign-in is too long ago for this.',
  'token.invalid': 'This link was used already, has expired, or is not one of ours.',
  'verification.password_required': 'Choose a password to finish your registration.',
} as const;

/** A stable error code, `feature.reason`. */
export type ErrorCode = keyof typeof ERROR_DETAILS;

/** One field of the request and the rule that it breaks. Never holds the value. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What an {@link AccountError} may say besides its code. */
export interface AccountErrorOptions {
  /** Shown instead of the code's default sentence. Must not hold anything the caller typed. */
  readonly detail?: string;
  readonly fields?: readonly FieldError[];
  /** Whole seconds for `Retry-After`. */
  readonly retryAfterSeconds?: number;
  /** Kept for the log only. */
  readonly cause?: unknown;
}

/** A refusal that ends the request: expected, safe to show, and told apart by its `code`. */
export class AccountError extends Error {
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, options: AccountErrorOptions = {}) {
    super(options.detail ?? ERROR_DETAILS[code], options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AccountError';
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A dependency (database, hash queue) cannot serve now: answered with 503 and `Retry-After`. */
export function unavailable(cause: unknown, retryAfterSeconds = 1): AccountError {
  return new AccountError('service.unavailable', { retryAfterSeconds, cause });
}
