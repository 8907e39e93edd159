import { Password, Text } from '../../http/text.decorator';

/** Body of `POST /login`. */
export class LoginRequest {
  @Text({ max: 320 }) email!: string;
  @Password() password!: string;
}
