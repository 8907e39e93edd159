/** A text message on its way. */
export interface Sms {
  /** Stable over retries. */
  readonly id: string;
  /** E.164. */
  readonly to: string;
  /** Plain text. */
  readonly text: string;
}

/** Sends one text message. Replace it with a provider to send by a gateway of your own. */
export abstract class SmsSender {
  /**
   * Resolves once the gateway has accepted the message.
   * @throws SmsRejectedError when it never will; any other error means "later"
   */
  abstract deliver(sms: Sms): Promise<void>;

  /**
   * Connects to the gateway and signs in there, without sending, as far as a sender can; resolves where that went well. One that cannot
   * know, which is what it does unless it says otherwise, resolves.
   * @throws an error of whose fields `name`, `code` and `responseCode` may be shown
   */
  async check(): Promise<void> {}
}

/** The gateway refused the message for good: retrying is pointless. */
export class SmsRejectedError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SmsRejectedError';
  }
}
