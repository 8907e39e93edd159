import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HostProcess, onDatabase } from '../hosts/host-process';
import type { Adapter, HostSettings } from '../hosts/protocol';
import type { BenchOptions } from '../options';
import { type Condition, MailServer } from './mail-server';
import { askForMails, askSteadily, type Latencies, REQUESTS, seedFor } from './requests';

/** A mail that has not come by then is lost, ms: twice the goal. */
const PATIENCE_MS = 240_000;
const KILLS = 20;
/** Requests before anything is measured. */
const WARM_UP = 60;

/** What a condition of the mail server does to requests and mails. */
export interface Outage {
  readonly condition: Condition;
  readonly latencies: Latencies;
  readonly expected: number;
  readonly arrived: number;
  readonly twice: number;
  /** From its return until everything had arrived, seconds. */
  readonly seconds: number;
}

/** What comes of a full queue. */
export interface FullQueue {
  readonly expected: number;
  readonly arrived: number;
  readonly twice: number;
  readonly kills: number;
  /** Mails per second of a process that finds a full queue, and the connections that it made for `mails`. */
  readonly rate: number;
  readonly mails: number;
  readonly connections: number;
}

/** Hosts that come and go on one database, and the mail server of all of them. */
export class Delivery {
  private host: HostProcess | undefined;

  private constructor(
    private readonly adapter: Adapter,
    private readonly server: MailServer,
    private readonly settings: Partial<HostSettings>,
    private readonly directory: string,
  ) {}

  /** On the database of the options, or on a fresh file. */
  static async begin(adapter: Adapter, { databaseUrl }: BenchOptions): Promise<Delivery> {
    const [server, directory] = [await MailServer.open(), mkdtempSync(join(tmpdir(), 'regstack-bench-'))];
    const place = { databaseUrl: `sqlite:${join(directory, 'bench.db')}`, ...onDatabase(databaseUrl) };
    const jwtSecret = randomBytes(48).toString('base64url');
    const settings = { ...place, jwtSecret, smtpPort: server.smtpPort };
    const delivery = new Delivery(adapter, server, settings, directory);
    await delivery.start();
    await delivery.seed('warm up', WARM_UP);
    await askSteadily(delivery.running.url, 'warm up', WARM_UP, 3);
    await delivery.arrive(mailsOf(WARM_UP));
    return delivery;
  }

  /** Requests at a fixed pace while the mail server is in this condition; then it returns, and what waits is sent. */
  async during(condition: Condition, run: string, n: number, seconds: number): Promise<Outage> {
    await this.seed(run, n);
    this.server.mails.length = 0;
    await this.server.become(condition);
    const latencies = await askSteadily(this.running.url, run, n, seconds);
    await this.server.become('up');
    const back = performance.now();
    const result = await this.arrive(mailsOf(n));
    return { condition, latencies, ...result, seconds: (performance.now() - back) / 1000 };
  }

  /** `n` mails wait; processes that send them are killed in the middle of it, again and again. The last one is let be. */
  async kills(n: number): Promise<FullQueue> {
    await seedFor(this.running, 'kills', n);
    this.server.mails.length = 0;
    await this.server.become('silent');
    await askForMails(this.running.url, 'kills', n);
    await this.kill();
    await this.server.become('up');
    for (let kills = 1; kills <= KILLS; kills++) {
      await this.startAndKillAt(Math.floor((n / 2) * (kills / KILLS)));
    }
    await this.start();
    const [from, before] = [this.server.mails.length, this.server.connections];
    const { mails } = this.server;
    const result = await this.arrive(n);
    const seconds = (mails.at(-1)!.at - mails[from]!.at) / 1000;
    const sent = mails.length - from;
    return {
      ...result,
      kills: KILLS,
      rate: (sent - 1) / seconds,
      mails: sent,
      connections: this.server.connections - before,
    };
  }

  /** Ends everything and removes the file. */
  async end(): Promise<void> {
    await this.kill();
    await this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get running(): HostProcess {
    return this.host!;
  }

  private async start(): Promise<void> {
    this.host = await HostProcess.start('accounts', this.adapter, this.settings);
  }

  private async kill(): Promise<void> {
    await this.host?.stop();
    this.host = undefined;
  }

  private seed(run: string, n: number): Promise<void> {
    return seedFor(this.running, run, Math.ceil(n / REQUESTS.length));
  }

  /** At a moment that has nothing to do with what is just being sent. */
  private async startAndKillAt(count: number): Promise<void> {
    await this.start();
    await this.until(() => this.server.mails.length >= count);
    await delay(Math.random() * 20);
    await this.kill();
    process.stderr.write(`  killed at ${count} of ${this.server.mails.length}, ${this.twice} twice\n`);
  }

  private async arrive(expected: number) {
    await this.until(() => this.arrived >= expected);
    return { expected, arrived: this.arrived, twice: this.twice };
  }

  private get arrived(): number {
    return new Set(this.server.mails.map(({ messageId }) => messageId)).size;
  }

  private get twice(): number {
    return this.server.mails.length - this.arrived;
  }

  private async until(holds: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!holds() && performance.now() < deadline) await delay(10);
  }
}

/** Of `n` requests in turn those to an unknown address cause none. */
function mailsOf(n: number): number {
  return REQUESTS.reduce(
    (sum, name, i) => (name.endsWith('unknown') ? sum : sum + Math.ceil((n - i) / REQUESTS.length)),
    0,
  );
}
