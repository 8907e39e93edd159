import { Attribute } from '@regstack/nestjs';
import { IsInt, IsOptional } from 'class-validator';
import { RULES } from './terms';

class Attributes {
  @Attribute('owner') @IsOptional() @IsInt() left?: number;
  @Attribute('owner') @IsOptional() @IsInt() right?: number;
}

/** Settings under which the host follows the rules of the model. */
export const SETTINGS_OF_RULES = {
  verificationTokenTtlSeconds: RULES.verifyTtl,
  passwordResetTokenTtlSeconds: RULES.resetTtl,
  emailChangeTokenTtlSeconds: RULES.changeTtl,
  emailChangeUndoTokenTtlSeconds: RULES.undoTtl,
  jwtTtlSeconds: RULES.sessionTtl,
  loginLockoutThreshold: RULES.guesses,
  loginLockoutWindowSeconds: RULES.guessWindow,
  mailMaxPerHour: RULES.mailsPerHour,
  mailMaxPerDay: RULES.mailsPerDay,
  passwordMinLength: RULES.passwordMin,
  freshSessionSeconds: 0,
  enableSms2fa: true,
  smsMaxPerHour: RULES.textsPerHour,
  smsMaxPerDay: RULES.textsPerDay,
  smsCodeTtlSeconds: RULES.codeTtl,
  smsCodeMaxAttempts: RULES.guessesPerCode,
  mfaPendingTokenTtlSeconds: RULES.waitTtl,
  attributes: Attributes,
} as const;
