import { Injectable } from '@nestjs/common';
import { AccountError } from '@regstack/nestjs';
import { refusedBy } from '../failure';
import { Prompts } from '../prompts';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { readLine } from './read-line';

/** Has somebody choose a password: at a prompt that shows nothing of it, or by one line on stdin. Never by an argument (W55). */
@Injectable()
export class NewPassword {
  constructor(
    private readonly terminal: Terminal,
    private readonly prompts: Prompts,
  ) {}

  /**
   * Hands the chosen password over. One that the policy refuses is asked for again in a terminal.
   * @throws Refusal where none is given; AccountError `password.*` of `take`, where nobody can be asked again
   */
  async choose<T>(take: (password: string) => Promise<T>): Promise<T> {
    if (!this.terminal.isInteractive) return take(await this.fromStdin());
    for (;;) {
      const password = await this.askedTwice();
      try {
        return await take(password);
      } catch (error) {
        if (!isAboutPassword(error)) throw error;
        this.terminal.note(refusedBy(error));
      }
    }
  }

  private async askedTwice(): Promise<string> {
    for (;;) {
      const password = await this.prompts.secret('Password', (typed) =>
        typed === '' ? 'Type a password.' : null,
      );
      if ((await this.prompts.secret('The same password again')) === password) return password;
      this.terminal.note('These were two different passwords.');
    }
  }

  private async fromStdin(): Promise<string> {
    if (process.stdin.isTTY) {
      throw new Refusal(
        'the password is asked for in a terminal, or read from stdin: do not redirect the output of this command alone',
        EXIT.usage,
      );
    }
    const password = await readLine(process.stdin);
    if (password === '') {
      throw new Refusal(
        'there was no password on stdin: write it there as one line, or run this in a terminal',
      );
    }
    return password;
  }
}

function isAboutPassword(error: unknown): error is AccountError {
  return error instanceof AccountError && error.code.startsWith('password.');
}
