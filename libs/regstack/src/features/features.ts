import type { Provider, Type } from '@nestjs/common';
import type { FeatureName } from '../kernel/feature-name';
import { AccountController } from './account/account.controller';
import { DeletionPages } from './account/deletion.pages';
import { DeletionService } from './account/deletion.service';
import { ProfilePages } from './account/profile.pages';
import { ProfileService } from './account/profile.service';
import { AuditService } from './admin/audit.service';
import { DirectoryService } from './admin/directory.service';
import { AuditPages } from './admin/audit.pages';
import { AdminOutboxController } from './admin/outbox.controller';
import { AdminOutboxPages } from './admin/outbox.pages';
import { AdminOutboxService } from './admin/outbox.service';
import { AdminRecordsController } from './admin/records.controller';
import { AdminRegistrationsPages } from './admin/registrations.pages';
import { AdminRegistrationsService } from './admin/registrations.service';
import { AdminUserPages } from './admin/user.pages';
import { AdminUsersController } from './admin/users.controller';
import { AdminUsersPages } from './admin/users.pages';
import { AdminUsersService } from './admin/users.service';
import { ChangeEmailPages } from './email-change/change.pages';
import { ConfirmEmailChangePages } from './email-change/confirm.pages';
import { EmailChangeController } from './email-change/email-change.controller';
import { EmailChangeMails } from './email-change/email-change.mails';
import { EmailChangeService } from './email-change/email-change.service';
import { EmailConfirmationService } from './email-change/email-confirmation.service';
import { EmailUndoService } from './email-change/email-undo.service';
import { UndoEmailChangePages } from './email-change/undo.pages';
import { HealthController } from './health/health.controller';
import { RegStackHealth } from './health/health.service';
import { AskedStepService } from './login/asked-step.service';
import { CodeResendService } from './login/code-resend.service';
import { LoginController } from './login/login.controller';
import { LoginPages } from './login/login.pages';
import { LoginService } from './login/login.service';
import { LogoutPages } from './login/logout.pages';
import { LogoutService } from './login/logout.service';
import { SecondStepPages } from './login/second-step.pages';
import { SecondStepService } from './login/second-step.service';
import { EnrolPages } from './mfa/enrol.pages';
import { EnrolmentController } from './mfa/enrolment.controller';
import { EnrolmentService } from './mfa/enrolment.service';
import { FactorsController } from './mfa/factors.controller';
import { FactorsPages } from './mfa/factors.pages';
import { FactorsService } from './mfa/factors.service';
import { PageEnrollers } from './mfa/page-enrollers';
import { PhoneEnrolmentService } from './mfa/phone-enrolment.service';
import { PhonePages } from './mfa/phone.pages';
import { ProofCodeService } from './mfa/proof-code.service';
import { SetupsService } from './mfa/setups.service';
import { TotpEnrolmentService } from './mfa/totp-enrolment.service';
import { TotpPages } from './mfa/totp.pages';
import { ChangePasswordPages } from './password/change.pages';
import { ForgotPages } from './password/forgot.pages';
import { ForgottenPasswordService } from './password/forgotten-password.service';
import { PasswordChangeService } from './password/password-change.service';
import { PasswordController } from './password/password.controller';
import { ReauthenticationPages } from './password/reauthentication.pages';
import { ReauthenticationService } from './password/reauthentication.service';
import { PasswordResetService } from './password/password-reset.service';
import { ResetPages } from './password/reset.pages';
import { AttemptService } from './registration/attempt.service';
import { CheckMailPages } from './registration/check-mail.pages';
import { ResetLinks } from '../services/reset-links';
import { DirectRegistrationService } from './registration/direct-registration.service';
import { RegisterPages } from './registration/register.pages';
import { RegistrationController } from './registration/registration.controller';
import { RegistrationMails } from './registration/registration.mails';
import { RegistrationService } from './registration/registration.service';
import { ResendService } from './registration/resend.service';
import { VerificationService } from './registration/verification.service';
import { VerifyPages } from './registration/verify.pages';
import { OwnSessionsService } from './sessions/own-sessions.service';
import { SessionsController } from './sessions/sessions.controller';
import { SessionsPages } from './sessions/sessions.pages';

/** A feature as the composition root sees it. */
interface Feature {
  readonly providers: readonly Provider[];
  /** JSON routes, under `api_prefix`. */
  readonly controllers: readonly Type[];
  /** Pages of mailed links, under `ui_prefix`. */
  readonly landings?: readonly Type[];
  /** The other pages, there too where `enable_ui_router` is on. */
  readonly pages?: readonly Type[];
}

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
    landings: [VerifyPages],
    pages: [RegisterPages, CheckMailPages],
  },
  login: {
    providers: [LoginService, AskedStepService, SecondStepService, CodeResendService, LogoutService],
    controllers: [LoginController],
    pages: [LoginPages, SecondStepPages, LogoutPages],
  },
  mfa: {
    providers: [
      EnrolmentService,
      SetupsService,
      PhoneEnrolmentService,
      TotpEnrolmentService,
      FactorsService,
      ProofCodeService,
      PageEnrollers,
    ],
    controllers: [EnrolmentController, FactorsController],
    pages: [EnrolPages, TotpPages, PhonePages, FactorsPages],
  },
  account: {
    providers: [ProfileService, DeletionService],
    controllers: [AccountController],
    pages: [ProfilePages, DeletionPages],
  },
  sessions: {
    providers: [OwnSessionsService],
    controllers: [SessionsController],
    pages: [SessionsPages],
  },
  admin: {
    providers: [
      AdminUsersService,
      DirectoryService,
      AuditService,
      AdminRegistrationsService,
      AdminOutboxService,
    ],
    controllers: [AdminUsersController, AdminRecordsController, AdminOutboxController],
    pages: [AdminUsersPages, AdminUserPages, AdminRegistrationsPages, AuditPages, AdminOutboxPages],
  },
  health: { providers: [RegStackHealth], controllers: [HealthController] },
  password: {
    providers: [
      ResetLinks,
      ForgottenPasswordService,
      PasswordResetService,
      PasswordChangeService,
      ReauthenticationService,
    ],
    controllers: [PasswordController],
    landings: [ResetPages],
    pages: [ForgotPages, ChangePasswordPages, ReauthenticationPages],
  },
  'email-change': {
    providers: [EmailChangeMails, EmailChangeService, EmailConfirmationService, EmailUndoService],
    controllers: [EmailChangeController],
    landings: [ConfirmEmailChangePages, UndoEmailChangePages],
    pages: [ChangeEmailPages],
  },
};
