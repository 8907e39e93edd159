import type { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import type { createTransport } from 'nodemailer';
import type { RegStackConfig } from '../config/regstack.config';
import { type Mail, Mailer, MailRejectedError } from '../ports/mailer';
import { checkedBy, clientOptions, deliveryErrorOf, patience } from './aws';
import { composed, senderAddress } from './composed-mail';
import { forGood } from './delivery.error';
import { GATEWAY_MS, inPatience } from './gateway-patience';
import { required } from './required-package';

/** Not installed with this library: only this backend needs them. */
const PACKAGES = ['nodemailer', '@aws-sdk/client-sesv2'];

/** SES says only in words that it is the form of an address that it does not take. */
const OF_ADDRESS = /^(local address|domain|illegal address|invalid (recipient|to) address|missing final)\b/i;

/** Sends through the API of Amazon SES, version 2, by its SDK and nodemailer. */
export class SesMailer extends Mailer {
  private constructor(
    private readonly transport: ReturnType<typeof createTransport>,
    private readonly client: SESv2Client,
    private readonly GetAccount: typeof GetAccountCommand,
    private readonly config: RegStackConfig,
    private readonly waitMs: number,
  ) {
    super();
  }

  /** Loads the packages of this backend. @throws Error naming the install line when one is missing */
  static async load(config: RegStackConfig, waitMs = GATEWAY_MS): Promise<SesMailer> {
    const { nodemailer, sdk } = await loadPackages();
    const { sesRegion, sesProfile, endpoint } = config.email;
    const profile = sesProfile === null ? {} : { profile: sesProfile };
    const client = new sdk.SESv2Client({ ...clientOptions(sesRegion!, endpoint), ...profile });
    const sesClient = {
      config: client.config,
      send: (command: InstanceType<typeof sdk.SendEmailCommand>) => client.send(command, patience(waitMs)),
    };
    const { SendEmailCommand } = sdk;
    return new SesMailer(
      nodemailer.createTransport({ SES: { sesClient, SendEmailCommand } }),
      client,
      sdk.GetAccountCommand,
      config,
      waitMs,
    );
  }

  override async deliver(mail: Mail): Promise<void> {
    // Said outright: the transport would read the sender out of the header that it has written.
    const ses = { FromEmailAddress: senderAddress(this.config), Destination: { ToAddresses: [mail.to] } };
    try {
      await inPatience(this.waitMs, this.transport.sendMail({ ...composed(mail, this.config), ses }));
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Asks about the account. Who is known there, and may not ask that, has signed in. */
  override async check(): Promise<void> {
    await checkedBy(this.waitMs, this.client.send(new this.GetAccount({}), patience(this.waitMs)));
  }

  /** Ends the connections that were kept. */
  onApplicationShutdown(): void {
    this.client.destroy();
  }
}

function refusalOf(error: unknown): Error {
  const cause = deliveryErrorOf(error);
  const { message } = error as { readonly message?: unknown };
  // Every other refusal is of the account: an identity to be verified, a limit, a suspension. They may be mended.
  const isOfAddress = cause.code === 'BadRequestException' && OF_ADDRESS.test(String(message));
  return isOfAddress ? forGood(MailRejectedError, cause) : cause;
}

async function loadPackages() {
  return required('email.backend = ses', PACKAGES, async () => ({
    nodemailer: await import('nodemailer'),
    sdk: await import('@aws-sdk/client-sesv2'),
  }));
}
