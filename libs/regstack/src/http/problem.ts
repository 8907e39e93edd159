import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { AccountError, type ErrorCode, type FieldError } from '../kernel/errors';

/** The one place that maps a code to its HTTP status. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  'account.already_verified': 400,
  'account.disabled': 403,
  'account.last_admin': 409,
  'account.not_allowed': 403,
  'account.not_found': 404,
  'account.unverified': 403,
  'email.invalid': 422,
  'email.same': 400,
  'feature.disabled': 404,
  'form.expired': 403,
  'hook.refused': 403,
  'login.invalid_credentials': 401,
  'login.locked': 429,
  'message.expired': 409,
  'message.not_found': 404,
  'message.sent': 409,
  'mfa.challenge_expired': 400,
  'mfa.code_wrong': 400,
  'mfa.locked': 429,
  'mfa.method_unavailable': 400,
  'mfa.not_enabled': 400,
  'mfa.proof_required': 403,
  'mfa.required': 403,
  'mfa.unavailable': 403,
  'password.same': 400,
  'password.too_common': 422,
  'password.too_long': 422,
  'password.too_personal': 422,
  'password.too_short': 422,
  'password.wrong_current': 400,
  'phone.invalid': 422,
  'registration.closed': 403,
  'registration.email_taken': 409,
  'registration.not_found': 404,
  'request.cross_site': 403,
  'request.duplicate_key': 400,
  'request.forbidden_key': 400,
  'request.invalid': 422,
  'request.malformed': 400,
  'request.not_found': 404,
  'request.refused': 403,
  'request.too_deep': 400,
  'request.too_large': 413,
  'request.unsupported_media_type': 415,
  'server.error': 500,
  'service.unavailable': 503,
  'session.not_found': 404,
  'session.required': 401,
  'session.stale': 403,
  'sms.limited': 429,
  'token.invalid': 400,
  'verification.password_required': 422,
};

/** Codes for refusals that come from the framework, a guard or a parser of the host: they keep their status. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'request.malformed',
  401: 'session.required',
  404: 'request.not_found',
  413: 'request.too_large',
  415: 'request.unsupported_media_type',
  422: 'request.invalid',
  503: 'service.unavailable',
};

const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** A refusal as it leaves: the body of RFC 9457, with `code` and `request_id` as extension members. */
export interface Problem {
  readonly type: 'about:blank';
  /** The status phrase, as RFC 9457 section 4.2.1 asks of `about:blank`. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly FieldError[];
  /** Found again in our logs; a client's own `X-Request-Id` is ignored. */
  readonly request_id: string;
}

/** A refusal with the headers that belong to it. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Not expected: to be logged. */
  readonly defect: unknown;
}

/**
 * The one function that decides what leaves: codes and sentences of ours, never a message or a value of somebody else's.
 * @param requestId see `requestIdOf`
 */
export function problemOf(error: unknown, requestId: string): ProblemAnswer {
  const { code, message: detail, fields, retryAfterSeconds, cause } = accountErrorOf(error);
  const status = error instanceof HttpException ? error.getStatus() : STATUS[code];
  const headers: Record<string, string> = { 'content-type': PROBLEM_JSON, 'cache-control': 'no-store' };
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    ...(fields.length > 0 ? { errors: fields } : {}),
    request_id: requestId,
  };
  return { problem, headers, defect: status < 500 ? undefined : (cause ?? error) };
}

function accountErrorOf(error: unknown): AccountError {
  if (error instanceof AccountError) return error;
  if (!(error instanceof HttpException)) return new AccountError('server.error');
  const status = error.getStatus();
  return new AccountError(CODE_OF_STATUS[status] ?? (status < 500 ? 'request.refused' : 'server.error'));
}
