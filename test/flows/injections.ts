/** Would begin a line of its own, or speak to a terminal, where a line could be broken. */
export const NASTY = 'x\r\n{"kind":"user.promoted"}\u001b[2J\u0085\u009b31m\u2028y';
/** What of it a client can put into a header. */
const IN_HEADERS = 'x\u0085{"kind":"user.promoted"}\u009b2Jy';

/** Headers that could be told of. */
export const HEADERS: Readonly<Record<string, string>> = {
  'user-agent': IN_HEADERS,
  'x-forwarded-for': `${IN_HEADERS}, 203.0.113.7`,
  'x-request-id': IN_HEADERS,
  'accept-language': IN_HEADERS,
  origin: IN_HEADERS,
  referer: IN_HEADERS,
};
/** Routes with their fields. */
export const ROUTES: readonly (readonly [method: string, path: string, fields: readonly string[]])[] = [
  ['POST', '/login', ['email', 'password']],
  ['POST', '/register', ['email', 'password', 'full_name']],
  ['POST', '/forgot-password', ['email']],
  ['POST', '/resend-verification', ['email']],
  ['POST', '/verify', ['token', 'new_password']],
  ['POST', '/reset-password', ['token', 'new_password']],
  ['POST', '/change-password', ['current_password', 'new_password']],
  ['POST', '/change-email', ['new_email', 'current_password']],
  ['POST', '/confirm-email-change', ['token']],
  ['POST', '/undo-email-change', ['token']],
  ['POST', '/reauthenticate', ['current_password', 'code']],
  ['POST', '/login/mfa-confirm', ['mfa_pending_token', 'code', 'method']],
  ['POST', '/login/mfa-resend', ['mfa_pending_token']],
  ['POST', '/phone/start', ['phone_number', 'current_password', 'code', 'mfa_pending_token']],
  ['POST', '/phone/confirm', ['pending_token', 'code', 'current_password', 'mfa_pending_token']],
  ['POST', '/mfa/totp/start', ['current_password', 'code', 'mfa_pending_token']],
  ['POST', '/mfa/totp/confirm', ['pending_token', 'code', 'current_password', 'mfa_pending_token']],
  ['POST', '/mfa/recovery-codes', ['current_password', 'code']],
  ['DELETE', '/phone', ['current_password', 'code']],
  ['DELETE', '/mfa/totp', ['current_password', 'code']],
  ['PATCH', '/me', ['full_name', 'attributes']],
  ['DELETE', '/account', ['current_password']],
  ['PATCH', '/admin/users/:id', ['full_name', 'roles', 'attributes']],
];
