import { Mailer } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass } from '../../findings/finding';
import { hopFailure } from '../hop-failure';

/** The next hop of mails is there and lets us in. */
export const mail = checkOfApp('mail', async (app, { config }) => {
  const mailer = app.get(Mailer);
  if (mailer.constructor.name === 'ConsoleMailer')
    return pass('mails are printed to the terminal: for development');
  try {
    await mailer.check();
  } catch (error) {
    return fail(`no mail can be sent: ${hopFailure(error)}`, CURES[config!.email.backend]);
  }
  return pass(`email.backend = ${config!.email.backend}: the next hop is there and lets us in`);
});

const CURES = {
  console: 'check the mailer that the app provides',
  smtp: 'check email.smtp_host, email.smtp_port and email.smtp_tls, email.smtp_username and email.smtp_password, and that the server can be reached from here',
  ses: 'check email.ses_region, email.ses_profile and the credentials of AWS: they need ses:GetAccount and ses:SendEmail',
} as const;
