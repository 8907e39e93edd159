import { type INestApplicationContext } from '@nestjs/common';
import { Schema } from '@regstack/nestjs';
import { Command, Help, Option } from 'nest-commander';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';

interface MigrateOptions extends AppOptions {
  readonly status?: boolean;
  readonly dryRun?: boolean;
}

const UP_TO_DATE = 'the database schema is up to date';

/** Brings the schema of the database up to date, or tells how it stands. */
@Command({
  name: 'migrate',
  description:
    'Brings the database schema up to date, under a lock: any number of processes may do it at once. Prints what was done.',
})
export class MigrateCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({
    flags: '--status',
    description: 'list what is pending, change nothing; exit code 1 where something is',
  })
  status(): boolean {
    return true;
  }

  @Option({
    flags: '--dry-run',
    description:
      'print the statements that would run (SQL, or commands of the MongoDB shell), change nothing',
  })
  dryRun(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  regstack migrate --status           before a deployment: is there anything to do?
  regstack migrate --dry-run          what would it run? For a database that somebody else changes
  regstack migrate                    do it, then start the app with auto_migrate = false`;
  }

  override async run(_: string[], options: MigrateOptions): Promise<void> {
    if (options.status && options.dryRun) {
      throw new Refusal('--status and --dry-run are two questions: ask one at a time', EXIT.usage);
    }
    await this.opener.use(options, (app) => this.workOn(app, options));
  }

  private async workOn(app: INestApplicationContext, options: MigrateOptions): Promise<void> {
    const schema = app.get(Schema);
    if (options.status) return this.tellPending(await schema.pending());
    if (options.dryRun) return this.tell(await schema.plan(), (statement) => `${statement};`);
    return this.tell(await schema.bringUpToDate(), (name) => `done: ${name}`);
  }

  private tellPending(pending: readonly string[]): void {
    this.tell(pending, (name) => `pending: ${name}`);
    if (pending.length > 0) throw new Refusal('the database schema is old; run: regstack migrate');
  }

  private tell(items: readonly string[], line: (item: string) => string): void {
    for (const item of items) this.terminal.say(line(item));
    if (items.length === 0) this.terminal.note(UP_TO_DATE);
  }
}
