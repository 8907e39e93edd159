import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adapter, Commands, HostSettings, Message, Request } from './protocol';

/** Which host: the name of its file. */
export type HostName = 'bare' | 'accounts' | 'slow-mail';

type Result<K extends keyof Commands> = Awaited<ReturnType<Commands[K]>>;
type Pending = { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void };

/** Databases of hosts that run; a bench that is broken off leaves none behind. */
const directories = new Set<string>();
process.once('exit', () => directories.forEach(remove));

/** A server in a process of its own, with a database of its own that goes when it goes. */
export class HostProcess {
  private readonly pending = new Map<number, Pending>();
  private count = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    readonly port: number,
  ) {
    child.on('message', (message: Message) => this.settle(message));
    child.once('exit', () => {
      for (const { reject } of this.pending.values()) reject(new Error('the host has ended'));
    });
  }

  /** Where it answers. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts a host and waits until it listens. */
  static async start(
    name: HostName,
    adapter: Adapter,
    more: Partial<HostSettings> = {},
  ): Promise<HostProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'regstack-bench-'));
    directories.add(directory);
    const settings: HostSettings = { adapter, databaseUrl: `sqlite:${join(directory, 'bench.db')}`, ...more };
    const { PATH } = process.env;
    const child = fork(join(__dirname, `${name}.host.js`), [JSON.stringify(settings)], {
      execArgv: ['--expose-gc'],
      env: { PATH, NO_COLOR: '1' },
      // What a host logs is no part of a report; errors are seen.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    try {
      return new HostProcess(child, directory, await listening(child));
    } catch (error) {
      remove(directory);
      throw error;
    }
  }

  /** Runs one command of the host. */
  ask<K extends keyof Commands>(name: K, args: Parameters<Commands[K]>[0]): Promise<Result<K>> {
    const request: Request = { id: this.count++, name, args };
    return new Promise<unknown>((resolve, reject) => {
      this.pending.set(request.id, { resolve, reject });
      this.child.send(request);
    }) as Promise<Result<K>>;
  }

  /** Ends it and removes its database. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = new Promise((done) => this.child.once('exit', done));
      this.child.kill('SIGKILL');
      await ended;
    }
    remove(this.directory);
  }

  private settle(message: Message): void {
    if ('port' in message) return;
    const waiting = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) waiting?.reject(new Error(message.error));
    else waiting?.resolve(message.result);
  }
}

/** Settings for a host on this database, or on a fresh file of its own. */
export function onDatabase(databaseUrl: string | null): Partial<HostSettings> {
  return databaseUrl === null ? {} : { databaseUrl, tablePrefix: `bench_${randomBytes(4).toString('hex')}_` };
}

/** Starts a host, works with it, and stops it whatever happens. */
export async function withHost<T>(
  start: Promise<HostProcess>,
  work: (host: HostProcess) => Promise<T>,
): Promise<T> {
  const host = await start;
  try {
    return await work(host);
  } finally {
    await host.stop();
  }
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: { readonly port: number }) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`a host ended at its start with code ${code}`)));
  });
}

function remove(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  directories.delete(directory);
}
