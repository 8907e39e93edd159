import { type Mail, Mailer } from '../ports/mailer';

/** Prints mails, links included, to the terminal: for development. Refused in production by the configuration. */
export class ConsoleMailer extends Mailer {
  override async deliver({ to, subject, text }: Mail): Promise<void> {
    const line = '─'.repeat(72);
    process.stdout.write(`\n${line}\nMail to ${to}\nSubject: ${subject}\n\n${text.trim()}\n${line}\n\n`);
  }
}
