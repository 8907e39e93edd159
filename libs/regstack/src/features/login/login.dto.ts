import { IsBoolean, IsIn, IsOptional } from 'class-validator';
import { Code, MayBeLeftOut, Next, Password, Text, Token } from '../../http/text.decorator';

/** Body of `POST /login`. */
export class LoginRequest {
  @Text({ max: 320 }) email!: string;
  @Password() password!: string;
}

/** The page of the first step. */
export class LoginForm extends LoginRequest {
  /** Where the sign-in leads, if the query does not say it. */
  @MayBeLeftOut() @Next() next?: string;
}

/** Query of `POST /login`. */
export class LoginQuery {
  /** `cookie`: the session goes into a cookie instead of the answer, for an app on the same origin. */
  @IsOptional() @IsIn(['bearer', 'cookie']) transport?: 'bearer' | 'cookie';
}

/** Body of `POST /login/mfa-confirm`. */
export class SecondStepRequest {
  @Token() mfa_pending_token!: string;
  @Code() code!: string;
  /** Which factor the code is of; without it, of whichever it is right for. */
  @MayBeLeftOut() @IsIn(['totp', 'sms', 'recovery_code']) method?: 'totp' | 'sms' | 'recovery_code';
  /** Not to be asked for a second factor on this device, for `mfa_trusted_device_days`. */
  @MayBeLeftOut() @IsBoolean() trust_device?: boolean;
}

/** The page of the second step: a box that is not ticked is not sent. */
export class SecondStepForm {
  @Code() code!: string;
  @MayBeLeftOut() @IsIn(['totp', 'sms', 'recovery_code']) method?: 'totp' | 'sms' | 'recovery_code';
  @MayBeLeftOut() @IsIn(['true']) trust_device?: 'true';
  /** As in {@link LoginForm}. */
  @MayBeLeftOut() @Next() next?: string;
}

/** Body of `POST /login/mfa-resend`. */
export class ResendRequest {
  @Token() mfa_pending_token!: string;
}
