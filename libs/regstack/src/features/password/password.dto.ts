import { IsOptional } from 'class-validator';
import { Code, MayBeLeftOut, NewPassword, Next, Password, Text, Token } from '../../http/text.decorator';

/** Body of `POST /forgot-password`. */
export class ForgotPasswordRequest {
  @Text({ max: 320 }) email!: string;
}

/** Body of `POST /reset-password`. */
export class ResetPasswordRequest {
  @Token() token!: string;
  @NewPassword() new_password!: string;
}

/** Form of the reset page. */
export class ResetForm {
  /** Hash of the token of the link that the page was opened from. */
  @Text({ max: 64 }) token_hash!: string;
  @NewPassword() new_password!: string;
}

/** Body of `POST /change-password`. */
export class ChangePasswordRequest {
  @Password() current_password!: string;
  @NewPassword() new_password!: string;
}

/** Body of `POST /reauthenticate`. */
export class ReauthenticateRequest {
  @Password() current_password!: string;
  /** Of a second factor, or a recovery code, for an account that has one. */
  @IsOptional() @Code() code?: string | null;
}

/** The page of the same. */
export class ReauthenticateForm extends ReauthenticateRequest {
  /** Where it leads, if the query does not say it. */
  @MayBeLeftOut() @Next() next?: string;
}
