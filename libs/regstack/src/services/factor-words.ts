import type { MfaFactor } from '../kernel/sign-in-proof';

/** What a factor is called in mails; of a number its end only. */
export function factorInWords(factor: MfaFactor, phoneNumber: string | null): string {
  if (factor === 'totp') return 'an authenticator app';
  return phoneNumber ? `codes by SMS to the number that ends in ${phoneNumber.slice(-2)}` : 'codes by SMS';
}
