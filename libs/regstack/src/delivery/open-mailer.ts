import type { RegStackConfig } from '../config/regstack.config';
import type { Mailer } from '../ports/mailer';
import { ConsoleMailer } from './console.mailer';

/** The sender that `email.backend` names; only its packages are loaded. */
export async function openMailer(config: RegStackConfig): Promise<Mailer> {
  if (config.email.backend === 'console') return new ConsoleMailer();
  const { SmtpMailer } = await import('./smtp.mailer');
  return SmtpMailer.load(config);
}
