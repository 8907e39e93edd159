import type { GetSMSAttributesCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SmsConfig } from '../config/sms.config';
import { type Sms, SmsRejectedError, SmsSender } from '../ports/sms.sender';
import { checkedBy, clientOptions, deliveryErrorOf, patience } from './aws';
import { forGood } from './delivery.error';
import { GATEWAY_MS, inPatience } from './gateway-patience';
import { required } from './required-package';

/** Not installed with this library: only this backend needs it. */
const PACKAGE = '@aws-sdk/client-sns';

/** SNS says only in words which of the parameters it does not take. */
const OF_NUMBER = /^Invalid parameter: PhoneNumber\b/;

/** Sends through Amazon SNS by its SDK. */
export class SnsSmsSender extends SmsSender {
  private constructor(
    private readonly client: SNSClient,
    private readonly Publish: typeof PublishCommand,
    private readonly GetAttributes: typeof GetSMSAttributesCommand,
    private readonly attributes: ReturnType<typeof attributesOf>,
    private readonly waitMs: number,
  ) {
    super();
  }

  /** Loads the package of this backend. @throws Error naming the install line when it is missing */
  static async load(config: SmsConfig, waitMs = GATEWAY_MS): Promise<SnsSmsSender> {
    const sdk = await required('sms.backend = sns', [PACKAGE], () => import('@aws-sdk/client-sns'));
    const client = new sdk.SNSClient(clientOptions(config.snsRegion!, config.endpoint));
    return new SnsSmsSender(
      client,
      sdk.PublishCommand,
      sdk.GetSMSAttributesCommand,
      attributesOf(config),
      waitMs,
    );
  }

  override async deliver({ to, text }: Sms): Promise<void> {
    const message = { PhoneNumber: to, Message: text, MessageAttributes: this.attributes };
    try {
      const sending = this.client.send(new this.Publish(message), patience(this.waitMs));
      await inPatience(this.waitMs, sending);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Asks for the settings of texts. Who is known there, and may not ask that, has signed in. */
  override async check(): Promise<void> {
    await checkedBy(this.waitMs, this.client.send(new this.GetAttributes({}), patience(this.waitMs)));
  }

  /** Ends the connections that were kept. */
  onApplicationShutdown(): void {
    this.client.destroy();
  }
}

const attribute = (value: string) => ({ DataType: 'String', StringValue: value });

function attributesOf({ fromNumber }: SmsConfig) {
  const from = /[A-Za-z]/.test(fromNumber ?? '') ? 'AWS.SNS.SMS.SenderID' : 'AWS.MM.SMS.OriginationNumber';
  return {
    // Reliable before cheap: codes are waited for.
    'AWS.SNS.SMS.SMSType': attribute('Transactional'),
    ...(fromNumber === null ? {} : { [from]: attribute(fromNumber) }),
  };
}

function refusalOf(error: unknown): Error {
  const cause = deliveryErrorOf(error);
  const { message } = error as { readonly message?: unknown };
  // Every other refusal is of the account: its sandbox, a limit, a sender. They may be mended.
  const isInvalid = cause.code === 'InvalidParameterException' && OF_NUMBER.test(String(message));
  return isInvalid || cause.code === 'OptedOutException' ? forGood(SmsRejectedError, cause) : cause;
}
