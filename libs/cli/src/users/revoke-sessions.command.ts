import type { INestApplicationContext } from '@nestjs/common';
import { type RegStackUser, SessionsService } from '@regstack/nestjs';
import { SubCommand } from 'nest-commander';
import { ONE_USER, UserCommand } from './user.command';

/** Signs a user out everywhere. */
@SubCommand({
  name: 'revoke-sessions',
  ...ONE_USER,
  description: 'Ends every session of a user, and every link that was mailed to them, at once.',
})
export class RevokeSessionsCommand extends UserCommand {
  protected override async workOn(user: RegStackUser, app: INestApplicationContext): Promise<void> {
    const isDone = await app.get(SessionsService).endAll(user.id);
    this.tell(user, isDone, 'is signed out everywhere, and its mailed links are dead');
  }
}
