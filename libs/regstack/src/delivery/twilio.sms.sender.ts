import type twilio from 'twilio';
import type { SmsConfig } from '../config/sms.config';
import { type Sms, SmsRejectedError, SmsSender } from '../ports/sms.sender';
import { DeliveryError, forGood } from './delivery.error';
import { GATEWAY_MS, inPatience } from './gateway-patience';
import { required } from './required-package';

/** Not installed with this library: only this backend needs it. */
const PACKAGE = 'twilio';

/** Refusals that tell of the recipient: no such number, none that can be texted or may be, one that wants no texts. Others may be mended. */
const OF_RECIPIENT: ReadonlySet<unknown> = new Set([
  21_211, 21_214, 21_217, 21_265, 21_610, 21_612, 21_614, 21_635,
]);

/** Sends through Twilio's Messages resource by its SDK. */
export class TwilioSmsSender extends SmsSender {
  private constructor(
    private readonly client: twilio.Twilio,
    private readonly account: string,
    private readonly from: string,
    private readonly waitMs: number,
  ) {
    super();
  }

  /** Loads the package of this backend. @throws Error naming the install line when it is missing */
  static async load(config: SmsConfig, waitMs = GATEWAY_MS): Promise<TwilioSmsSender> {
    const { default: sdk } = await required('sms.backend = twilio', [PACKAGE], () => import('twilio'));
    const httpClient = new (clientFor(sdk, config.endpoint))({ timeout: waitMs });
    const client = new sdk.Twilio(config.twilioAccountSid!, config.twilioAuthToken!, { httpClient });
    return new TwilioSmsSender(client, config.twilioAccountSid!, config.fromNumber!, waitMs);
  }

  override async deliver({ to, text }: Sms): Promise<void> {
    try {
      await inPatience(this.waitMs, this.client.messages.create({ to, from: this.from, body: text }));
    } catch (error) {
      throw refusalOf(error as TwilioError);
    }
  }

  /** Asks about the account. */
  override async check(): Promise<void> {
    try {
      await inPatience(this.waitMs, this.client.api.v2010.accounts(this.account).fetch());
    } catch (error) {
      throw deliveryErrorOf(error as TwilioError);
    }
  }
}

/** What the SDK tells of a failure. */
interface TwilioError {
  readonly status?: unknown;
  readonly code?: unknown;
}

function deliveryErrorOf(error: TwilioError): DeliveryError {
  return error instanceof DeliveryError ? error : new DeliveryError(error.code, error.status);
}

function refusalOf(error: TwilioError): Error {
  const cause = deliveryErrorOf(error);
  return OF_RECIPIENT.has(cause.code) ? forGood(SmsRejectedError, cause) : cause;
}

/** A client of the SDK that sends what it would send to Twilio to another base URL. */
function clientFor(sdk: typeof twilio, endpoint: string | null): typeof twilio.RequestClient {
  if (endpoint === null) return sdk.RequestClient;
  const base = endpoint.replace(/\/+$/, '');
  return class RedirectedClient extends sdk.RequestClient {
    override request<T>(options: Parameters<typeof twilio.RequestClient.prototype.request<T>>[0]) {
      const { pathname, search } = new URL(options.uri);
      return super.request<T>({ ...options, uri: base + pathname + search });
    }
  };
}
