import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import { BIN, type RunOptions } from './run-cli';

const PATIENCE_MS = 20_000;

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  up: '\u001b[A',
  down: '\u001b[B',
  interrupt: '\u0003',
  space: ' ',
  /** Empties the line (readline). */
  clearLine: '\u0015',
} as const;

/** `regstack` in a terminal of its own, with somebody in front of it. */
export class TerminalSession {
  /** All that it has shown so far, without colours and moves of the cursor. */
  screen = '';
  private read = 0;
  private readonly ended: Promise<number>;
  private wake: () => void = () => {};

  private constructor(private readonly terminal: IPty) {
    terminal.onData((data) => {
      this.screen += stripVTControlCharacters(data);
      this.wake();
    });
    this.ended = new Promise((done) => terminal.onExit(({ exitCode }) => done(exitCode)));
  }

  /** Starts it. */
  static start(args: readonly string[], { cwd, env = {} }: Omit<RunOptions, 'input'>): TerminalSession {
    const { PATH } = process.env;
    const size = { cols: 100, rows: 50 };
    return new TerminalSession(
      spawn(BIN, [...args], { cwd, ...size, env: { PATH: PATH!, TERM: 'xterm-256color', ...env } }),
    );
  }

  /** Waits until it shows this text, after what was waited for before, and types the keys. */
  async answer(prompt: string, keys: string): Promise<void> {
    await this.shows(prompt);
    this.terminal.write(keys);
  }

  /** Waits until it shows this text, after what was waited for before. */
  async shows(text: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const at = this.screen.indexOf(text, this.read);
      if (at >= 0) {
        this.read = at + text.length;
        return;
      }
      if (Date.now() > deadline) throw new Error(`"${text}" was not shown:\n${this.screen.slice(this.read)}`);
      await this.more(deadline);
    }
  }

  /** Its exit code, once it has ended. */
  end(): Promise<number> {
    return this.ended;
  }

  private async more(deadline: number): Promise<void> {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, deadline - Date.now());
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
