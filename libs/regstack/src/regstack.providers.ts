import { type InjectionToken, type Provider, type Type } from '@nestjs/common';
import { RegStackConfig } from './config/regstack.config';
import { EmitterPublisher, type Emitter } from './delivery/emitter.publisher';
import { LiquidMailTemplates } from './delivery/liquid.mail.templates';
import { LiquidSmsTemplates } from './delivery/liquid.sms.templates';
import { openMailer } from './delivery/open-mailer';
import { openSmsSender } from './delivery/open-sms-sender';
import { Argon2Hasher } from './hashing/argon2.hasher';
import { BodyGate } from './http/body.gate';
import { CallerFinder } from './http/caller.finder';
import { ByPipe } from './http/current-by.decorator';
import { DeviceCookie } from './http/device-cookie';
import { EnrolmentGuard } from './http/enrolment.guard';
import { ExchangePipe } from './http/exchange';
import { LandingPages } from './http/landing-pages';
import { BudgetThrottlerStorage } from './http/budget.throttler.storage';
import { AccountPage } from './http/account-page';
import { FieldTexts } from './http/field-texts';
import { FormCookie } from './http/form-cookie';
import { FormPages } from './http/form-pages';
import { FormTokens } from './http/form-tokens';
import { NextPage } from './http/next-page';
import { PageOffer } from './http/page-offer';
import { PageSignIns } from './http/page-sign-ins';
import { Pages } from './http/pages';
import { StepCookies } from './http/step-cookies';
import { PageResponse } from './http/page.response';
import { Origins } from './http/origins';
import { RegStackAdminGuard } from './http/regstack-admin.guard';
import { RegStackAuthGuard } from './http/regstack-auth.guard';
import { SessionCookie } from './http/session-cookie';
import { SignInAnswers } from './http/sign-in-answers';
import { SignInCookies } from './http/sign-in-cookies';
import { Clock, SystemClock } from './kernel/clock';
import { isNotInstalled } from './kernel/optional-package';
import { AccountHooks, NoHooks } from './ports/account.hooks';
import { EventPublisher } from './ports/event.publisher';
import { Mailer } from './ports/mailer';
import { MailTemplates } from './ports/mail.templates';
import { PasswordHasher } from './ports/password.hasher';
import { SmsSender } from './ports/sms.sender';
import { SmsTemplates } from './ports/sms.templates';
import { type HostConnectionToken, storeProviders } from './regstack.store';
import { AccountChangeService } from './services/account-change.service';
import { AccountRemovalService } from './services/account-removal.service';
import { AppointmentService } from './services/appointment.service';
import { AttributeSchema } from './services/attribute.schema';
import { AuditNames } from './services/audit-names';
import { AuditTrail } from './services/audit-trail';
import { BrowserPaths } from './services/browser-paths';
import { BudgetKeys } from './services/budget-keys';
import { CodeTexts } from './services/code-texts';
import { CommonPasswords } from './services/common-passwords';
import { ConfigNotices } from './services/config-notices';
import { CredentialsService } from './services/credentials.service';
import { CurrentPassword } from './services/current-password';
import { Cursors } from './services/cursors';
import { FactorChanges } from './services/factor-changes';
import { FactorChecks } from './services/factor-checks';
import { HookRunner } from './services/hook-runner';
import { InstanceName } from './services/instance-name';
import { KeyCheck } from './services/key-check';
import { KeyRing } from './services/key-ring';
import { KeyRotation } from './services/key-rotation';
import { KnownDevices } from './services/known-devices';
import { Leftovers } from './services/leftovers';
import { LinkBuilder } from './services/link.builder';
import { LockoutService } from './services/lockout.service';
import { MailedLinks } from './services/mailed-links';
import { MailLimits } from './services/mail-limits.service';
import { SecretCipher } from './services/secret.cipher';
import { MfaGate } from './services/mfa-gate';
import { MfaLimits } from './services/mfa-limits.service';
import { MfaService } from './services/mfa.service';
import { MountPaths } from './services/mount-paths';
import { NewAdminsService } from './services/new-admins.service';
import { NewPasswords } from './services/new-passwords';
import { MessageDelivery } from './services/message-delivery';
import { OutboxService } from './services/outbox.service';
import { OwnNumberTexts } from './services/own-number-texts';
import { OutboxWorker } from './services/outbox.worker';
import { PasswordPolicy } from './services/password.policy';
import { PasswordService } from './services/password.service';
import { RecoveryCodes } from './services/recovery-codes';
import { ReplacedSessions } from './services/replaced-sessions';
import { SecurityLog } from './services/security-log';
import { SecurityNotices } from './services/security-notices';
import { RequestLimits } from './services/request-limits.service';
import { SessionActivity } from './services/session-activity';
import { SessionAuthenticator } from './services/session-authenticator';
import { SessionsService } from './services/sessions.service';
import { SignInEnd } from './services/sign-in-end';
import { SignInService } from './services/sign-in.service';
import { SignInTransports } from './services/sign-in-transports';
import { SmsCodes } from './services/sms-codes';
import { SmsLimits } from './services/sms-limits.service';
import { StepUp } from './services/step-up';
import { StoreLifecycle } from './services/store-lifecycle';
import { SweepWorker } from './services/sweep.worker';
import { TokenService } from './services/token.service';
import { Totp } from './services/totp';
import { TrustedDevicesService } from './services/trusted-devices.service';
import { VerificationLinks } from './services/verification-links';
import { UsersService } from './services/users.service';
import { WaitingSignIns } from './services/waiting-sign-ins';
import { PageRenderer } from './ui/page.renderer';
import { StaticFiles } from './ui/static-files';

