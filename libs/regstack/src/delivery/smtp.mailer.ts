import type { MailerService } from '@nestjs-modules/mailer';
import type { RegStackConfig } from '../config/regstack.config';
import { isNotInstalled } from '../kernel/optional-package';
import { type Mail, Mailer, MailRejectedError } from '../ports/mailer';

/** Not installed with this library: only this backend needs them. */
const PACKAGES = ['@nestjs-modules/mailer', 'nodemailer', 'lodash'];

/** Time for each step of a delivery, ms. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 30_000;

/** Sends by SMTP (RFC 5321) through `@nestjs-modules/mailer` and nodemailer, over connections that are kept. */
export class SmtpMailer extends Mailer {
  private constructor(
    private readonly service: MailerService,
    private readonly config: RegStackConfig,
  ) {
    super();
  }

  /** Loads the packages of this backend. @throws Error naming the install line when one is missing */
  static async load(config: RegStackConfig): Promise<SmtpMailer> {
    const { MailerService: Service } = await loadMailer();
    const { smtpHost: host, smtpPort: port, smtpTls, smtpUsername: user, smtpPassword: pass } = config.email;
    const transport = {
      pool: true as const,
      host: host!,
      port,
      secure: smtpTls === 'implicit',
      requireTLS: smtpTls === 'starttls',
      ignoreTLS: smtpTls === 'none',
      ...(user !== null && pass !== null ? { auth: { user, pass } } : {}),
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
    };
    // The second parameter is typed as required and made by the constructor when absent.
    return new SmtpMailer(new Service({ transport }, undefined as never), config);
  }

  override async deliver({ id, to, subject, text, html }: Mail): Promise<void> {
    const { fromAddress, fromName } = this.config.email;
    const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
    try {
      await this.service.sendMail({
        // Objects, not strings: an address is never parsed out of a header by the library (CVE-2025-13033).
        from: { name: fromName ?? this.config.appName, address: fromAddress },
        to: { name: '', address: to },
        envelope: { from: fromAddress, to: [to] },
        messageId: `<${id}@${domain}>`,
        subject,
        text,
        html,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch (error) {
      throw isForGood(error)
        ? new MailRejectedError('the mail server refused the mail', { cause: error })
        : error;
    }
  }

  /** Ends the connections that were kept. */
  async onApplicationShutdown(): Promise<void> {
    await this.service.onModuleDestroy();
  }
}

/** A reply of 5xx to the recipient or to the message. To the log-in or to our own address it is a misconfiguration that may be mended. */
function isForGood(error: unknown): boolean {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown };
  return (
    typeof responseCode === 'number' && responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
  );
}

async function loadMailer(): Promise<typeof import('@nestjs-modules/mailer')> {
  try {
    return await import('@nestjs-modules/mailer');
  } catch (error) {
    const missing = PACKAGES.filter((name) => isNotInstalled(error, name));
    if (missing.length === 0) throw error;
    throw new Error(
      `RegStack refuses to start, email.backend = smtp needs packages; run: npm install ${PACKAGES.join(' ')}`,
      { cause: error },
    );
  }
}
