import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { buffer, text } from 'node:stream/consumers';
import { IDENTITY } from './fake-smtp';
import { freePort } from './free-port';

/** An answer on its way; whoever spoils it changes it. */
export interface PassingAnswer {
  status: number;
  readonly headers: Record<string, string | readonly string[] | undefined>;
  body: string;
}

/** What is asked: `POST /api/auth/login`, and how. */
export interface PassingRequest {
  readonly route: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A reverse proxy in front of a sound app on this machine, which may spoil an answer. */
export class SpoilingProxy {
  /** Changes an answer. */
  spoil: (answer: PassingAnswer, asked: PassingRequest) => void = () => {};
  private readonly server: Server;

  private constructor(
    readonly port: number,
    private readonly scheme: 'http' | 'https',
  ) {
    const serve = (incoming: IncomingMessage, outgoing: ServerResponse) => void this.pass(incoming, outgoing);
    this.server = scheme === 'https' ? createTlsServer(IDENTITY, serve) : createServer(serve);
  }

  /** Where the app listens. */
  target = '';

  static async start(scheme: 'http' | 'https' = 'http'): Promise<SpoilingProxy> {
    const proxy = new SpoilingProxy(await freePort(), scheme);
    await new Promise<void>((done) => proxy.server.listen(proxy.port, done));
    return proxy;
  }

  get url(): string {
    return `${this.scheme}://localhost:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const body = await buffer(incoming);
    const answer = await new Promise<IncomingMessage>((done, reject) => {
      request(this.target + url, { method, headers }, done)
        .on('error', reject)
        .end(body);
    });
    const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
    const passing = { status: answer.statusCode!, headers: { ...kept }, body: await text(answer) };
    this.spoil(passing, { route: `${method} ${url}`, headers, body: body.toString() });
    outgoing.writeHead(passing.status, passing.headers as NodeJS.Dict<string>).end(passing.body);
  }
}
