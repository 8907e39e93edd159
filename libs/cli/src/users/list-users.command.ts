import type { INestApplicationContext } from '@nestjs/common';
import { adminUserJson, DirectoryService, type RegStackUser } from '@regstack/nestjs';
import { Help, Option, SubCommand } from 'nest-commander';
import { adminService } from '../app/admin-service';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { paged, tellList } from '../paged';
import { Terminal } from '../terminal';
import { wholeNumber } from '../whole-number';
import { userLine } from './user-lines';

interface ListOptions extends AppOptions {
  readonly search?: string;
  readonly disabled?: boolean;
  readonly superusers?: boolean;
  readonly unverified?: boolean;
  readonly limit?: number;
  readonly json?: boolean;
}

/** Lists users. */
@SubCommand({
  name: 'list',
  description:
    'Lists accounts, the newest first: id, day of registration, day of the last sign-in, address, what is special about it, name.',
})
export class ListUsersCommand extends AppCommand {
  constructor(
    private readonly opener: AppOpener,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({ flags: '-s, --search <text>', description: 'only those with this text in their address or name' })
  search(text: string): string {
    return text;
  }

  @Option({ flags: '--disabled', description: 'only disabled ones' })
  disabled(): boolean {
    return true;
  }

  @Option({ flags: '--superusers', description: 'only superusers' })
  superusers(): boolean {
    return true;
  }

  @Option({ flags: '--unverified', description: 'only those whose address nobody has proved' })
  unverified(): boolean {
    return true;
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
  regstack users list --superusers
  regstack users list --search @example.org --unverified
  regstack users list --json | jq -r '.[].email'`;
  }

  override async run(_: string[], options: ListOptions): Promise<void> {
    await this.opener.useUpToDate(options, async (app) => {
      const words = { toJson: adminUserJson, toLine: userLine, noun: 'account(s)' };
      await tellList(this.terminal, usersOf(app, options), { isJson: options.json, ...words });
    });
  }
}

function usersOf(app: INestApplicationContext, options: ListOptions): AsyncIterable<RegStackUser> {
  const directory = adminService(app, DirectoryService);
  const query = {
    search: options.search ?? null,
    isActive: options.disabled ? false : null,
    isVerified: options.unverified ? false : null,
    isSuperuser: options.superusers ? true : null,
  };
  return paged(options.limit ?? Infinity, (page) => directory.list(query, { ...page, skip: 0 }));
}
