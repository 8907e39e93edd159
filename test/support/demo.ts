import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ADAPTER } from './adapter';
import { freshDatabase } from './databases';
import type { FakeSmtp } from './fake-smtp';
import { freePort } from './free-port';

export { freshDatabase };

const DEMO = resolve(__dirname, '../../apps/demo/dist/main.js');
const BOOT_MS = 50_000;

/** A password that passes every policy. */
export const PASSWORD = 'plum-Tractor-91-violet';

/** An answer of the demo. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly json: any;
}

/** Environment of one demo process; undefined takes away what the tests set by default. */
export type DemoEnv = Readonly<Record<string, string | undefined>>;

/** The built demo as its own process, driven over HTTP. */
export class Demo {
  /** Everything it printed. */
  log = '';
  /** Set once it has ended. */
  exit: { code: number | null; signal: NodeJS.Signals | null } | undefined;

  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout!.on('data', (data: Buffer) => (this.log += data.toString()));
    child.stderr!.on('data', (data: Buffer) => (this.log += data.toString()));
    child.once('exit', (code, signal) => (this.exit = { code, signal }));
    Demo.started.push(this);
  }

  /** Of its process. */
  get pid(): number {
    return this.child.pid!;
  }

  private static readonly started: Demo[] = [];

  /** Ends what a failed test has left running. */
  static async killLeftOvers(): Promise<void> {
    await Promise.all(Demo.started.splice(0).map((demo) => demo.kill()));
  }

  /** Starts the demo and waits until it answers. */
  static async start(env: DemoEnv = {}): Promise<Demo> {
    const demo = await Demo.spawn(env);
    const deadline = Date.now() + BOOT_MS;
    for (;;) {
      if (demo.exit) throw new Error(`the demo ended at boot: ${demo.log}`);
      const status = await fetch(`${demo.url}/api/auth/me`).then(
        (response) => response.status,
        () => 0,
      );
      if (status === 401) return demo;
      if (Date.now() > deadline) throw new Error(`the demo did not answer: ${demo.log}`);
      await delay(25);
    }
  }

  /** Starts the demo with settings that it must refuse, and waits for its end. */
  static async startRefused(env: DemoEnv): Promise<Demo> {
    const demo = await Demo.spawn(env);
    if (!demo.exit) await new Promise((done) => demo.child.once('close', done));
    return demo;
  }

  private static async spawn(env: DemoEnv): Promise<Demo> {
    const port = String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const { PATH } = process.env;
    const database = 'REGSTACK_DATABASE_URL' in env ? {} : { REGSTACK_DATABASE_URL: await freshDatabase() };
    const child = spawn(process.execPath, [DEMO], {
      env: {
        PATH,
        PORT: port,
        DEMO_ADAPTER: ADAPTER,
        NODE_ENV: 'development',
        NO_COLOR: '1',
        REGSTACK_BASE_URL: url,
        ...database,
        REGSTACK_JWT_SECRET: freshSecret(),
        ...FAST_HASH,
        ...MANY_LOGINS,
        ...env,
      },
    });
    return new Demo(url, child);
  }

  /** One JSON request. A string is sent as it is. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    options: { token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const response = await fetch(
      `${this.url}${path.startsWith('/orders') || path.startsWith('/account') ? '' : '/api/auth'}${path}`,
      {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
          ...options.headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        redirect: 'manual',
      },
    );
    return answerOf(response);
  }

  /** Waits until it has printed this text, after the first `from` characters of its log. */
  async logged(text: string, from = 0): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    while (!this.log.includes(text, from)) {
      if (Date.now() > deadline) throw new Error(`"${text}" was not logged: ${this.log}`);
      await delay(10);
    }
  }

  /** Lets it write what it prints from now on to a file as well. */
  logTo(file: string): void {
    this.child.stdout!.pipe(createWriteStream(file));
  }

  /** Registers, verifies by the mailed link and signs in. */
  async member(
    smtp: FakeSmtp,
    email = someone(),
    password = PASSWORD,
  ): Promise<{ email: string; token: string }> {
    await this.call('POST', '/register', { email, password });
    await this.call('POST', '/verify', { token: await smtp.tokenTo(email) });
    const login = await this.call('POST', '/login', { email, password });
    return { email, token: login.json.access_token as string };
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.exit) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill(signal);
    await ended;
  }
}

/** The cheapest hash that the settings allow: these tests are not about its cost. */
export const FAST_HASH: DemoEnv = { REGSTACK_ARGON2__MEMORY_KIB: '8192', REGSTACK_ARGON2__TIME_COST: '1' };

/** Every test signs in from one address. */
const MANY_LOGINS: DemoEnv = {
  REGSTACK_LOGIN_MAX_PER_MINUTE: '1000000',
  REGSTACK_LOGIN_MAX_PER_HOUR: '1000000',
};

/** So slow that all of a burst has arrived before its first password is hashed, on a busy machine too. */
export const SLOW_HASH: DemoEnv = { REGSTACK_ARGON2__MEMORY_KIB: '65536', REGSTACK_ARGON2__TIME_COST: '4' };

/** Mail to the fake server. */
export function smtpEnv(smtp: { readonly port: number }): DemoEnv {
  return {
    REGSTACK_EMAIL__BACKEND: 'smtp',
    REGSTACK_EMAIL__SMTP_HOST: '127.0.0.1',
    REGSTACK_EMAIL__SMTP_PORT: String(smtp.port),
    REGSTACK_EMAIL__SMTP_TLS: 'none',
    REGSTACK_EMAIL__FROM_ADDRESS: 'noreply@example.org',
  };
}

export const freshSecret = (): string => randomBytes(48).toString('base64url');

let count = 0;

/** An address that nobody used yet. */
export const someone = (name = 'user'): string =>
  `${name}.${process.pid}.${Date.now().toString(36)}.${count++}@example.org`;

/** Calls at the same time. */
export const parallel = <T>(times: number, call: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => call(n)));

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}
