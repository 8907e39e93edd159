import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { type Mail, UsersService } from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import type { ServerStore } from '../support/databases';
import { PASSWORD } from '../support/demo';
import { Stage, type StageOptions } from '../support/stage/stage';
import { type Answer, tokensIn } from './answers';

export { type Answer, fingerprint, outcome, tokensIn } from './answers';

/** The store that this project of the run is about. */
const STORE = (globalThis as unknown as { STORE: ServerStore }).STORE;

/** Another password that passes every policy. */
export const OTHER_PASSWORD = 'quiet-Harbour-37-lantern';

/** One that passes and is nobody's. */
export const WRONG_PASSWORD = 'not-the-one-0815-at-all';

/** An address that nobody used yet. All are of one length, so that answers that repeat them are. */
export const someone = (): string => `u${randomBytes(6).toString('hex')}@example.org`;

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

/** A mailed link, opened as a browser opens it. */
export interface Opened {
  /** Where the redirect led. */
  readonly path: string;
  /** That the redirect set. */
  readonly cookie: string;
  readonly page: Answer;
}

/** One host on a fresh database, driven over HTTP, with a clock that is moved and mails that are read here. */
export class Scene {
  /** All answers so far, oldest first. */
  readonly answers: Answer[] = [];

  private constructor(readonly stage: Stage) {}

  /** Starts a host with these settings on the store of this project. */
  static async start(settings: StageOptions = {}): Promise<Scene> {
    const stage = await Stage.on(STORE);
    await stage.enter(settings);
    return new Scene(stage);
  }

  /** Starts a host with these settings on a store in memory. */
  static async onMemory(store: MemoryStore, settings: StageOptions = {}): Promise<Scene> {
    const stage = Stage.onMemory(store);
    await stage.enter(settings);
    return new Scene(stage);
  }

