import { IsObject, IsOptional } from 'class-validator';
import { FullName, NewPassword, Text, Token } from '../../http/text.decorator';

/** Body of `POST /register`. */
export class RegisterRequest {
  @Text({ max: 320 }) email!: string;
  @NewPassword() password!: string;
  @IsOptional() @FullName() full_name?: string | null;
  /** The host's fields; its schema says which there are. */
  @IsOptional() @IsObject() attributes?: Readonly<Record<string, unknown>> | null;
}

/** Body of `POST /verify`. */
export class VerifyRequest {
  @Token() token!: string;
  /** For a link that asks for it, like the next. */
  @IsOptional() @NewPassword() new_password?: string | null;
  @IsOptional() @IsObject() attributes?: Readonly<Record<string, unknown>> | null;
}

/** Body of `POST /resend-verification`. */
export class ResendRequest {
  @Text({ max: 320 }) email!: string;
}

/** Form of the verify page. */
export class VerifyForm {
  /** Hash of the token of the link that the page was opened from. */
  @Text({ max: 64 }) token_hash!: string;
  @IsOptional() @NewPassword() new_password?: string;
}
