import { type INestApplicationContext, Injectable } from '@nestjs/common';
import type { RegStackUser } from '@regstack/nestjs';
import { AppCommand } from '../app/app.command';
import type { AppOptions } from '../app/app-options';
import { AppOpener } from '../app/app.opener';
import { printable } from '../printable';
import { Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { namedUser } from './named-user';

/** The argument of every command about one user. */
export const ONE_USER = {
  arguments: '<user>',
  argsDescription: { user: 'its address, or its id' },
} as const;

/** A command about one user, who is named by address or id. */
@Injectable()
export abstract class UserCommand<T extends AppOptions = AppOptions> extends AppCommand {
  constructor(
    protected readonly opener: AppOpener,
    protected readonly terminal: Terminal,
  ) {
    super();
  }

  override async run([name]: [string], options: T): Promise<void> {
    await this.opener.useUpToDate(options, async (app) => {
      await this.workOn(await namedUser(app, name), app, options);
    });
  }

  /** @param user as it was a moment ago */
  protected abstract workOn(user: RegStackUser, app: INestApplicationContext, options: T): Promise<void>;

  /**
   * Tells what has become of the user.
   * @param changed what the library answers: null or false where the user has gone meanwhile
   */
  protected tell({ email, id }: RegStackUser, changed: unknown, what: string): void {
    if (!changed) throw new Refusal(`${printable(email)} was deleted meanwhile`);
    this.terminal.say(`${printable(email)} (${id}) ${what}`);
  }
}
