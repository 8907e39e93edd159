import type { Provider, Type } from '@nestjs/common';
import { AccountController } from './account/account.controller';
import { DeletionService } from './account/deletion.service';
import { ProfileService } from './account/profile.service';
import { AuditService } from './admin/audit.service';
import { DirectoryService } from './admin/directory.service';
import { AdminRecordsController } from './admin/records.controller';
import { AdminRegistrationsService } from './admin/registrations.service';
import { AdminUsersController } from './admin/users.controller';
import { AdminUsersService } from './admin/users.service';
import { ConfirmEmailChangePages } from './email-change/confirm.pages';
import { EmailChangeController } from './email-change/email-change.controller';
import { EmailChangeMails } from './email-change/email-change.mails';
import { EmailChangeService } from './email-change/email-change.service';
import { EmailConfirmationService } from './email-change/email-confirmation.service';
import { EmailUndoService } from './email-change/email-undo.service';
import { UndoEmailChangePages } from './email-change/undo.pages';
import { HealthController } from './health/health.controller';
import { RegStackHealth } from './health/health.service';
import { LoginController } from './login/login.controller';
import { LoginService } from './login/login.service';
import { LogoutService } from './login/logout.service';
import { ForgottenPasswordService } from './password/forgotten-password.service';
import { PasswordChangeService } from './password/password-change.service';
import { PasswordController } from './password/password.controller';
import { PasswordResetService } from './password/password-reset.service';
import { ResetPages } from './password/reset.pages';
import { AttemptService } from './registration/attempt.service';
import { ResetLinks } from '../services/reset-links';
import { DirectRegistrationService } from './registration/direct-registration.service';
import { RegistrationController } from './registration/registration.controller';
import { RegistrationMails } from './registration/registration.mails';
import { RegistrationService } from './registration/registration.service';
import { ResendService } from './registration/resend.service';
import { VerificationService } from './registration/verification.service';
import { VerifyPages } from './registration/verify.pages';
import { OwnSessionsService } from './sessions/own-sessions.service';
import { SessionsController } from './sessions/sessions.controller';

/** A feature as the composition root sees it. */
interface Feature {
  readonly providers: readonly Provider[];
  /** JSON routes, under `api_prefix`. */
  readonly controllers: readonly Type[];
  /** HTML pages, under `ui_prefix`. */
  readonly pages: readonly Type[];
}

/** Name of a feature. */
export type FeatureName =
  'registration' | 'login' | 'account' | 'password' | 'email-change' | 'sessions' | 'admin' | 'health';

/** Every feature by name. The key is what a host writes to leave one out. */
export const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  registration: {
    providers: [
      RegistrationService,
      AttemptService,
      DirectRegistrationService,
      RegistrationMails,
      ResendService,
      VerificationService,
    ],
    controllers: [RegistrationController],
    pages: [VerifyPages],
  },
  login: { providers: [LoginService, LogoutService], controllers: [LoginController], pages: [] },
  account: { providers: [ProfileService, DeletionService], controllers: [AccountController], pages: [] },
  sessions: { providers: [OwnSessionsService], controllers: [SessionsController], pages: [] },
  admin: {
    providers: [AdminUsersService, DirectoryService, AuditService, AdminRegistrationsService],
    controllers: [AdminUsersController, AdminRecordsController],
    pages: [],
  },
  health: { providers: [RegStackHealth], controllers: [HealthController], pages: [] },
  password: {
    providers: [ResetLinks, ForgottenPasswordService, PasswordResetService, PasswordChangeService],
    controllers: [PasswordController],
    pages: [ResetPages],
  },
  'email-change': {
    providers: [EmailChangeMails, EmailChangeService, EmailConfirmationService, EmailUndoService],
    controllers: [EmailChangeController],
    pages: [ConfirmEmailChangePages, UndoEmailChangePages],
  },
};
