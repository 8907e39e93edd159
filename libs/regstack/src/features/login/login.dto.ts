import { IsIn, IsOptional } from 'class-validator';
import { Password, Text } from '../../http/text.decorator';

/** Body of `POST /login`. */
export class LoginRequest {
  @Text({ max: 320 }) email!: string;
  @Password() password!: string;
}

/** Query of `POST /login`. */
export class LoginQuery {
  /** `cookie`: the session goes into a cookie instead of the answer, for an app on the same origin. */
  @IsOptional() @IsIn(['bearer', 'cookie']) transport?: 'bearer' | 'cookie';
}
