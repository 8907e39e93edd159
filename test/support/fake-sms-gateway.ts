import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DemoEnv } from './demo';
import { freePort } from './free-port';

/** A text message that came. */
export interface ReceivedSms {
  readonly to: string;
  readonly from: string;
  readonly body: string;
}

/** A request as it came, whatever became of it. */
export interface GatewayRequest extends ReceivedSms {
  readonly path: string;
  readonly contentType: string | undefined;
}

/**
 * What the gateway answers: it accepts, a status with Twilio's own code, never (until it is told); or it cuts the connection, before its
 * answer or half-way, or stops half-way.
 */
export type GatewayMode =
  | 'accept'
  | 'never'
  | 'cut'
  | 'half'
  | 'stuck'
  | { readonly status: number; readonly code?: number; readonly body?: string };

const WAIT_MS = 30_000;

/** A real HTTP server on this machine that speaks Twilio's Messages resource and tells about the account, keeps what it takes, and can be told to refuse. */
export class FakeSmsGateway {
  readonly accountSid = `AC${randomBytes(16).toString('hex')}`;
  readonly authToken = `sms-canary-${randomBytes(12).toString('hex')}`;
  /** What it took. */
  readonly texts: ReceivedSms[] = [];
  /** All that came with the right credentials. */
  readonly requests: GatewayRequest[] = [];
  mode: GatewayMode = 'accept';
  connections = 0;
  private server: Server | undefined;
  private readonly held: (() => void)[] = [];

  private constructor(
    readonly port: number,
    private readonly path: string,
  ) {}

  /** @param path in front of Twilio's own, as behind a proxy */
  static async start(path = ''): Promise<FakeSmsGateway> {
    const gateway = new FakeSmsGateway(await freePort(), path);
    await gateway.up();
    return gateway;
  }

  /** Base URL. */
  get url(): string {
    return `http://127.0.0.1:${this.port}${this.path}`;
  }

  /** Begins to listen. */
  async up(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', () => this.connections++);
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
  }

  /** Cuts every connection and listens no more. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  /** Accepts what it has not answered yet, and all that comes. */
  release(): void {
    this.mode = 'accept';
    for (const accept of this.held.splice(0)) accept();
  }

  /** Texts to this number. */
  to(number: string): readonly ReceivedSms[] {
    return this.texts.filter(({ to }) => to === number);
  }

  /** The code in the `n`th text to this number, as soon as it is there. */
  async codeTo(number: string, n = 1): Promise<string> {
    await this.until(() => this.to(number).length >= n, `text number ${n} to ${number}`);
    return codeIn(this.to(number)[n - 1]!.body);
  }

  /** Waits until so many requests came, whatever became of them. */
  asked(times: number): Promise<void> {
    return this.until(() => this.requests.length >= times, `request number ${times}`);
  }

  private async until(isThere: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!isThere()) {
      if (Date.now() > deadline) throw new Error(`no ${what}; ${this.requests.length} requests came`);
      await new Promise((next) => setTimeout(next, 10));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const account = `${this.path}/2010-04-01/Accounts/${this.accountSid}`;
    const isQuestion = request.method === 'GET' && request.url === `${account}.json`;
    const isMessage = request.method === 'POST' && request.url === `${account}/Messages.json`;
    if (!isQuestion && !isMessage) return refuse(response, 404, 20_404);
    if (request.headers.authorization !== this.authorization) return refuse(response, 401, 20_003);
    if (isQuestion && this.mode === 'accept') return this.tell(response);
    const [to, from, body] = ['To', 'From', 'Body'].map((name) => form.get(name) ?? '') as [
      string,
      string,
      string,
    ];
    this.requests.push({ to, from, body, path: request.url!, contentType: request.headers['content-type'] });
    const accept = (): void => this.accept({ to, from, body }, response);
    const { mode } = this;
    if (mode === 'accept') accept();
    else if (mode === 'never') this.held.push(accept);
    else if (mode === 'cut') request.socket.destroy();
    else if (mode === 'half' || mode === 'stuck') begin(response, mode === 'half');
    else refuse(response, mode.status, mode.code, mode.body ?? problem(mode, to));
  }

  private get authorization(): string {
    return `Basic ${Buffer.from(`${this.accountSid}:${this.authToken}`).toString('base64')}`;
  }

  /** About the account. */
  private tell(response: ServerResponse): void {
    const account = { sid: this.accountSid, status: 'active', friendly_name: 'Plum' };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(account));
  }

  private accept(sms: ReceivedSms, response: ServerResponse): void {
    this.texts.push(sms);
    const { to, from, body } = sms;
    const sid = `SM${randomBytes(16).toString('hex')}`;
    const message = { sid, account_sid: this.accountSid, to, from, body, status: 'queued', error_code: null };
    response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  }
}

/** SMS to the fake gateway. */
export function smsEnv({ url, accountSid, authToken }: FakeSmsGateway): DemoEnv {
  return {
    REGSTACK_ENABLE_SMS_2FA: 'true',
    REGSTACK_SMS__BACKEND: 'twilio',
    REGSTACK_SMS__FROM_NUMBER: '+4915100000000',
    REGSTACK_SMS__TWILIO_ACCOUNT_SID: accountSid,
    REGSTACK_SMS__TWILIO_AUTH_TOKEN: authToken,
    REGSTACK_SMS__ENDPOINT: url,
  };
}

/** The code in a text. */
export function codeIn(body: string): string {
  const code = /\b\d{6,10}\b/.exec(body)?.[0];
  if (code === undefined) throw new Error(`no code in: ${body}`);
  return code;
}

/** As Twilio's: the message quotes the number. */
function problem({ status, code }: { readonly status: number; readonly code?: number }, to: string): object {
  const message = `The 'To' number ${to} is refused.`;
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

function refuse(
  response: ServerResponse,
  status: number,
  code?: number,
  body: string | object = { code, status },
): void {
  const isPage = typeof body === 'string';
  response.writeHead(status, { 'content-type': isPage ? 'text/html' : 'application/json' });
  response.end(isPage ? body : JSON.stringify(body));
}

/** Begins an answer, and never ends it. */
function begin(response: ServerResponse, thenCut: boolean): void {
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': 99 });
  response.write('{"sid":', () => thenCut && response.destroy());
}
