import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';
import { Texts, Whole } from '../../http/list.decorators';
import { FullName, MayBeLeftOut, Text } from '../../http/text.decorator';
import { ROLE, ROLES_MAX } from '../../kernel/text';
import { PageQuery } from './pages.dto';

type Flag = 'true' | 'false';

const Flags = IsIn(['true', 'false'], { message: 'must be true or false' });

/** Query of `GET /admin/users`. */
export class UsersQuery extends PageQuery {
  /** Found somewhere in address or name. */
  @IsOptional() @Text({ max: 200 }) q?: string;
  @IsOptional() @Flags is_active?: Flag;
  @IsOptional() @Flags is_verified?: Flag;
  @IsOptional() @Flags is_superuser?: Flag;
  /** Rows to leave out, for clients that count pages; each costs time, a cursor does not. */
  @IsOptional() @Whole({ min: 0, max: 10_000 }) skip?: string;
}

/** Body of `PATCH /admin/users/:id`. What is not named stays as it is. */
export class UserChangeRequest {
  @MayBeLeftOut() @IsBoolean() is_active?: boolean;
  @MayBeLeftOut() @IsBoolean() is_superuser?: boolean;
  @IsOptional() @FullName() full_name?: string | null;
  /** In place of those before. */
  @MayBeLeftOut() @IsArray() @ArrayMaxSize(ROLES_MAX) @Texts(ROLE) roles?: readonly string[];
  /** By name; null removes one. */
  @MayBeLeftOut() @IsObject() attributes?: Readonly<Record<string, unknown>>;
}
