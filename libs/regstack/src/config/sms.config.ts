import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { Section } from './section';
import { Setting } from './setting.decorator';
import { IsAwsRegion, IsEndpoint, IsSmsSender } from './setting.rules';

/** How SMS leave: `[sms]` in the file, `REGSTACK_SMS__…` in the environment. */
export class SmsConfig extends Section {
  /** `console` prints messages to the terminal, and is refused in production with `enable_sms_2fa`; `twilio` needs its two settings and `from_number`, `sns` needs `sns_region`. */
  @Setting() @IsIn(['console', 'twilio', 'sns']) backend: 'console' | 'twilio' | 'sns' = 'console';
  /**
   * Sender: a number in E.164, a short code, or a name of up to eleven letters, digits and spaces where the country allows that. Amazon SNS
   * chooses one where it is null, and takes no name with spaces.
   */
  @Setting() @IsOptional() @IsSmsSender() fromNumber: string | null = null;
  /** Twilio: account. */
  @Setting()
  @IsOptional()
  @Matches(/^AC\w{1,62}$/, { message: 'must be the id of a Twilio account, AC…' })
  twilioAccountSid: string | null = null;
  /** Twilio: token. */
  @Setting({ secret: true }) @IsOptional() @IsString() @Length(1, 128) twilioAuthToken: string | null = null;
  /** Amazon SNS: region. Credentials come from where the SDK of AWS looks for them. */
  @Setting() @IsOptional() @IsAwsRegion() snsRegion: string | null = null;
  /** Another base URL of the gateway, for a proxy or a test; https, or this machine. */
  @Setting() @IsOptional() @IsEndpoint() endpoint: string | null = null;
}
