import { statSync } from 'node:fs';
import type { ConfigProblem, SourceOf } from './config.error';
import type { RegStackConfig } from './regstack.config';
import { dotted } from './setting.decorator';
import { isLoopback } from './setting.rules';

type Check = readonly [path: string, broken: boolean, message: string];

/** Rules over more than one setting, and the rules of production (`NODE_ENV=production`). */
export function crossChecks(config: RegStackConfig, sourceOf: SourceOf, nodeEnv?: string): ConfigProblem[] {
  const checks = nodeEnv === 'production' ? [...always(config), ...inProduction(config)] : always(config);
  return checks
    .filter(([, broken]) => broken)
    .map(([path, , message]) => ({
      key: dotted(path),
      source: sourceOf(path),
      message,
    }));
}

function always({ email, sms, extraTemplateDirs, ...config }: RegStackConfig): Check[] {
  const smtp = email.backend === 'smtp';
  const isNeeded = (value: string | null): boolean => sms.backend === 'twilio' && value === null;
  const sns = sms.backend === 'sns';
  const isRequired = config.mfaPolicy.startsWith('required');
  const prefixes = [config.apiPrefix, config.uiPrefix, config.staticPrefix];
  return [
    ['email.smtpHost', smtp && email.smtpHost === null, 'is needed by email.backend = smtp'],
    [
      'email.smtpTls',
      smtp && email.smtpTls === 'none' && email.smtpHost !== null && !isLoopback(email.smtpHost),
      'may be none only when email.smtp_host is this machine; use starttls or implicit',
    ],
    [
      'email.smtpPassword',
      (email.smtpPassword === null) !== (email.smtpUsername === null),
      'goes together with email.smtp_username: set both or none',
    ],
    [
      'email.sesRegion',
      email.backend === 'ses' && email.sesRegion === null,
      'is needed by email.backend = ses',
    ],
    ['sms.fromNumber', isNeeded(sms.fromNumber), 'is needed by sms.backend = twilio'],
    ['sms.twilioAccountSid', isNeeded(sms.twilioAccountSid), 'is needed by sms.backend = twilio'],
    ['sms.twilioAuthToken', isNeeded(sms.twilioAuthToken), 'is needed by sms.backend = twilio'],
    ['sms.snsRegion', sns && sms.snsRegion === null, 'is needed by sms.backend = sns'],
    [
      'sms.fromNumber',
      sns && sms.fromNumber?.includes(' ') === true,
      'must be a name without spaces, or a number, with sms.backend = sns',
    ],
    [
      'mfaPolicy',
      isRequired && !config.enableTotp && !config.enableSms2fa,
      'asks for a second factor, and none can be enrolled: set enable_totp or enable_sms_2fa',
    ],
    ['apiPrefix', overlap(prefixes), 'and ui_prefix and static_prefix must not lie below each other'],
    [
      'extraTemplateDirs',
      !extraTemplateDirs.every((dir) => statSync(dir, { throwIfNoEntry: false })?.isDirectory()),
      'names a directory that does not exist',
    ],
  ];
}

function inProduction({ baseUrl, email, sms, enableSms2fa, rateLimitDisabled }: RegStackConfig): Check[] {
  return [
    ['baseUrl', !baseUrl.startsWith('https:'), 'must be https in production'],
    [
      'email.backend',
      email.backend === 'console',
      'must not be console in production: mails would go to the log; use smtp or ses',
    ],
    [
      'sms.backend',
      enableSms2fa && sms.backend === 'console',
      'must not be console in production: codes would go to the log',
    ],
    ['rateLimitDisabled', rateLimitDisabled, 'must be false in production'],
  ];
}

function overlap(prefixes: readonly string[]): boolean {
  return prefixes.some((one, i) => prefixes.some((other, j) => i !== j && `${other}/`.startsWith(`${one}/`)));
}
