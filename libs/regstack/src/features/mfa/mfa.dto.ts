import { IsOptional } from 'class-validator';
import { Code, MayBeLeftOut, Password, Text, Token } from '../../http/text.decorator';

/** What proves that it is the owner of an account who changes its second factors. */
export class FactorRequest {
  @Password() current_password!: string;
  /** Of a second factor, or a recovery code, for an account that has one. */
  @IsOptional() @Code() code?: string | null;
}

/** The same on the page of an enrolment; whose sign-in waits for it proves nothing again. */
export class EnrolmentForm {
  @MayBeLeftOut() @Password() current_password?: string;
  @IsOptional() @Code() code?: string | null;
}

/** The page where a number is typed. */
export class PhoneForm extends EnrolmentForm {
  @Text({ max: 64 }) phone_number!: string;
}

/** The page where what the number or the app shows is typed. */
export class CodeForm {
  @Code() code!: string;
}

/** The same for an enrolment, which a sign-in may wait for: then its token is enough. */
export class EnrolmentRequest extends EnrolmentForm {
  @MayBeLeftOut() @Token() mfa_pending_token?: string;
}

/** Body of `POST /phone/start`. */
export class PhoneStartRequest extends EnrolmentRequest {
  @Text({ max: 64 }) phone_number!: string;
}

/** Body of `POST /phone/confirm` and `POST /mfa/totp/confirm`. */
export class ConfirmRequest {
  @Token() pending_token!: string;
  /** What the number or the app shows. */
  @Code() code!: string;
  @MayBeLeftOut() @Token() mfa_pending_token?: string;
  /** Proved at the start already; proved again where it is sent. */
  @MayBeLeftOut() @Password() current_password?: string;
}
