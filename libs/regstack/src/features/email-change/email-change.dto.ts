import { Password, Text, Token } from '../../http/text.decorator';

/** Body of `POST /change-email`. */
export class ChangeEmailRequest {
  @Text({ max: 320 }) new_email!: string;
  @Password() current_password!: string;
}

/** Body of `POST /confirm-email-change` and `POST /undo-email-change`. */
export class EmailLinkRequest {
  @Token() token!: string;
}

/** Form of the pages of both. */
export class EmailLinkForm {
  /** Hash of the token of the link that the page was opened from. */
  @Text({ max: 64 }) token_hash!: string;
}
