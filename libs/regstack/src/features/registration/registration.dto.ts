import { IsOptional } from 'class-validator';
import { Text } from '../../http/text.decorator';

/** Body of `POST /register`. */
export class RegisterRequest {
  @Text({ max: 320 }) email!: string;
  /** The policy decides on its length. */
  @Text({ max: 1024, anyCharacter: true }) password!: string;
  @IsOptional() @Text({ max: 200 }) full_name?: string | null;
}

/** Body of `POST /verify`. */
export class VerifyRequest {
  @Text({ max: 256 }) token!: string;
}

/** Form of the verify page. */
export class VerifyForm {
  /** Hash of the token of the link that the page was opened from. */
  @Text({ max: 64 }) token_hash!: string;
}
