import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request that a gateway took. */
export interface TakenText {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** Stands in for the Messages resource of a gateway: takes whatever comes and remembers it. */
export class RecordingGateway {
  readonly taken: TakenText[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<RecordingGateway> {
    const gateway = new RecordingGateway();
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async down(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url: path = '', headers } = request;
    const form = new URLSearchParams(await text(request));
    this.taken.push({ path, authorization: headers.authorization, form });
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"sid":"SM0"}');
  }
}
