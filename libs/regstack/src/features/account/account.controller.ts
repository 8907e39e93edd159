import { Get } from '@nestjs/common';
import { CurrentUser } from '../../http/current-user.decorator';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { userJson } from '../../http/user.json';
import type { RegStackUser } from '../../kernel/regstack-user';

/** `GET /me`. */
@RegStackController()
export class AccountController {
  @Get('me')
  me(@CurrentUser() user: RegStackUser) {
    return userJson(user);
  }
}
