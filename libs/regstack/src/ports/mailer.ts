/** A rendered message. */
export interface MailContent {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A message on its way. */
export interface Mail extends MailContent {
  /** Stable over retries: also the left part of the `Message-ID`, so that a receiver can drop a duplicate. */
  readonly id: string;
  /** Canonical address, the only envelope recipient. */
  readonly to: string;
}

/** Sends one mail. Replace it with a provider to send by a service of your own. */
export abstract class Mailer {
  /**
   * Resolves once the next hop has accepted the mail.
   * @throws MailRejectedError when it never will; any other error means "later"
   */
  abstract deliver(mail: Mail): Promise<void>;

  /**
   * Connects to the next hop and signs in there, without sending, as far as a mailer can; resolves where that went well. One that cannot
   * know, which is what it does unless it says otherwise, resolves.
   * @throws an error of whose fields `name`, `code` and `responseCode` may be shown
   */
  async check(): Promise<void> {}
}

/** The next hop refused the mail for good (an SMTP reply of 5xx): retrying is pointless. */
export class MailRejectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MailRejectedError';
  }
}
