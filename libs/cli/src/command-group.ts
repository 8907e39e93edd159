import { CliCommand } from './cli.command';
import { printable } from './printable';
import { EXIT, Refusal } from './refusal';

/** A command that only holds others: alone it shows what they are, as a wrong command line. */
export abstract class CommandGroup extends CliCommand {
  // What is none of them is told by its name below, not counted as one argument too many.
  override setCommand(command: Parameters<CliCommand['setCommand']>[0]): this {
    super.setCommand(command);
    command.allowExcessArguments(true);
    return this;
  }

  override async run([unknown]: string[]): Promise<void> {
    const name = this.command.name();
    if (unknown === undefined) return this.command.help({ error: true });
    throw new Refusal(
      `unknown command '${name} ${printable(unknown)}'; regstack ${name} --help lists what there is`,
      EXIT.usage,
    );
  }
}
