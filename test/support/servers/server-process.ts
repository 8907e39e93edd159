import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

/**
 * A database server on a leash (`leash.mjs`): it ends with this process, however this one ends. It stands in a session of its own, so
 * that Ctrl-C ends the tests first.
 */
export class ServerProcess {
  private static readonly running = new Set<ServerProcess>();

  private readonly answers: Interface;
  private readonly exited: Promise<void>;
  private complaints = '';

  private constructor(private readonly child: ChildProcess) {
    this.answers = createInterface({ input: child.stdout! });
    child.stderr!.on('data', (data: Buffer) => (this.complaints += data.toString()));
    child.stdin!.on('error', () => {}); // It has ended: the answer that does not come says so.
    this.exited = new Promise((done) => child.once('close', () => done()));
    ServerProcess.running.add(this);
    void this.exited.then(() => ServerProcess.running.delete(this));
  }

  /**
   * @param script one of `*.process.mjs` beside this file
   * @throws Error with what the server said, when it does not start
   */
  static async start(script: string, args: readonly string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [join(__dirname, script), ...args], {
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const server = new ServerProcess(child);
    await server.answer();
    return server;
  }

  /** Ends what a failed test has left running, and removes its data. */
  static async endLeftOvers(): Promise<void> {
    await Promise.all([...ServerProcess.running].map((server) => server.dispose()));
  }

  /** Stops it from doing anything, its connections stay open: what a hanging disk or a lost network looks like. */
  freeze(): Promise<void> {
    return this.tell('freeze');
  }

  /** Lets it go on. */
  thaw(): Promise<void> {
    return this.tell('thaw');
  }

  /** Ends it at once, frozen or not; its data stays. */
  async stop(): Promise<void> {
    if (!ServerProcess.running.has(this)) return;
    await this.tell('stop');
    await this.exited;
  }

  /** Ends it at once and removes its data. */
  async dispose(): Promise<void> {
    this.child.stdin!.end();
    await this.exited;
  }

  /** @throws Error with its last words, when it has ended */
  assertRuns(): void {
    if (!ServerProcess.running.has(this))
      throw new Error(`the server has ended: ${this.complaints.trim() || 'it said nothing'}`);
  }

  private async tell(order: 'freeze' | 'thaw' | 'stop'): Promise<void> {
    const answered = this.answer();
    this.child.stdin!.write(`${order}\n`);
    await answered;
  }

  private async answer(): Promise<void> {
    const line = new Promise((done) => this.answers.once('line', done));
    await Promise.race([line, this.exited]);
    this.assertRuns();
  }
}