  /** A JSON route of ours, by its path below the prefix. */
  ask(method: string, path: string, body?: unknown, head: Head = {}): Promise<Answer> {
    return this.send(method, `/api/auth${path}`, head, {
      type: 'application/json',
      text: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  post(path: string, body?: unknown, head?: Head): Promise<Answer> {
    return this.ask('POST', path, body, head);
  }

  patch(path: string, body?: unknown, head?: Head): Promise<Answer> {
    return this.ask('PATCH', path, body, head);
  }

  delete(path: string, body?: unknown, head?: Head): Promise<Answer> {
    return this.ask('DELETE', path, body, head);
  }

  /** The same under another `Host`, which `fetch` does not set. Answers the status. */
  postAsHost(
    host: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<number> {
    const all = { 'content-type': 'application/json', ...headers, host };
    return new Promise((resolve, reject) => {
      request(`${this.stage.host.url}/api/auth${path}`, { method: 'POST', headers: all }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode!));
      })
        .once('error', reject)
        .end(JSON.stringify(body));
    });
  }

  /** Any path. */
  get(path: string, head: Head = {}): Promise<Answer> {
    return this.send('GET', path, head);
  }

  /** The same without its body. */
  head(path: string, head: Head = {}): Promise<Answer> {
    return this.send('HEAD', path, head);
  }

  /** A post to any path, without a body. */
  postTo(path: string, head: Head): Promise<Answer> {
    return this.send('POST', path, head);
  }

  /** A form of a page of ours, sent from our origin; without `isMarked` nothing says so. */
  submit(
    path: string,
    form: Readonly<Record<string, string>>,
    head: Head = {},
    isMarked = true,
  ): Promise<Answer> {
    const body = { type: 'application/x-www-form-urlencoded', text: String(new URLSearchParams(form)) };
    const headers = { ...(isMarked && { 'sec-fetch-site': 'same-origin' }), ...head.headers };
    return this.send('POST', path, { ...head, headers }, body);
  }

  /** Whether the token of a session opens a guarded route. */
  async isSignedIn(token: string): Promise<boolean> {
    return (await this.get('/orders', { token })).status === 200;
  }

  login(email: string, password: string, head: Head = {}): Promise<Answer> {
    return this.post('/login', { email, password }, head);
  }

  register(email: string, password = PASSWORD): Promise<Answer> {
    return this.post('/register', { email, password });
  }

  /** Registers, verifies and signs in. */
  async member(email = someone(), password = PASSWORD): Promise<Member> {
    // Where something else takes every core, a hash or the database may come too late: then it is asked again (503).
    let { status } = await this.register(email, password);
    while (status === 503) ({ status } = await this.register(email, password));
    if (status !== 201) throw new Error(`${email} was not registered: ${status}`);
    await this.post('/verify', { token: await this.tokenTo(email) });
    return this.signIn(email, password);
  }

  /** Somebody with an account, in a new session. */
  async signIn(email: string, password: string): Promise<Member> {
    const { json, cookies } = await this.login(email, password);
    return { email, password, token: json.access_token as string, deviceCookie: cookies[0]! };
  }

  /** An admin whom the host has made, in a new session. */
  async admin(email = someone(), password = PASSWORD): Promise<Member> {
    await this.stage.host.app.get(UsersService, { strict: false }).createAdmin({ email, password });
    return this.signIn(email, password);
  }

  /** The user whose session it is, as they see themselves. */
  async me({ token }: Head): Promise<Answer['json']> {
    return (await this.get('/api/auth/me', { token })).json;
  }

  /** Wrong passwords for an address, from wherever. */
  async guess(email: string, times: number, head: Head = {}): Promise<number[]> {
    const statuses = [];
    for (let n = 0; n < times; n++) statuses.push((await this.login(email, WRONG_PASSWORD, head)).status);
    return statuses;
  }

  forgot(email: string): Promise<Answer> {
    return this.post('/forgot-password', { email });
  }

  reset(token: string, new_password = OTHER_PASSWORD): Promise<Answer> {
    return this.post('/reset-password', { token, new_password });
  }

  resend(email: string): Promise<Answer> {
    return this.post('/resend-verification', { email });
  }

  verify(token: string, new_password?: string): Promise<Answer> {
    return this.post('/verify', { token, new_password });
  }

  changePassword(
    { token }: Pick<Member, 'token'>,
    current_password: string,
    new_password: string,
  ): Promise<Answer> {
    return this.post('/change-password', { current_password, new_password }, { token });
  }

  changeEmail({ token, password }: Member, new_email: string): Promise<Answer> {
    return this.post('/change-email', { new_email, current_password: password }, { token });
  }

  /** Moves a member to another address; answers the token that takes it back, where the notice has one. */
  async move(member: Member, to: string): Promise<string | undefined> {
    await this.changeEmail(member, to);
    const moved = await this.post('/confirm-email-change', { token: await this.tokenTo(to) });
    if (moved.status !== 200) throw new Error(`the move was refused: ${moved.text}`);
    return tokensIn((await this.mailsTo(member.email)).at(-1)!)[0];
  }

  /** The host disables an account. */
  async disable(email: string): Promise<void> {
    await this.stage.host.call('POST', '/staff/disable', { email });
  }

  /** Opens a mailed link: the redirect, then the page that it leads to. */
  async open(link: string): Promise<Opened> {
    const { pathname, search } = new URL(link);
    const { headers, cookies } = await this.get(pathname + search);
    const [path, cookie] = [headers.get('location')!, cookies[0]!];
    return { path, cookie, page: await this.get(path, { cookie }) };
  }

  /** All mails to an address so far, oldest first, once everything that was stored has been sent. */
  async mailsTo(address: string): Promise<readonly Mail[]> {
    await this.stage.quiet();
    return this.stage.mail.sent.filter(({ to }) => to === address);
  }

  /** The subjects of these mails. */
  async subjectsTo(address: string): Promise<string[]> {
    return (await this.mailsTo(address)).map(({ subject }) => subject);
  }

  /** The token of the link in the last mail to an address that has one. */
  async tokenTo(address: string): Promise<string> {
    return new URL(await this.linkTo(address)).searchParams.get('token')!;
  }

  /** The link in the last mail to an address that has one. */
  async linkTo(address: string): Promise<string> {
    const links = (await this.mailsTo(address)).flatMap(
      ({ text }) => /https?:\S+[?&]token=[\w-]+/.exec(text)?.[0] ?? [],
    );
    if (links.length === 0) throw new Error(`no mail to ${address} has a link`);
    return links.at(-1)!;
  }

  /** The events so far, which are forgotten. */
  takeEvents(): string[] {
    return this.stage.events.splice(0).map(({ name }) => name);
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
    const answer = { status: response.status, headers: response.headers, text, json, cookies };
    this.answers.push(answer);
    return answer;
  }
}
