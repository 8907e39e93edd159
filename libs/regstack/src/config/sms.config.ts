import { IsIn, IsOptional } from 'class-validator';
import { Setting } from './setting.decorator';
import { Planned } from './setting.rules';

/** How SMS leave: `[sms]` in the file, `REGSTACK_SMS__…` in the environment. */
export class SmsConfig {
  /** `console` is all that this version has. */
  @Setting() @IsIn(['console']) @Planned('the SMS factor') backend = 'console';
  /** Sender's number. */
  @Setting() @IsOptional() @Planned('the SMS factor') fromNumber: string | null = null;
  /** Twilio: account. */
  @Setting() @IsOptional() @Planned('the SMS factor') twilioAccountSid: string | null = null;
  /** Twilio: token. */
  @Setting({ secret: true }) @IsOptional() @Planned('the SMS factor') twilioAuthToken: string | null = null;
  /** Amazon SNS: region. */
  @Setting() @IsOptional() @Planned('the SMS factor') snsRegion: string | null = null;
  /** Another base URL of the gateway. */
  @Setting() @IsOptional() @Planned('the SMS factor') endpoint: string | null = null;
}
