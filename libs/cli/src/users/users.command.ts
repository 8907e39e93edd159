import { Command } from 'nest-commander';
import { CommandGroup } from '../command-group';
import { DeleteUserCommand } from './delete-user.command';
import { DisableUserCommand } from './disable-user.command';
import { EnableUserCommand } from './enable-user.command';
import { ListUsersCommand } from './list-users.command';
import { RevokeSessionsCommand } from './revoke-sessions.command';
import { ShowUserCommand } from './show-user.command';

/** Each of `regstack users …`. */
export const USER_COMMANDS = [
  ListUsersCommand,
  ShowUserCommand,
  DisableUserCommand,
  EnableUserCommand,
  RevokeSessionsCommand,
  DeleteUserCommand,
];

/** What an operator does about accounts. */
@Command({
  name: 'users',
  description:
    'Lists accounts, and does to one of them what an admin can. The audit log has what was done, as done by the app itself.',
  subCommands: USER_COMMANDS,
})
export class UsersCommand extends CommandGroup {}
