import { Agent, type IncomingMessage, request } from 'node:http';

/** A server that has not answered by then is not going to, ms. */
const SILENCE_MS = 10_000;

/** One request, ready to be sent. */
export interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Bearer token. */
  readonly token?: string;
}

/** An answer and how long it took. */
export interface Timed {
  readonly status: number;
  readonly body: string;
  /** From the first byte sent to the last byte read, ms. */
  readonly ms: number;
}

/** One kept TCP connection, one request at a time. */
export class Connection {
  // The time-out is the request's: the agent shortens one of its own to what the server says of idle connections, for good.
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  /**
   * @param url of the server, without a path
   * @param timeout after which a server that has not answered is not going to, ms
   */
  constructor(
    private readonly url: string,
    private readonly timeout = SILENCE_MS,
  ) {}

  /** Sends one request and reads its answer. */
  send({ method, path, body, token }: Shot): Promise<Timed> {
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    return new Promise((resolve, reject) => {
      const { agent, timeout } = this;
      const message = request(this.url + path, { agent, timeout, method, headers });
      message.once('error', reject);
      message.once('timeout', () => message.destroy(new Error(`${method} ${path} is not answered`)));
      message.once('response', (response) => {
        readAll(response).then(
          (text) => resolve({ status: response.statusCode!, body: text, ms: since(start) }),
          reject,
        );
      });
      const start = process.hrtime.bigint();
      message.end(bytes);
    });
  }

  /** Sends one request and insists on the status. */
  async expect(status: number, shot: Shot): Promise<Timed> {
    const answer = await this.send(shot);
    if (answer.status === status) return answer;
    throw new Error(
      `${shot.method} ${shot.path} answered ${answer.status} instead of ${status}: ${answer.body}`,
    );
  }

  /** Ends the connection. */
  close(): void {
    this.agent.destroy();
  }
}

function readAll(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (text += chunk));
    response.once('end', () => resolve(text));
    response.once('error', reject);
  });
}

function since(start: bigint): number {
  return Number(process.hrtime.bigint() - start) / 1e6;
}
