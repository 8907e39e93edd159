import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onDatabase } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { GATEWAY, type PostOffice } from './post-office';

const DEMO = resolve(__dirname, '../../../apps/demo/dist/main.js');
const BOOT_MS = 30_000;

/** The built demo in a process of its own, that sends to a post office here. */
export class DemoProcess {
  private log = '';

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {
    const keep = (data: Buffer) => (this.log = (this.log + data.toString()).slice(-20_000));
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    // A bench that is broken off leaves nothing behind.
    process.once('exit', () => this.abandon());
  }

  /** Starts it and waits until it answers. */
  static async start(adapter: Adapter, databaseUrl: string | null, office: PostOffice): Promise<DemoProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'regstack-bench-'));
    const port = await freePort();
    const { tablePrefix } = onDatabase(databaseUrl);
    const env = {
      ...settingsFor(port, office),
      DEMO_ADAPTER: adapter,
      REGSTACK_DATABASE_URL: databaseUrl ?? `sqlite:${join(directory, 'bench.db')}`,
      ...(tablePrefix !== undefined && { REGSTACK_TABLE_PREFIX: tablePrefix }),
      ...variables(),
    };
    const child = spawn(process.execPath, [DEMO], { env, cwd: directory });
    const demo = new DemoProcess(`http://127.0.0.1:${port}`, child, directory);
    await demo.answers();
    return demo;
  }

  /** Has it finish what it is sending, ends it, and removes its database. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await ended;
    }
    this.abandon();
  }

  private async answers(): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    const isLive = (): Promise<boolean> =>
      fetch(`${this.url}/api/auth/health/live`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isLive())) {
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`the demo does not start: ${this.log}`);
      await delay(50);
    }
  }

  private abandon(): void {
    this.child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Limits per IP address and the lockout stand higher: all comes from one client, which knows its passwords. The limits of messages stay. */
function settingsFor(port: number, { smtpPort, gatewayUrl }: PostOffice): Record<string, string> {
  return {
    PATH: process.env['PATH']!,
    NODE_ENV: 'development',
    NO_COLOR: '1',
    PORT: String(port),
    REGSTACK_JWT_SECRET: randomBytes(48).toString('base64url'),
    REGSTACK_LOGIN_MAX_PER_MINUTE: '1000000',
    REGSTACK_LOGIN_MAX_PER_HOUR: '1000000',
    REGSTACK_LOGIN_LOCKOUT_THRESHOLD: '100',
    REGSTACK_EMAIL__BACKEND: 'smtp',
    REGSTACK_EMAIL__SMTP_HOST: '127.0.0.1',
    REGSTACK_EMAIL__SMTP_PORT: String(smtpPort),
    REGSTACK_EMAIL__SMTP_TLS: 'none',
    REGSTACK_EMAIL__FROM_ADDRESS: 'noreply@example.org',
    REGSTACK_SMS__BACKEND: 'twilio',
    REGSTACK_SMS__FROM_NUMBER: '+4915100000000',
    REGSTACK_SMS__TWILIO_ACCOUNT_SID: GATEWAY.sid,
    REGSTACK_SMS__TWILIO_AUTH_TOKEN: GATEWAY.token,
    REGSTACK_SMS__ENDPOINT: gatewayUrl,
  };
}

/** Settings of whoever runs the bench go before its own: that it finds limits which are too high can be tried. */
function variables(): Record<string, string> {
  const all = Object.entries(process.env as Record<string, string>);
  return Object.fromEntries(
    all.filter(([name]) => name.startsWith('REGSTACK_') && !name.startsWith('REGSTACK_TEST_')),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
