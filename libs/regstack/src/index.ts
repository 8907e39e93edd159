export { ConfigError, type ConfigProblem } from './config/config.error';
export type { Environment } from './config/environment.source';
export { type ConfigSources, loadRegStackConfig } from './config/load-config';
export type { RegStackOptions } from './config/parse-config';
export { RegStackConfig } from './config/regstack.config';
export type { FeatureName } from './features/features';
export { CurrentSession, CurrentUser } from './http/current-user.decorator';
export { Public } from './http/public.decorator';
export { RegStackAuthGuard } from './http/regstack-auth.guard';
export {
  AccountEvent,
  type SignInProof,
  UserDisabledEvent,
  UserEmailChangedEvent,
  UserEmailChangeRequestedEvent,
  UserEmailChangeUndoneEvent,
  UserLockedOutEvent,
  UserLoggedInEvent,
  UserLoggedOutEvent,
  UserLoginFailedEvent,
  UserPasswordChangedEvent,
  UserPasswordResetCompletedEvent,
  UserPasswordResetRequestedEvent,
  UserRegisteredEvent,
  UserVerifiedEvent,
} from './kernel/account-events';
export { Clock } from './kernel/clock';
export { canonicalEmail, type EmailAddress } from './kernel/email-address';
export { AccountError, type ErrorCode, type FieldError } from './kernel/errors';
export type { RegStackUser } from './kernel/regstack-user';
export { type Mail, type MailContent, Mailer, MailRejectedError } from './ports/mailer';
export { type MailKind, MailTemplates, type MailValues } from './ports/mail.templates';
export { PasswordHasher } from './ports/password.hasher';
export { StoreOpenError } from './ports/store';
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
export { type KnownDevice, type LoginAttempt, LockoutService } from './services/lockout.service';
export { type PasswordContext, PasswordPolicy } from './services/password.policy';
export { type Authentication, SessionAuthenticator } from './services/session-authenticator';
export { type SignedIn, SignInService } from './services/sign-in.service';
export { type SessionClaims, TokenService } from './services/token.service';
export { UsersService } from './services/users.service';
