import { Text } from '../../http/text.decorator';

/** Body of `POST /login`. The password is bounded but not held to the policy: it may be older than the policy. */
export class LoginRequest {
  @Text({ max: 320 }) email!: string;
  @Text({ max: 256, anyCharacter: true }) password!: string;
}
