import { randomUUID } from 'node:crypto';
import { Mailer } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass, skip } from '../../findings/finding';
import { hopFailure } from '../hop-failure';

/** Sends one mail, where somebody has asked for it. */
export const testMail = checkOfApp('test-mail', async (app, { options: { sendTestEmail: to }, config }) => {
  if (to === undefined) return skip('is sent with --send-test-email');
  const mailer = app.get(Mailer);
  if (mailer.constructor.name === 'ConsoleMailer')
    return skip('email.backend = console sends nothing: it prints mails to the terminal');
  const text = `This is a test. ${config!.appName} can send mails.`;
  try {
    await mailer.deliver({
      id: randomUUID(),
      to,
      subject: `Test mail of ${config!.appName}`,
      text,
      html: `<!doctype html><title>Test</title><p>${escapeHtml(text)}</p>`,
    });
  } catch (error) {
    return fail(`the next hop did not take a mail to ${to}: ${hopFailure(error)}`, CURE);
  }
  return pass(`the next hop took a mail to ${to}: look for it there, in the folder for spam too`);
});

const CURE =
  'mend what the check "mail" names; else see what the log of the mail server says of email.from_address';

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
