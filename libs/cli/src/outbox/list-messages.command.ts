import { adminMessageJson, AdminOutboxService, type ShownMessage } from '@regstack/nestjs';
import { Help, Option, SubCommand } from 'nest-commander';
import { adminService } from '../app/admin-service';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { paged, tellList } from '../paged';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { wholeNumber } from '../whole-number';
import { messageLine } from './message-lines';

type State = ShownMessage['state'];

const STATES: readonly State[] = ['queued', 'sent', 'dead'];

interface ListOptions extends AppOptions {
  readonly state?: State;
  readonly limit?: number;
  readonly json?: boolean;
}

/** Lists messages. */
@SubCommand({
  name: 'list',
  description:
    'Lists mails and text messages, the newest first: id, time, state, kind, masked recipient, attempts, last error, next attempt. Never what they say.',
})
export class ListMessagesCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '--state <state>', description: 'only those that are queued, sent or dead (given up)' })
  state(text: string): State {
    const state = STATES.find((one) => one === text);
    if (state) return state;
    throw new Refusal(`--state must be one of: ${STATES.join(', ')}`, EXIT.usage);
  }

  @Option({ flags: '-n, --limit <number>', description: 'at most so many (default: all)' })
  limit(text: string): number {
    return wholeNumber('--limit', text);
  }

  @Option({ flags: '--json', description: 'one JSON array, with the names of the HTTP API' })
  json(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  regstack outbox list --state dead
  regstack outbox list --state queued --json | jq length`;
  }

  override async run(_: string[], { state, limit = Infinity, ...options }: ListOptions): Promise<void> {
    await this.opener.useUpToDate(options, async (app) => {
      const outbox = adminService(app, AdminOutboxService);
      const messages = paged(limit, (page) => outbox.list(state ?? null, page));
      const words = { toJson: adminMessageJson, toLine: messageLine, noun: 'message(s)' };
      await tellList(this.terminal, messages, { isJson: options.json, ...words });
    });
  }
}
