import type { INestApplicationContext } from '@nestjs/common';
import { type RegStackUser, UsersService } from '@regstack/nestjs';
import { SubCommand } from 'nest-commander';
import { ONE_USER, UserCommand } from './user.command';

/** Lets a disabled user in again. */
@SubCommand({ name: 'enable', ...ONE_USER, description: 'Lets a disabled account be used again.' })
export class EnableUserCommand extends UserCommand {
  protected override async workOn(user: RegStackUser, app: INestApplicationContext): Promise<void> {
    this.tell(user, await app.get(UsersService).enable(user.id), 'is enabled');
  }
}
