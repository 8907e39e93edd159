import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RequireFresh, SwitchedBy } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { NoFields } from '../../http/no-fields.decorator';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { adminUserJson } from '../../http/user.json';
import type { By } from '../../kernel/origin';
import { DirectoryService } from './directory.service';
import { changeIn, UserChangeRequest, UsersQuery, usersIn } from './users.dto';
import { AdminUsersService } from './users.service';

/** `GET /admin/stats`, `/admin/users` and what admins do to one of them. */
@SwitchedBy('admin')
@RegStackController(RegStackAdminGuard)
export class AdminUsersController {
  constructor(
    private readonly users: AdminUsersService,
    private readonly directory: DirectoryService,
  ) {}

  @Get('admin/stats')
  async stats() {
    const { total, active, verified, superusers, pendingRegistrations } = await this.directory.counts();
    return {
      total_users: total,
      active_users: active,
      verified_users: verified,
      superusers,
      pending_registrations: pendingRegistrations,
    };
  }

  @Get('admin/users')
  async list(@Query(shape(UsersQuery)) query: Readonly<UsersQuery>) {
    const { users, page } = usersIn(query);
    const { items, total, nextCursor } = await this.directory.list(users, page);
    const { skip, limit } = page;
    return { items: items.map(adminUserJson), total, skip, limit, next_cursor: nextCursor };
  }

  @Get('admin/users/:id')
  async get(@Param('id') id: string) {
    return adminUserJson(await this.users.get(id));
  }

  @RequireFresh()
  @Patch('admin/users/:id')
  async change(
    @Param('id') id: string,
    @Body(shape(UserChangeRequest)) body: Readonly<UserChangeRequest>,
    @CurrentBy() by: By,
  ) {
    return adminUserJson(await this.users.change(id, changeIn(body), by));
  }

  @RequireFresh()
  @NoFields()
  @Delete('admin/users/:id')
  async remove(@Param('id') id: string, @CurrentBy() by: By) {
    await this.users.remove(id, by);
    return { message: 'The account is deleted.' };
  }

  @NoFields()
  @Post('admin/users/:id/resend-verification')
  @HttpCode(202)
  async resendVerification(@Param('id') id: string, @CurrentBy() by: By) {
    await this.users.resendVerification(id, by);
    return { message: 'A link is on its way to the address of this account.' };
  }

  @RequireFresh()
  @NoFields()
  @Post('admin/users/:id/revoke-sessions')
  @HttpCode(200)
  async revokeSessions(@Param('id') id: string, @CurrentBy() by: By) {
    await this.users.revokeSessions(id, by);
    return { message: 'Every session of this account is ended.' };
  }
}
