import { Body, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { SwitchedBy } from '../../http/access';
import { type Authentication, CurrentSession, CurrentUser } from '../../http/current-user.decorator';
import { From } from '../../http/origins';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { userJson } from '../../http/user.json';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import { DeletionRequest, ProfileRequest } from './account.dto';
import { DeletionService } from './deletion.service';
import { ProfileService } from './profile.service';

/** `GET` and `PATCH /me`, `DELETE /account` and its alias for clients behind proxies that drop the body of a DELETE. */
@RegStackController()
export class AccountController {
  constructor(
    private readonly profile: ProfileService,
    private readonly deletion: DeletionService,
  ) {}

  @Get('me')
  me(@CurrentUser() user: RegStackUser) {
    return userJson(user);
  }

  @Patch('me')
  async update(
    @CurrentSession() caller: Authentication,
    @Body(shape(ProfileRequest)) { full_name: fullName, attributes }: Readonly<ProfileRequest>,
    @From() origin: Origin,
  ) {
    const change = {
      ...(fullName !== undefined && { fullName }),
      ...(attributes !== undefined && { attributes }),
    };
    return userJson(await this.profile.update(caller, change, origin));
  }

  @SwitchedBy('deletion')
  @Delete('account')
  delete(
    @CurrentSession() caller: Authentication,
    @Body(shape(DeletionRequest)) body: Readonly<DeletionRequest>,
    @From() origin: Origin,
  ) {
    return this.end(caller, body, origin);
  }

  @SwitchedBy('deletion')
  @Post('account/delete')
  @HttpCode(200)
  deleteByPost(
    @CurrentSession() caller: Authentication,
    @Body(shape(DeletionRequest)) body: Readonly<DeletionRequest>,
    @From() origin: Origin,
  ) {
    return this.end(caller, body, origin);
  }

  private async end(caller: Authentication, { current_password }: DeletionRequest, origin: Origin) {
    await this.deletion.delete(caller, current_password, origin);
    return { message: 'Your account is deleted.' };
  }
}
