import { Controller, Delete, Get, Post, type Type, UseGuards } from '@nestjs/common';
import {
  CurrentUser,
  OptionalAuth,
  Public,
  RegStackAdminGuard,
  RegStackAuthGuard,
  type RegStackUser,
  RequireFresh,
  Roles,
} from '@regstack/nestjs';

/** Every handler says whom it takes the caller for. */
const seen = (user: RegStackUser | null) => ({ caller: user?.email ?? null });

@Controller('host')
class OpenController {
  @Get('open')
  read() {
    return { open: true };
  }

  @Post('open')
  write() {
    return { open: true };
  }

  @Public()
  @Get('public')
  @UseGuards(RegStackAuthGuard)
  opened() {
    return { open: true };
  }
}

@Controller('host/guarded')
@UseGuards(RegStackAuthGuard)
class GuardedController {
  @Get()
  read(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @Post()
  write(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @OptionalAuth()
  @Get('optional')
  readAsAnybody(@CurrentUser() user: RegStackUser | null) {
    return seen(user);
  }

  @OptionalAuth()
  @Post('optional')
  writeAsAnybody(@CurrentUser() user: RegStackUser | null) {
    return seen(user);
  }

  @RequireFresh()
  @Get('fresh')
  readFresh(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @RequireFresh()
  @Delete('fresh')
  removeFresh(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }
}

@Roles('editor')
@Controller('host/editors')
@UseGuards(RegStackAuthGuard)
class EditorsController {
  @Get()
  read(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @Post()
  write(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  /** What stands on the method is asked for in place of what stands on the controller. */
  @Roles('reader')
  @Get('texts')
  readTexts(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }
}

@Controller('host/admin')
@UseGuards(RegStackAdminGuard)
class AdminController {
  @Get()
  read(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @Post(':id')
  write(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @RequireFresh()
  @Delete(':id')
  remove(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }
}

/** What opens a route for strangers does not open this guard. */
@Public()
@Controller('host/opened-admin')
@UseGuards(RegStackAdminGuard)
class OpenedAdminController {
  @Get()
  read(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }

  @OptionalAuth()
  @Post('optional')
  write(@CurrentUser() user: RegStackUser) {
    return seen(user);
  }
}

/** Routes of a host: each kind of door that the guards make. */
export const HOST_CONTROLLERS: Type[] = [
  OpenController,
  GuardedController,
  EditorsController,
  AdminController,
  OpenedAdminController,
];
