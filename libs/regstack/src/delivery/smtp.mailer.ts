import type { MailerService } from '@nestjs-modules/mailer';
import type { RegStackConfig } from '../config/regstack.config';
import { type Mail, Mailer, MailRejectedError } from '../ports/mailer';
import { composed } from './composed-mail';
import { DeliveryError, forGood } from './delivery.error';
import { inPatience } from './gateway-patience';
import { required } from './required-package';

/** Not installed with this library: only this backend needs them. */
const PACKAGES = ['@nestjs-modules/mailer', 'nodemailer', 'lodash'];

/** How long a server is waited for, ms. */
export interface SmtpPatience {
  /** For the connection, and again for the greeting. */
  readonly connectMs: number;
  /** Between two words of the server. */
  readonly silenceMs: number;
  /** For all of a delivery, below what the worker waits: what it has given up must not be sent later, beside the next attempt. */
  readonly wholeMs: number;
}

/**
 * A server that looks into a mail before it says that it has it takes a while. RFC 5321 (4.5.3.2.6) gives it ten minutes, with a copy at
 * each attempt for who waits less; so much would let a server that is silent, or whoever makes it wait, hold up the mails behind.
 */
const PATIENCE: SmtpPatience = { connectMs: 10_000, silenceMs: 60_000, wholeMs: 90_000 };

/** As many as the worker sends at a time. */
const CONNECTIONS = 8;
/** Servers end a connection that has sent enough; asked for by us, no mail is in its way. */
const MAILS_PER_CONNECTION = 100;
/** A kept connection may turn out to be ended by the server; no byte of the mail has left then, and another one is opened. */
const NEW_CONNECTIONS = 2;

/** Sends by SMTP (RFC 5321) through `@nestjs-modules/mailer` and nodemailer, over connections that are kept. */
export class SmtpMailer extends Mailer {
  private constructor(
    private readonly service: MailerService,
    private readonly transporter: { verify(): Promise<unknown> },
    private readonly config: RegStackConfig,
    private readonly wholeMs: number,
  ) {
    super();
  }

  /** Loads the packages of this backend. @throws Error naming the install line when one is missing */
  static async load(config: RegStackConfig, patience = PATIENCE): Promise<SmtpMailer> {
    const { MailerService: Service, createTransport } = await loadPackages();
    const transport = transportOf(config, patience);
    const transporter = createTransport(transport).use('stream', keepEnvelope);
    const service = new Service({ transport }, { createTransport: () => transporter });
    return new SmtpMailer(service, transporter, config, patience.wholeMs);
  }

  override async deliver(mail: Mail): Promise<void> {
    const signal = AbortSignal.timeout(this.wholeMs);
    try {
      await this.service.sendMail({ ...composed(mail, this.config), signal });
    } catch (error) {
      throw refusalOf(error as SmtpError);
    }
  }

  /** Over a connection of its own, up to the log-in, where the server offers one. */
  override async check(): Promise<void> {
    try {
      await inPatience(this.wholeMs, this.transporter.verify());
    } catch (error) {
      throw refusalOf(error as SmtpError);
    }
  }

  /** Ends the connections that were kept. */
  async onApplicationShutdown(): Promise<void> {
    await this.service.onModuleDestroy();
  }
}

const loadPackages = () =>
  required('email.backend = smtp', PACKAGES, async () => ({
    ...(await import('@nestjs-modules/mailer')),
    createTransport: (await import('nodemailer')).createTransport,
  }));

/** What nodemailer hands to its plug-ins. */
interface Compiled {
  readonly data: { readonly envelope?: unknown };
  readonly message: { getEnvelope(): unknown };
}

/** Beside a local part that is not ASCII nodemailer would write the domain in Unicode, which older servers map to another one (R38). */
function keepEnvelope({ data, message }: Compiled, done: () => void): void {
  message.getEnvelope = () => data.envelope;
  done();
}

function transportOf({ email }: RegStackConfig, { connectMs, silenceMs }: SmtpPatience) {
  const { smtpHost: host, smtpPort: port, smtpTls, smtpUsername: user, smtpPassword: pass } = email;
  return {
    pool: true as const,
    maxConnections: CONNECTIONS,
    maxMessages: MAILS_PER_CONNECTION,
    maxRequeues: NEW_CONNECTIONS,
    host: host!,
    port,
    secure: smtpTls === 'implicit',
    requireTLS: smtpTls === 'starttls',
    ignoreTLS: smtpTls === 'none',
    ...(user !== null && pass !== null ? { auth: { user, pass } } : {}),
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
  };
}

/** What nodemailer tells of a failure. */
interface SmtpError {
  readonly name?: unknown;
  readonly code?: unknown;
  /** Of the system or of TLS, where `code` is nodemailer's own. */
  readonly originalCode?: unknown;
  readonly responseCode?: unknown;
  readonly response?: unknown;
  readonly command?: unknown;
}

function refusalOf(error: SmtpError): Error {
  if (error instanceof DeliveryError) return error;
  const { name, code, originalCode, responseCode } = error;
  const cause = new DeliveryError(originalCode ?? code ?? name, responseCode);
  return isForGood(error) ? forGood(MailRejectedError, cause) : cause;
}

/**
 * Replies of 5xx that time mends, or the operator (RFC 3463, RFC 4954): to log in first; our own address or name, which many servers only
 * judge at the recipient; a mailbox that is full; routing; a command that is not known; relaying or a policy.
 */
const MAY_BE_MENDED = /^(50\d|53\d|555|5\d\d[ -]5\.(1\.[78]|2\.2|4\.\d+|5\.\d+|7\.\d+))\b/;
/** The same where a server has no enhanced code. */
const ABOUT_US = /^5\d\d[ -](?!5\.\d).*\b(relay|relaying|sender|spf|dkim|dmarc|helo|ehlo|authenticat\w*)\b/is;

/** A reply of 5xx to the recipient or to the message. To the log-in or to our own address it is a misconfiguration that may be mended. */
function isForGood({ responseCode, response, command }: SmtpError): boolean {
  if (typeof responseCode !== 'number' || responseCode < 500) return false;
  if (command !== 'RCPT TO' && command !== 'DATA') return false;
  return ![MAY_BE_MENDED, ABOUT_US].some((words) => words.test(String(response)));
}
