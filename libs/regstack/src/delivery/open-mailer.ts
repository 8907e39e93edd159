import type { RegStackConfig } from '../config/regstack.config';
import type { Mailer } from '../ports/mailer';
import { ConsoleMailer } from './console.mailer';

/** The sender that `email.backend` names; only its packages are loaded. */
export async function openMailer(config: RegStackConfig): Promise<Mailer> {
  const { backend } = config.email;
  if (backend === 'smtp') return (await import('./smtp.mailer')).SmtpMailer.load(config);
  if (backend === 'ses') return (await import('./ses.mailer')).SesMailer.load(config);
  return new ConsoleMailer();
}
