import { Injectable } from '@nestjs/common';
import { printableJson } from './printable';
import { EXIT } from './refusal';

/** Where a command speaks: results on stdout, everything else on stderr, so that results can be piped. */
@Injectable()
export class Terminal {
  /** Whether somebody still reads the result: `head` goes when it has seen enough. */
  isRead = true;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      this.isRead = false;
      if (error.code === 'EPIPE') return;
      this.note(`the result cannot be written (${error.code})`);
      process.exitCode = EXIT.refused;
    });
  }

  /** Whether somebody sits there who can be asked. */
  get isInteractive(): boolean {
    return process.stdin.isTTY && process.stdout.isTTY;
  }

  /** A line of the result. */
  say(line = ''): void {
    process.stdout.write(`${line}\n`);
  }

  /** A result for programs: one JSON document. */
  sayJson(value: unknown): void {
    this.say(printableJson(value));
  }

  /** A line about the work, which is no part of the result. */
  note(line: string): void {
    process.stderr.write(`${line}\n`);
  }

  /** How far long work is: one line that is written over in a terminal, and nothing where nobody looks. */
  progress(text: string, done: number, total: number): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${text} ${done}/${total}${done === total ? '\n' : ''}`);
  }
}
