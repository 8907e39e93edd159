import type { KeyReport, RegStackConfig, SecretReport } from '@regstack/nestjs';

/** The secrets of an app in the order of its report: as the settings have them, each once. */
export function reported({ jwtSecret, jwtPreviousSecrets }: RegStackConfig): readonly string[] {
  return [...new Set([jwtSecret, ...jwtPreviousSecrets])];
}

/** Why a former secret may not go yet, in words; null: it may, as one that is the current one too. */
export function needOf(secret: SecretReport, { unknownRecoveryCodeSets }: KeyReport): string | null {
  if (secret.mayGo || secret.isCurrent) return null;
  const { authenticatorApps, messages, recoveryCodeSets } = secret;
  const needs = [
    authenticatorApps + messages > 0 &&
      `${authenticatorApps} secret(s) of authenticator apps and ${messages} message(s) are encrypted with it: regstack rotate-secret --step reencrypt`,
    recoveryCodeSets > 0 &&
      `the recovery codes of ${recoveryCodeSets} user(s) end with it, until they make new ones`,
    unknownRecoveryCodeSets > 0 &&
      `the recovery codes of ${unknownRecoveryCodeSets} user(s) may end with it, until they make new ones`,
  ];
  return needs.filter((one) => one !== false).join('; ');
}
