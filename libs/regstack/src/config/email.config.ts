import { IsEmail, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import { Setting } from './setting.decorator';
import { Planned } from './setting.rules';

/** How mail leaves: `[email]` in the file, `REGSTACK_EMAIL__…` in the environment. */
export class EmailConfig {
  /** `console` prints mails to the terminal and is refused in production; `smtp` needs `smtp_host`. */
  @Setting()
  @IsIn(['console', 'smtp'], { message: 'must be console or smtp (ses is not part of this version)' })
  backend: 'console' | 'smtp' = 'console';
  /** Sender. */
  @Setting() @IsEmail() fromAddress = 'noreply@localhost.localdomain';
  /** Name of the sender; null: the name of the app. */
  @Setting() @IsOptional() @IsString() @Length(1, 64) fromName: string | null = null;
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
  /** Amazon SES: region. */
  @Setting() @IsOptional() @Planned('Amazon SES') sesRegion: string | null = null;
  /** Amazon SES: profile. */
  @Setting() @IsOptional() @Planned('Amazon SES') sesProfile: string | null = null;
  /** Another base URL of the gateway. */
  @Setting() @IsOptional() @Planned('Amazon SES') endpoint: string | null = null;
}
