import { Command } from 'nest-commander';
import { CommandGroup } from '../command-group';
import { ListMessagesCommand } from './list-messages.command';
import { RetryMessageCommand } from './retry-message.command';

/** Each of `regstack outbox …`. */
export const OUTBOX_COMMANDS = [ListMessagesCommand, RetryMessageCommand];

/** What an operator does about messages. */
@Command({
  name: 'outbox',
  description:
    'Lists the mails and text messages that wait, went out or were given up, and has one sent again.',
  subCommands: OUTBOX_COMMANDS,
})
export class OutboxCommand extends CommandGroup {}
