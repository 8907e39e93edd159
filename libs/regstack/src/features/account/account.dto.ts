import { Equals, IsObject, IsOptional } from 'class-validator';
import { FullName, MayBeLeftOut, Password } from '../../http/text.decorator';

/** Body of `PATCH /me`. */
export class ProfileRequest {
  @IsOptional() @FullName() full_name?: string | null;
  /** The host's fields, by name; null removes one. What is not named stays. */
  @MayBeLeftOut() @IsObject() attributes?: Readonly<Record<string, unknown>>;
}

/** Body of `DELETE /account` and of its alias. */
export class DeletionRequest {
  @Password() current_password!: string;
}

/** Form of the same, which asks once more. */
export class DeletionForm extends DeletionRequest {
  /** A box that has to be ticked. */
  @Equals('yes', { message: 'must be yes' }) confirm!: 'yes';
}

/** Form of the profile on the page of who is signed in; without a name, none. */
export class ProfileForm {
  @IsOptional() @FullName() full_name?: string;
}
