import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** How a mail server behaves. */
export type Condition =
  /** Takes everything at once. */
  | 'up'
  /** Refuses connections. */
  | 'refusing'
  /** Takes connections and never says a word. */
  | 'silent'
  /** Refuses every mail for now (451). */
  | 'busy'
  /** Takes half a minute for a mail. */
  | 'slow'
  /** Ends the connection in the middle of every mail. */
  | 'cutting';

/** A mail that was taken. */
export interface TakenMail {
  readonly to: string;
  readonly messageId: string;
  /** When, by `performance.now()`. */
  readonly at: number;
}

/** How late each of the six replies to a mail is, ms. */
const SLOW_MS = 5000;

const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250 localhost',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  RSET: '250 ok',
  QUIT: '221 bye',
};

/** A mail server that costs next to nothing, so that what is measured beside it is not its own work. */
export class MailServer {
  readonly mails: TakenMail[] = [];
  /** Connections that there have been. */
  connections = 0;
  private condition: Condition = 'up';
  private readonly sockets = new Set<Socket>();
  private readonly muted = new WeakSet<Socket>();
  private server: Server | undefined;
  private port = 0;

  /** Where it listens. */
  get smtpPort(): number {
    return this.port;
  }

  /** Begins to listen. */
  static async open(): Promise<MailServer> {
    const server = new MailServer();
    await server.listen();
    return server;
  }

  /** From now on it behaves like this, on connections that there are too. Whom it has kept silent towards goes on hearing nothing. */
  async become(condition: Condition): Promise<void> {
    this.condition = condition;
    if (condition === 'silent') for (const socket of this.sockets) this.muted.add(socket);
    if (condition === 'refusing') await this.close();
    else if (!this.server) await this.listen();
  }

  /** Listens no more and ends every connection. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.close();
    for (const socket of this.sockets) socket.destroy();
    if (server?.listening) await once(server, 'close');
  }

  private async listen(): Promise<void> {
    this.server = createServer((socket) => this.talk(socket)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  private talk(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket.setNoDelay().setEncoding('latin1'));
    socket.on('error', () => {});
    socket.once('close', () => this.sockets.delete(socket));
    if (this.condition === 'silent') this.muted.add(socket);
    this.reply(socket, '220 localhost');
    let [text, to] = ['', ''];
    let isData = false;
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let end = lineEnd(text, isData); end >= 0; end = lineEnd(text, isData)) {
        const part = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) this.take(socket, to, part);
        else if (part.startsWith('RCPT')) to = /<(.*)>/.exec(part)![1]!;
        isData = !isData && this.answer(socket, part.slice(0, 4).toUpperCase());
      }
    });
  }

  /** True when a mail is to follow. */
  private answer(socket: Socket, verb: string): boolean {
    if (verb === 'DATA' && this.condition === 'cutting') return (void socket.destroy(), false);
    if (verb in REPLIES) this.reply(socket, REPLIES[verb]!);
    return verb === 'DATA';
  }

  private take(socket: Socket, to: string, content: string): void {
    if (this.muted.has(socket)) return;
    if (this.condition === 'busy') return this.reply(socket, '451 later');
    const messageId = /^Message-ID: (\S+)/im.exec(content)![1]!;
    this.mails.push({ to, messageId, at: performance.now() });
    this.reply(socket, '250 taken');
  }

  private reply(socket: Socket, line: string): void {
    if (this.muted.has(socket)) return;
    if (this.condition === 'slow') setTimeout(() => socket.write(`${line}\r\n`), SLOW_MS);
    else socket.write(`${line}\r\n`);
  }
}

function lineEnd(text: string, isData: boolean): number {
  return text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
}
