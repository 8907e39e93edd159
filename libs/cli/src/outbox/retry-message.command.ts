import { AdminOutboxService, BY_THE_APP } from '@regstack/nestjs';
import { SubCommand } from 'nest-commander';
import { adminService } from '../app/admin-service';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { Terminal } from '../terminal';

/** Has a message sent again. */
@SubCommand({
  name: 'retry',
  arguments: '<id>',
  argsDescription: { id: 'of the message: regstack outbox list' },
  description:
    'Makes a message due now that was given up, or waits for its next attempt. The running app sends it; this command sends nothing.',
})
export class RetryMessageCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([id]: [string], options: AppOptions): Promise<void> {
    await this.opener.useUpToDate(options, async (app) => {
      const { kind } = await adminService(app, AdminOutboxService).retry(id, BY_THE_APP);
      this.terminal.say(`${kind} ${id} is due; the app sends it as soon as it runs`);
    });
  }
}
