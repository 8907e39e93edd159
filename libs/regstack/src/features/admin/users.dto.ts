import { ArrayMaxSize, Equals, IsArray, IsBoolean, IsIn, IsObject, IsOptional } from 'class-validator';
import { Texts, Whole } from '../../http/list.decorators';
import { FullName, MayBeLeftOut, Text } from '../../http/text.decorator';
import { ROLE, ROLES_MAX } from '../../kernel/text';
import { pageIn, PageQuery } from './pages.dto';

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

/** Which users a query asks for, and which page of them. */
export function usersIn(query: UsersQuery) {
  const users = {
    search: query.q ?? null,
    isActive: flagOf(query.is_active),
    isVerified: flagOf(query.is_verified),
    isSuperuser: flagOf(query.is_superuser),
  };
  return { users, page: { ...pageIn(query), skip: Number(query.skip ?? 0) } };
}

function flagOf(flag: Flag | undefined): boolean | null {
  return flag === undefined ? null : flag === 'true';
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

/** The change that a body asks for. */
export function changeIn(body: UserChangeRequest) {
  const { is_active: isActive, is_superuser: isSuperuser, full_name: fullName, roles, attributes } = body;
  return {
    ...(isActive !== undefined && { isActive }),
    ...(isSuperuser !== undefined && { isSuperuser }),
    ...(fullName !== undefined && { fullName }),
    ...(roles !== undefined && { roles: [...new Set(roles)] }),
    ...(attributes !== undefined && { attributes }),
  };
}

/** Form of what an admin writes about a user: without a name, none; a role is a line. */
export class UserForm {
  @IsOptional() @FullName() full_name?: string;
  @IsOptional() @Text({ max: ROLES_MAX * (ROLE.max + 2), anyCharacter: true }) roles?: string;
}

/** The same as a body of `PATCH /admin/users/:id`. */
export function bodyOf({ full_name, roles = '' }: UserForm) {
  const lines = roles.split(/[\r\n]+/).map((line) => line.trim());
  return { full_name: full_name ?? null, roles: lines.filter((line) => line !== '') };
}

/** Form that deletes a user: pressed on purpose only. */
export class RemovalForm {
  @Equals('yes', { message: 'must be yes' }) confirm!: 'yes';
}