/** Which token an adapter is resolved from, and how. */
const ADAPTERS: readonly Provider[] = [
  { provide: Clock, useClass: SystemClock },
  {
    provide: PasswordHasher,
    useFactory: (config: RegStackConfig) => new Argon2Hasher(config.argon2),
    inject: [RegStackConfig],
  },
  { provide: Mailer, useFactory: openMailer, inject: [RegStackConfig] },
  { provide: MailTemplates, useClass: LiquidMailTemplates },
  { provide: SmsSender, useFactory: openSmsSender, inject: [RegStackConfig] },
  { provide: SmsTemplates, useClass: LiquidSmsTemplates },
  { provide: AccountHooks, useClass: NoHooks },
];

const SERVICES: readonly Provider[] = [
  ConfigNotices,
  KeyRing,
  KeyCheck,
  TokenService,
  SecretCipher,
  KeyRotation,
  MountPaths,
  BrowserPaths,
  LinkBuilder,
  MailedLinks,
  BudgetKeys,
  LockoutService,
  MailLimits,
  KnownDevices,
  CommonPasswords,
  RequestLimits,
  PasswordPolicy,
  PasswordService,
  CurrentPassword,
  NewPasswords,
  NewAdminsService,
  Leftovers,
  CredentialsService,
  AccountChangeService,
  AccountRemovalService,
  AppointmentService,
  AuditNames,
  AuditTrail,
  SecurityLog,
  HookRunner,
  Cursors,
  VerificationLinks,
  SessionActivity,
  SessionsService,
  SecurityNotices,
  SessionAuthenticator,
  MfaLimits,
  MfaService,
  MfaGate,
  Totp,
  RecoveryCodes,
  SmsLimits,
  SmsCodes,
  CodeTexts,
  OwnNumberTexts,
  FactorChecks,
  FactorChanges,
  StepUp,
  TrustedDevicesService,
  WaitingSignIns,
  SignInService,
  SignInEnd,
  SignInTransports,
  ReplacedSessions,
  UsersService,
  MessageDelivery,
  OutboxWorker,
  OutboxService,
  SweepWorker,
  StoreLifecycle,
];

const FACES: readonly Provider[] = [
  RegStackAuthGuard,
  RegStackAdminGuard,
  EnrolmentGuard,
  CallerFinder,
  Origins,
  ByPipe,
  ExchangePipe,
  SignInCookies,
  SignInAnswers,
  SessionCookie,
  BodyGate,
  PageRenderer,
  { provide: StaticFiles, useFactory: () => new StaticFiles() },
  PageResponse,
  StepCookies,
  FormCookie,
  FormTokens,
  NextPage,
  PageOffer,
  FieldTexts,
  Pages,
  FormPages,
  AccountPage,
  PageSignIns,
  DeviceCookie,
  LandingPages,
  BudgetThrottlerStorage,
];

/** Every provider of one instance, except the configuration and the features. */
export function instanceProviders(
  name: string,
  connection: HostConnectionToken | null,
  attributes: Type<object> | null,
): Provider[] {
  const instance = new InstanceName(name);
  return [
    { provide: InstanceName, useValue: instance },
    ...storeProviders(connection, instance.slug),
    eventPublisherProvider(),
    { provide: AttributeSchema, useFactory: () => new AttributeSchema(attributes) },
    ...ADAPTERS,
    ...SERVICES,
    ...FACES,
  ];
}

/** The class `EventEmitter2` is the host's injection token; a host without the package has no events. */
function eventPublisherProvider(): Provider {
  const token = eventEmitterToken();
  return {
    provide: EventPublisher,
    useFactory: (emitter?: Emitter) => new EmitterPublisher(emitter ?? null),
    inject: token ? [{ token, optional: true }] : [],
  };
}

function eventEmitterToken(): InjectionToken | null {
  try {
    // oxlint-disable-next-line typescript/no-require-imports -- optional, and needed before any promise can be awaited
    return (require('@nestjs/event-emitter') as { EventEmitter2: InjectionToken }).EventEmitter2;
  } catch (error) {
    if (isNotInstalled(error, '@nestjs/event-emitter')) return null;
    throw error;
  }
}
