import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** The command as it is installed in this workspace. */
export const BIN = resolve(__dirname, '../../../node_modules/.bin/regstack');

/** How a command is run. */
export interface RunOptions {
  /** Working directory. */
  readonly cwd: string;
  /** Beside `PATH`, which alone is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads on stdin, which is no terminal. */
  readonly input?: string;
}

/** What became of it. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `regstack` with these arguments, and waits for its end. */
export function runCli(args: readonly string[], { cwd, env = {}, input = '' }: RunOptions): Promise<Ran> {
  const { PATH } = process.env;
  const child = spawn(BIN, args, { cwd, env: { PATH, NO_COLOR: '1', ...env } });
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)];
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((done, reject) => {
    child.once('error', reject);
    child.once('close', (code) => done({ code, stdout: stdout(), stderr: stderr() }));
  });
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  stream.on('data', (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString();
}
