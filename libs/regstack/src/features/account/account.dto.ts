import { IsObject } from 'class-validator';
import { FullName, MayBeLeftOut, MayBeNull, Password } from '../../http/text.decorator';

/** Body of `PATCH /me`. */
export class ProfileRequest {
  @MayBeNull() @FullName() full_name?: string | null;
  /** The host's fields, by name; null removes one. What is not named stays. */
  @MayBeLeftOut() @IsObject() attributes?: Readonly<Record<string, unknown>>;
}

/** Body of `DELETE /account` and of its alias. */
export class DeletionRequest {
  @Password() current_password!: string;
}
