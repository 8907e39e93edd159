import type { INestApplicationContext } from '@nestjs/common';
import { type RegStackUser, UsersService } from '@regstack/nestjs';
import { Help, Option, SubCommand } from 'nest-commander';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { printable } from '../printable';
import { Prompts } from '../prompts';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { ONE_USER, UserCommand } from './user.command';

interface DeleteOptions extends AppOptions {
  readonly yes?: boolean;
}

/** Deletes a user. */
@SubCommand({
  name: 'delete',
  ...ONE_USER,
  description:
    'Deletes an account with every row about it, and tells its address. Asks first in a terminal. The last active superuser is refused.',
})
export class DeleteUserCommand extends UserCommand<DeleteOptions> {
  constructor(
    opener: AppOpener,
    terminal: Terminal,
    private readonly prompts: Prompts,
  ) {
    super(opener, terminal);
  }

  @Option({ flags: '-y, --yes', description: 'do not ask; needed where there is no terminal' })
  yes(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  regstack users delete mallory@example.org
  regstack users delete 0193f3a5-7c1d-7a44-8d52-3f0f7a1c9b1e --yes`;
  }

  override async run(parameters: [string], options: DeleteOptions): Promise<void> {
    if (!options.yes && !this.terminal.isInteractive) {
      throw new Refusal(
        'what is deleted does not come back, and nobody can be asked here: add --yes',
        EXIT.usage,
      );
    }
    await super.run(parameters, options);
  }

  protected override async workOn(
    user: RegStackUser,
    app: INestApplicationContext,
    { yes }: DeleteOptions,
  ): Promise<void> {
    if (!yes && !(await this.isMeant(user))) throw new Refusal('nothing was deleted');
    this.tell(user, await app.get(UsersService).delete(user.id), 'is deleted, with everything about it');
  }

  private isMeant({ email, id }: RegStackUser): Promise<boolean> {
    return this.prompts.confirm(`Delete ${printable(email)} (${id}) and everything about it?`, false);
  }
}
