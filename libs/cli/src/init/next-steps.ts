import { relative } from 'node:path';
import { shellPath } from '../shell-path';
import type { Settings } from './settings';

const STORES: readonly (readonly [url: RegExp, packages: string])[] = [
  [/^sqlite/, 'typeorm better-sqlite3'],
  [/^postgres/, 'typeorm pg'],
  [/^mongodb/, 'mongoose'],
];
const SENDERS: Readonly<Record<string, string>> = {
  smtp: '@nestjs-modules/mailer nodemailer lodash',
  ses: 'nodemailer @aws-sdk/client-sesv2',
  twilio: 'twilio',
  sns: '@aws-sdk/client-sns',
};

/** What is left to do by hand, for these settings in this folder. */
export function nextSteps(settings: Settings, folder: string): string {
  const here = relative('.', folder);
  // What the settings call ./regstack.db is seen from the working directory, by the app as by every command.
  const [elsewhere, change] =
    here === '' ? ['', ''] : [`\nStart the app in ${folder}.\n`, `  cd ${shellPath(folder)}\n`];
  return `Install what the answers need:

  npm install ${packagesFor(settings).join(' ')}
  npm install --save-dev @regstack/cli

Put it into the app:

  import { EventEmitterModule } from '@nestjs/event-emitter';
  import { CurrentUser, loadRegStackConfig, RegStackAuthGuard, RegStackModule, type RegStackUser } from '@regstack/nestjs';

  @Module({ imports: [EventEmitterModule.forRoot(), RegStackModule.forRoot(loadRegStackConfig())] })

  @UseGuards(RegStackAuthGuard) @Get('orders') orders(@CurrentUser() user: RegStackUser) { … }
${elsewhere}
Then look whether all is well, and make the first admin:

${change}  npx regstack doctor
  npx regstack create-admin you@example.org`;
}

/** All that an app needs beside Nest itself. */
export function packagesFor(settings: Settings): readonly string[] {
  const url = settings.get('database_url')!.toLowerCase();
  const store = STORES.find(([pattern]) => pattern.test(url))![1];
  const senders = [settings.get('email.backend'), settings.get('sms.backend')].map(
    (one) => SENDERS[one ?? ''] ?? '',
  );
  const all = ['@regstack/nestjs @nestjs/event-emitter', store, ...senders].join(' ').split(' ');
  return [...new Set(all)].filter((name) => name !== '');
}
