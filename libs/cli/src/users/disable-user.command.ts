import type { INestApplicationContext } from '@nestjs/common';
import { type RegStackUser, UsersService } from '@regstack/nestjs';
import { SubCommand } from 'nest-commander';
import { ONE_USER, UserCommand } from './user.command';

/** Shuts a user out. */
@SubCommand({
  name: 'disable',
  ...ONE_USER,
  description: 'Disables an account and ends its sessions, at once. The last active superuser is refused.',
})
export class DisableUserCommand extends UserCommand {
  protected override async workOn(user: RegStackUser, app: INestApplicationContext): Promise<void> {
    this.tell(user, await app.get(UsersService).disable(user.id), 'is disabled, and its sessions have ended');
  }
}
