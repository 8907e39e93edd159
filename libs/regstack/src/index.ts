export { ConfigError, type ConfigProblem } from './config/config.error';
export type { Environment } from './config/environment.source';
export { type ConfigSources, loadRegStackConfig } from './config/load-config';
export { type RegStackOptions, warningsOf as configWarnings } from './config/parse-config';
export { RegStackConfig } from './config/regstack.config';
export type { FeatureName } from './kernel/feature-name';
export { CurrentSession, CurrentUser } from './http/current-user.decorator';
export { type Access, OptionalAuth, Public, RequireFresh, Roles } from './http/access';
export { DirectoryService, type UserPage } from './features/admin/directory.service';
export { adminMessageJson } from './features/admin/message.json';
export { AdminOutboxService, type ShownMessage } from './features/admin/outbox.service';
export { RegStackHealth, type HealthResult } from './features/health/health.service';
export { RegStackAdminGuard } from './http/regstack-admin.guard';
export { adminUserJson } from './http/user.json';
export { RegStackAuthGuard } from './http/regstack-auth.guard';
export {
  AccountEvent,
  UserDeletedEvent,
  UserDemotedEvent,
  UserDisabledEvent,
  UserEmailChangedEvent,
  UserEmailChangeRequestedEvent,
  UserEmailChangeUndoneEvent,
  UserEnabledEvent,
  UserLockedOutEvent,
  UserLoggedInEvent,
  UserLoggedOutEvent,
  UserLoginFailedEvent,
  UserMfaDisabledEvent,
  UserMfaEnabledEvent,
  UserPasswordChangedEvent,
  UserPasswordResetCompletedEvent,
  UserPasswordResetRequestedEvent,
  UserProfileUpdatedEvent,
  UserPromotedEvent,
  UserRegisteredEvent,
  UserRolesChangedEvent,
  UserVerifiedEvent,
} from './kernel/account-events';
export { DeliveryError } from './delivery/delivery.error';
export { Clock } from './kernel/clock';
export { type DeadLetterReason, MessageDeadLetteredEvent } from './kernel/delivery-events';
export { BootError } from './kernel/boot.error';
export { canonicalEmail, type EmailAddress } from './kernel/email-address';
export { AccountError, type ErrorCode, type FieldError } from './kernel/errors';
export { type By, BY_THE_APP, type Origin } from './kernel/origin';
export type { MessageState } from './kernel/message-state';
export { RegStackEvent } from './kernel/regstack-event';
export type { RegStackUser, UserAttributes } from './kernel/regstack-user';
export type { MfaFactor, MfaMethod, SignInProof } from './kernel/sign-in-proof';
export { SECURITY_EVENTS, type SecurityEventKind } from './kernel/security-events';
export {
  AccountHooks,
  type DeletionAttempt,
  type HookAnswer,
  type RegistrationAttempt,
  type SignInAttempt,
  Veto,
} from './ports/account.hooks';
export type { UserCounts, UserQuery } from './ports/account.repository';
export { type Mail, type MailContent, Mailer, MailRejectedError } from './ports/mailer';
export { type MailKind, MailTemplates, type MailValues } from './ports/mail.templates';
export type { Channel, MessageCounts } from './ports/outbox.repository';
export { PasswordHasher } from './ports/password.hasher';
export { type Sms, SmsRejectedError, SmsSender } from './ports/sms.sender';
export { type CodeValues, type SmsKind, SmsTemplates } from './ports/sms.templates';
export { Schema } from './ports/schema';
export { Store, StoreOpenError } from './ports/store';
export type { UserRecord } from './ports/user.repository';
export { RegStackModule } from './regstack.module';
export type {
  RegStackAsyncOptions,
  RegStackConnection,
  RegStackGraphOptions,
  RegStackModuleOptions,
  RegStackOptionsFactory,
  RegStackValues,
} from './regstack.options';
export type { AppointedAdmin, Appointment } from './services/appointment.service';
export { Attribute, type AttributeWriter } from './services/attribute.decorator';
export {
  type KeyReport,
  KeyRotation,
  type Reencrypted,
  type SecretReport,
  type StoredUnderKey,
} from './services/key-rotation';
export type { Page, PageRequest } from './services/cursors';
export { type Guess, type KnownDevice, type LoginAttempt, LockoutService } from './services/lockout.service';
export type { MfaEnrolmentRequired, MfaRequired } from './services/mfa-gate';
export { type MfaDemand, MfaService } from './services/mfa.service';
export { type PasswordContext, PasswordPolicy } from './services/password.policy';
export { type Authentication, SessionAuthenticator } from './services/session-authenticator';
export { type SessionInfo, SessionsService } from './services/sessions.service';
export {
  type SignedIn,
  type SignInCircumstances,
  type SignInResult,
  SignInService,
} from './services/sign-in.service';
export {
  type SessionClaims,
  type SignedSession,
  TokenService,
  type Transport,
} from './services/token.service';
export { type TrustedDeviceInfo, TrustedDevicesService } from './services/trusted-devices.service';
export type { NewAdmin } from './services/new-admins.service';
export { type ProfileChanges, UsersService } from './services/users.service';
