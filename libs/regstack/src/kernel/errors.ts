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
  'form.expired': 'This form was open for too long. Open the page again.',
  'hook.refused': 'This was refused.',
  'login.invalid_credentials': 'The e-mail address or the password is wrong.',
  'login.locked': 'Too many attempts. Wait before you try again.',
  'message.expired':
    'What this message carries is used or expired. Its recipient has to ask for another one.',
  'message.not_found': 'There is no such message.',
  'message.sent': 'This message was sent already.',
  'mfa.challenge_expired':
    'This step was used already, has expired, or had too many wrong codes. Begin again.',
  'mfa.code_wrong': 'The code is wrong.',
  'mfa.locked': 'Too many wrong codes. Wait before you try again.',
  'mfa.method_unavailable': 'Your account has no such second factor.',
  'mfa.not_enabled': 'Your account has no second factor.',
  'mfa.proof_required': 'Prove your second factor: send a code of it, or a recovery code.',
  'mfa.required': 'Your account has to have a second factor.',
  'mfa.unavailable': 'Your second factor cannot be used. Ask whoever runs this app for help.',
  'password.same': 'The new password is the one that you have.',
  'password.too_common': 'This password is too common.',
  'password.too_long': 'The password is too long.',
  'password.too_personal': 'This password is too easy to guess.',
  'password.too_short': 'The password is too short.',
  'password.wrong_current': 'The current password is wrong.',
  'phone.invalid': 'This is not a telephone number that can be used here.',
  'registration.closed': 'Registration is closed.',
  'registration.email_taken': 'An account with this e-mail address exists already.',
  'registration.not_found': 'There is no such registration.',
  'request.cross_site': 'This request came from another site.',
  'request.duplicate_key': 'The body names a key twice.',
  'request.forbidden_key': 'The body has a key that is never accepted.',
  'request.invalid': 'Some fields are missing or not as they should be.',
  'request.malformed': 'The request cannot be read.',
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
  'sms.limited': 'Too many messages were sent. Wait before you ask for another one.',
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
