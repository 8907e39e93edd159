import { IsEmail, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { Section } from './section';
import { Setting } from './setting.decorator';
import { IsAwsRegion, IsEndpoint, IsLine } from './setting.rules';

/** How mail leaves: `[email]` in the file, `REGSTACK_EMAIL__…` in the environment. */
export class EmailConfig extends Section {
  /** `console` prints mails to the terminal and is refused in production; `smtp` needs `smtp_host`, `ses` needs `ses_region`. */
  @Setting() @IsIn(['console', 'smtp', 'ses']) backend: 'console' | 'smtp' | 'ses' = 'console';
  /** Sender. */
  @Setting() @IsEmail() fromAddress = 'noreply@localhost.localdomain';
  /** Name of the sender; null: the name of the app. */
  @Setting() @IsOptional() @IsLine() @Length(1, 64) fromName: string | null = null;
  /** Mail server. */
  @Setting() @IsOptional() @IsString() @Length(1, 253) smtpHost: string | null = null;
  /** Its port. */
  @Setting() @IsInt() @Min(1) @Max(65_535) smtpPort = 587;
  /** `starttls` (required, RFC 3207), `implicit` (RFC 8314), or `none`, for this machine only. */
  @Setting() @IsIn(['starttls', 'implicit', 'none']) smtpTls: 'starttls' | 'implicit' | 'none' = 'starttls';
  /** User name, when the server asks for one. */
  @Setting() @IsOptional() @IsString() smtpUsername: string | null = null;
  /** Password, when the server asks for one. */
  @Setting({ secret: true }) @IsOptional() @IsString() smtpPassword: string | null = null;
  /** Amazon SES: region. Credentials come from where the SDK of AWS looks for them. */
  @Setting() @IsOptional() @IsAwsRegion() sesRegion: string | null = null;
  /** Amazon SES: profile in the configuration files of AWS; null: the SDK's own choice. */
  @Setting() @IsOptional() @IsString() @Length(1, 128) sesProfile: string | null = null;
  /** Amazon SES: another base URL, for a proxy or a test; https, or this machine. */
  @Setting() @IsOptional() @IsEndpoint() endpoint: string | null = null;
}
