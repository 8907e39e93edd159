/** Settings that are secrets whatever they are, beside those that sign. */
export const ALWAYS_SECRET: readonly string[] = ['email.smtp_password', 'sms.twilio_auth_token'];

/** Settings that sign. */
export const SIGNING: readonly string[] = ['jwt_secret', 'jwt_previous_secrets'];

/** Whether a URL holds a password, or may: then it is kept with the secrets, and must not be typed where others can read it. */
export function mayHoldPassword(url: string): boolean {
  return /\/\/.*:.*@/.test(url) || /\?.*(pass|pwd|secret|token)/i.test(url);
}

/** `email.smtp_host` → `REGSTACK_EMAIL__SMTP_HOST`. */
export function variableOf(key: string): string {
  return `REGSTACK_${key.replaceAll('.', '__').toUpperCase()}`;
}
