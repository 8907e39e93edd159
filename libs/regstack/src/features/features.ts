import type { Provider, Type } from '@nestjs/common';
import { AccountController } from './account/account.controller';
import { LoginController } from './login/login.controller';
import { LoginService } from './login/login.service';
import { RegistrationController } from './registration/registration.controller';
import { RegistrationMails } from './registration/registration.mails';
import { RegistrationService } from './registration/registration.service';
import { VerificationService } from './registration/verification.service';
import { VerifyPages } from './registration/verify.pages';

/** A feature as the composition root sees it. */
interface Feature {
  readonly providers: readonly Provider[];
  /** JSON routes, under `api_prefix`. */
  readonly controllers: readonly Type[];
  /** HTML pages, under `ui_prefix`. */
  readonly pages: readonly Type[];
}

/** Name of a feature. */
export type FeatureName = 'registration' | 'login' | 'account';

/** Every feature by name. The key is what a host writes to leave one out. */
export const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  registration: {
    providers: [RegistrationService, RegistrationMails, VerificationService],
    controllers: [RegistrationController],
    pages: [VerifyPages],
  },
  login: { providers: [LoginService], controllers: [LoginController], pages: [] },
  account: { providers: [], controllers: [AccountController], pages: [] },
};
