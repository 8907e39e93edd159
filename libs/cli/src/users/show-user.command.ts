import type { INestApplicationContext } from '@nestjs/common';
import { adminUserJson, type RegStackUser, SessionsService } from '@regstack/nestjs';
import { Option, SubCommand } from 'nest-commander';
import type { AppOptions } from '../app/app-options';
import { ONE_USER, UserCommand } from './user.command';
import { userLines } from './user-lines';

interface ShowOptions extends AppOptions {
  readonly json?: boolean;
}

/** Shows a user. */
@SubCommand({
  name: 'show',
  ...ONE_USER,
  description: 'Shows one account, and how many live sessions it has.',
})
export class ShowUserCommand extends UserCommand<ShowOptions> {
  @Option({ flags: '--json', description: 'one JSON object, with the names of the HTTP API' })
  json(): boolean {
    return true;
  }

  protected override async workOn(
    user: RegStackUser,
    app: INestApplicationContext,
    { json }: ShowOptions,
  ): Promise<void> {
    const { length } = await app.get(SessionsService).listFor(user.id);
    if (json) return this.terminal.sayJson({ ...adminUserJson(user), live_sessions: length });
    for (const line of userLines(user, length)) this.terminal.say(line);
  }
}
