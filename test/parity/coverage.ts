import { AccountError, type ErrorCode } from '@regstack/nestjs';
import type { Recorded } from './play';
import { ROUTES } from './routes';

/** Every code: true where the sequence must reach it, or the reason why it may not. */
const CODES: Readonly<Record<ErrorCode, true | string>> = {
  'account.already_verified': true,
  'account.disabled': true,
  'account.last_admin': true,
  'account.not_allowed': true,
  'account.not_found': true,
  'account.unverified': true,
  'email.invalid': true,
  'email.same': true,
  'feature.disabled': true,
  'form.expired': 'of the forms on pages, which no store decides about: flows, pages',
  'hook.refused': true,
  'login.invalid_credentials': true,
  'login.locked': true,
  'message.expired': 'what waits depends on when the worker has looked: the flows have it',
  'message.not_found': true,
  'message.sent': 'the same',
  'mfa.challenge_expired': true,
  'mfa.code_wrong': true,
  'mfa.locked': true,
  'mfa.method_unavailable': true,
  'mfa.not_enabled': true,
  'mfa.proof_required': true,
  'mfa.required': true,
  'mfa.unavailable': true,
  'password.same': true,
  'password.too_common': true,
  'password.too_long': true,
  'password.too_personal': true,
  'password.too_short': true,
  'password.wrong_current': true,
  'phone.invalid': true,
  'registration.closed': true,
  'registration.email_taken': true,
  'registration.not_found': true,
  'request.cross_site': true,
  'request.duplicate_key': true,
  'request.forbidden_key': true,
  'request.invalid': true,
  'request.malformed': true,
  'request.not_found': true,
  'request.refused': 'stands for what a guard of the host refuses; this host has none',
  'request.too_deep': true,
  'request.too_large': true,
  'request.unsupported_media_type': true,
  'server.error': 'a defect',
  'service.unavailable': 'an outage: the outage tests have it',
  'session.not_found': true,
  'session.required': true,
  'session.stale': true,
  'sms.limited': true,
  'token.invalid': true,
  'verification.password_required': true,
};

/** What a recording has not reached, and what it has that it may not have: one line each, empty when it is worth something. */
export function gapsOf(recorded: readonly Recorded[], discovered: readonly string[]): readonly string[] {
  const answers = new Set(recorded.map(({ step, answer }) => `${step.route} → ${answer.status}`));
  const planned = Object.entries(ROUTES).flatMap(([route, entry]) =>
    entry.answers.map((status) => `${route} → ${status}`),
  );
  return [
    ...without(discovered, Object.keys(ROUTES)).map((route) => `${route} is not in the table of routes`),
    ...without(Object.keys(ROUTES), discovered).map((route) => `${route} is in the table, not in the app`),
    ...without(planned, [...answers]).map((answer) => `${answer} was never answered`),
    ...without([...answers], planned).map((answer) => `${answer} is not in the table of routes`),
    ...gapsOfCodes(codesIn(recorded)),
  ];
}

/** Codes of all refusals, from the JSON, or from the sentence on a page. */
export function codesIn(recorded: readonly Recorded[]): ReadonlySet<ErrorCode> {
  const codes = Object.keys(CODES) as ErrorCode[];
  const bodies = [
    ...new Set(recorded.filter(({ answer }) => answer.status >= 400).map(({ answer }) => answer.body)),
  ];
  const sentence = (code: ErrorCode): string => new AccountError(code).message;
  return new Set(
    codes.filter((code) =>
      bodies.some((body) => body.includes(`"${code}"`) || body.includes(`>${sentence(code)}<`)),
    ),
  );
}

/** How often each status came. */
export function statusesIn(recorded: readonly Recorded[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { answer } of recorded) counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  return counts;
}

function gapsOfCodes(seen: ReadonlySet<ErrorCode>): readonly string[] {
  return (Object.keys(CODES) as ErrorCode[]).flatMap((code) => {
    const reason = CODES[code];
    if (reason === true) return seen.has(code) ? [] : [`${code} was never answered`];
    return seen.has(code) ? [`${code} was answered, which was thought not to be possible: ${reason}`] : [];
  });
}

const without = (all: readonly string[], some: readonly string[]): readonly string[] =>
  all.filter((one) => !some.includes(one));
