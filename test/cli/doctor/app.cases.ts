import { resolve } from 'node:path';
import { writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import { loadRegStackConfig, RegStackModule, UsersService } from '@regstack/nestjs';
import type { AppFolder } from '../../support/cli/app-folder';
import { freshSecret, PASSWORD, someone } from '../../support/demo';
import { credentials, FakeAws } from '../../support/fake-aws';
import { FakeSmsGateway } from '../../support/fake-sms-gateway';
import { FakeSmtp } from '../../support/fake-smtp';
import { type DoctorCase, saidIn } from './case';

const SHIFTED_CLOCK = resolve(__dirname, '../../support/cli/shifted-clock.cjs');

/** What only the app itself shows. */
export const APP_CASES: readonly DoctorCase[] = [
  {
    title: 'an app that cannot be put together',
    check: 'boot',
    args: () => ['--module', './app.module.js'],
    spoil: ({ app }) => writeFileSync(app.file('app.module.js'), hostModule('required')),
    message: /^mfa_policy = required needs the feature mfa, which leaveOut takes away$/,
    mend: ({ app }, cure) => {
      saidIn(cure, /^mend what the message names/);
      writeFileSync(app.file('app.module.js'), hostModule('optional'));
    },
  },
  {
    title: 'a SQLite file that cannot be made',
    check: 'database',
    spoil: ({ app }) => app.set({ database_url: 'sqlite:/dev/null/plum.db' }),
    message: /^database_url: the SQLite file \/dev\/null\/plum\.db cannot be opened/,
    mend: ({ app }, cure) => {
      saidIn(cure, /^check that the path exists and can be written$/);
      app.set({ database_url: 'sqlite:./plum.db' });
    },
  },
  {
    title: 'an old schema that the app may not change',
    check: 'schema',
    spoil: ({ app }) => app.set({ auto_migrate: false }),
    message: /^is behind by \d+: /,
  },
  {
    title: 'messages that were encrypted with a secret that is gone',
    check: 'keys',
    spoil: async ({ app }) => {
      await leaveMessage(app);
      app.secret('REGSTACK_JWT_SECRET', freshSecret());
    },
    message: /^1 waiting messages need a secret that is not there$/,
    mend: ({ app }, cure) => {
      const [variable] = saidIn(
        cure,
        /^add the former jwt_secret to jwt_previous_secrets \((\w+) in regstack\.secrets\.env\)$/,
      );
      app.secret(variable!, FORMER);
    },
  },
];

/** On a server, which has a clock of its own. */
export const CLOCK_CASE: Omit<DoctorCase, 'spoil'> & { spoil: (at: { app: AppFolder }) => void } = {
  title: 'a clock that is wrong',
  check: 'clock',
  spoil: ({ app }) => {
    app.env['NODE_OPTIONS'] = `--require ${SHIFTED_CLOCK}`;
    app.env['SHIFT_SECONDS'] = '90';
  },
  message: /^the clock of the database is (89|90)\.\d s off the one of this machine$/,
  mend: ({ app }, cure) => {
    saidIn(cure, /^let both machines take the time from the network/);
    app.env['SHIFT_SECONDS'] = '0';
  },
};

/** What is sent somewhere. */
export const SENDER_CASES: readonly DoctorCase[] = [
  {
    title: 'a mail server that is down',
    check: 'mail',
    spoil: async ({ app, smtp }) => {
      app.set({ email: { backend: 'smtp', smtp_host: '127.0.0.1', smtp_port: smtp.port, smtp_tls: 'none' } });
      await smtp.down();
    },
    message: /^no mail can be sent: ECONNREFUSED$/,
    mend: async ({ smtp }, cure) => {
      saidIn(cure, /that the server can be reached from here$/);
      await smtp.up();
    },
  },
  {
    title: 'a mail server that wants another password',
    check: 'mail',
    spoil: async ({ app }) => {
      guarded = await FakeSmtp.start({ user: 'plum', pass: 'right' });
      const server = { backend: 'smtp', smtp_host: '127.0.0.1', smtp_port: guarded.port, smtp_tls: 'none' };
      app.set({ email: { ...server, smtp_username: 'plum' } });
      app.secret('REGSTACK_EMAIL__SMTP_PASSWORD', 'canary-of-the-mailer');
    },
    message: /^no mail can be sent: EAUTH, 535$/,
    mend: ({ app }, cure) => {
      saidIn(cure, /email\.smtp_username and email\.smtp_password/);
      app.secret('REGSTACK_EMAIL__SMTP_PASSWORD', 'right');
    },
  },
  {
    title: 'a gateway that does not know us',
    check: 'sms',
    spoil: async ({ app }) => {
      gateway = await FakeSmsGateway.start();
      app.secret('REGSTACK_SMS__TWILIO_AUTH_TOKEN', 'canary-of-the-gateway');
      app.set({
        enable_sms_2fa: true,
        sms: {
          backend: 'twilio',
          from_number: '+4915100000000',
          twilio_account_sid: gateway.accountSid,
          endpoint: gateway.url,
        },
      });
    },
    message: /^no text message can be sent: /,
    mend: ({ app }, cure) => {
      saidIn(cure, /^check sms\.twilio_account_sid and sms\.twilio_auth_token/);
      app.secret('REGSTACK_SMS__TWILIO_AUTH_TOKEN', gateway!.authToken);
    },
  },
  ofAws('mail', /^no mail can be sent: /, (aws) => ({
    email: { backend: 'ses', ses_region: 'eu-central-1', endpoint: aws.url },
  })),
  ofAws('sms', /^no text message can be sent: /, (aws) => ({
    enable_sms_2fa: true,
    sms: { backend: 'sns', sns_region: 'eu-central-1', endpoint: aws.url },
  })),
  {
    title: 'a mail that is not taken',
    check: 'test-mail',
    args: () => ['--send-test-email', 'ann@example.org'],
    spoil: ({ app, smtp }) => {
      app.set({ email: { backend: 'smtp', smtp_host: '127.0.0.1', smtp_port: smtp.port, smtp_tls: 'none' } });
      smtp.reply = 550;
    },
    message: /^the next hop did not take a mail to ann@example\.org: EMESSAGE, 550$/,
    mend: ({ smtp }, cure) => {
      saidIn(cure, /what the log of the mail server says/);
      smtp.reply = 250;
    },
  },
];

/** Credentials that AWS does not know. */
function ofAws(
  check: string,
  message: RegExp,
  settings: (aws: FakeAws) => Record<string, unknown>,
): DoctorCase {
  return {
    title: `credentials that AWS does not know: ${check}`,
    check,
    spoil: async ({ app }) => {
      aws = await FakeAws.start();
      app.set(settings(aws));
      Object.assign(app.env, credentials(aws), {
        AWS_SECRET_ACCESS_KEY: 'canary-of-aws',
        NODE_NO_WARNINGS: '1',
      });
    },
    message,
    mend: ({ app }, cure) => {
      saidIn(cure, /and the credentials of AWS: they need /);
      Object.assign(app.env, credentials(aws!));
    },
  };
}

let aws: FakeAws | undefined;
let gateway: FakeSmsGateway | undefined;
let guarded: FakeSmtp | undefined;

/** Ends what the cases have started. */
export async function endSenders(): Promise<void> {
  for (const sender of [aws, gateway, guarded]) await sender?.down();
  [aws, gateway, guarded] = [undefined, undefined, undefined];
}

const FORMER = freshSecret();

/** In the database of an app a notice of somebody's account waits, encrypted with a former secret. */
async function leaveMessage(app: AppFolder): Promise<void> {
  app.secret('REGSTACK_JWT_SECRET', FORMER);
  app.set({ database_url: `sqlite:${app.file('plum.db')}` });
  app.shell('npx regstack migrate');
  const config = loadRegStackConfig({}, { env: {}, directory: app.path });
  const nest = await NestFactory.createApplicationContext(
    RegStackModule.asCommand(RegStackModule.forRoot(config)),
    {
      logger: false,
    },
  );
  const users = nest.get(UsersService);
  const admin = { password: PASSWORD, fullName: null };
  await users.createAdmin({ ...admin, email: someone() });
  const { id } = await users.createAdmin({ ...admin, email: someone() });
  await users.disable(id);
  await nest.close();
}

function hostModule(mfaPolicy: string): string {
  return `
    const { RegStackModule, loadRegStackConfig } = require('@regstack/nestjs');
    const config = loadRegStackConfig({ mfaPolicy: '${mfaPolicy}' });
    exports.AppModule = class AppModule {};
    Reflect.decorate(
      [require('@nestjs/common').Module({ imports: [RegStackModule.forRoot(config, { leaveOut: ['mfa'] })] })],
      exports.AppModule,
    );`;
}
