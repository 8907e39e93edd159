import type { Mail } from '@regstack/nestjs';
import type { RegStackOptions } from '@regstack/nestjs';
import type { ServerStore } from '../support/databases';
import { PASSWORD, someone } from '../support/demo';
import { Stage } from '../support/stage/stage';

/** The store that this project of the run is about. */
const STORE = (globalThis as unknown as { STORE: ServerStore }).STORE;

/** Another password that passes every policy. */
export const OTHER_PASSWORD = 'quiet-Harbour-37-lantern';

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly json: any;
  /** `name=value` of each cookie that it sets. */
  readonly cookies: readonly string[];
}

/** What a request brings beside its body. */
export interface Head {
  readonly token?: string;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody with an account. */
export interface Member {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  /** By which the device is known. */
  readonly deviceCookie: string;
}

/** One host on a fresh database, driven over HTTP, with a clock that is moved and mails that are read here. */
export class Scene {
  private constructor(readonly stage: Stage) {}

  /** Starts a host with these settings on the store of this project. */
  static async open(settings: RegStackOptions = {}): Promise<Scene> {
    const stage = await Stage.on(STORE);
    await stage.enter(settings);
    return new Scene(stage);
  }

  /** A JSON route of ours, by its path below the prefix. */
  post(path: string, body?: unknown, head: Head = {}): Promise<Answer> {
    return this.send('POST', `/api/auth${path}`, head, {
      type: 'application/json',
      text: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** Any path. */
  get(path: string, head: Head = {}): Promise<Answer> {
    return this.send('GET', path, head);
  }

  /** A form of a page of ours, sent from our origin. */
  submit(path: string, form: Readonly<Record<string, string>>, head: Head = {}): Promise<Answer> {
    const body = { type: 'application/x-www-form-urlencoded', text: String(new URLSearchParams(form)) };
    return this.send(
      'POST',
      path,
      { ...head, headers: { 'sec-fetch-site': 'same-origin', ...head.headers } },
      body,
    );
  }

  /** Whether the token of a session opens a guarded route. */
  async isSignedIn(token: string): Promise<boolean> {
    return (await this.get('/orders', { token })).status === 200;
  }

  login(email: string, password: string, head: Head = {}): Promise<Answer> {
    return this.post('/login', { email, password }, head);
  }

  /** Registers, verifies and signs in. */
  async member(email = someone(), password = PASSWORD): Promise<Member> {
    await this.post('/register', { email, password });
    await this.post('/verify', { token: await this.linkTo(email) });
    const { json, cookies } = await this.login(email, password);
    return { email, password, token: json.access_token as string, deviceCookie: cookies[0]! };
  }

  /** All mails to an address so far, oldest first, once everything that was stored has been sent. */
  async mailsTo(address: string): Promise<readonly Mail[]> {
    await this.stage.quiet();
    return this.stage.mail.sent.filter(({ to }) => to === address);
  }

  /** The token of the link in the last mail to an address that has one. */
  async linkTo(address: string): Promise<string> {
    const tokens = (await this.mailsTo(address)).flatMap(
      ({ text }) => /[?&]token=([\w-]+)/.exec(text)?.[1] ?? [],
    );
    if (tokens.length === 0) throw new Error(`no mail to ${address} has a link`);
    return tokens.at(-1)!;
  }

  /** Moves the clock. */
  advance(seconds: number): void {
    this.stage.clock.advance(seconds);
  }

  close(): Promise<void> {
    return this.stage.close();
  }

  private async send(
    method: string,
    path: string,
    { token, cookie, headers }: Head,
    body?: { readonly type: string; readonly text: string | undefined },
  ): Promise<Answer> {
    const response = await fetch(this.stage.host.url + path, {
      method,
      headers: {
        ...(body?.text === undefined ? {} : { 'content-type': body.type }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(cookie === undefined ? {} : { cookie }),
        ...headers,
      },
      ...(body?.text === undefined ? {} : { body: body.text }),
      redirect: 'manual',
    });
    const text = await response.text();
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    const cookies = response.headers.getSetCookie().map((one) => one.split(';', 1)[0]!);
    return { status: response.status, headers: response.headers, text, json, cookies };
  }
}
