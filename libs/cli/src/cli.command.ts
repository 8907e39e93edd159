import { CommandRunner } from 'nest-commander';

/** What every command has: a wrong command line is told together with where help is, and ends the process as `failure.ts` says. */
export abstract class CliCommand extends CommandRunner {
  // Commands do not inherit this from the program.
  override setCommand(command: Parameters<CommandRunner['setCommand']>[0]): this {
    command
      .exitOverride()
      .allowExcessArguments(false)
      .showHelpAfterError('(regstack help lists the commands)');
    return super.setCommand(command);
  }
}
