import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** The account at the gateway. */
export const GATEWAY = { sid: 'AC00000000000000000000000000000000', token: 'nobody-asks-for-it' } as const;

const WAIT_MS = 60_000;

/** A mail or a text message that came. */
interface Item {
  readonly to: string;
  readonly text: string;
}

/** A mail server and an SMS gateway that take everything, in this process. */
export class PostOffice {
  private readonly items: Item[] = [];
  private readonly smtp = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const recipients = session.envelope.rcptTo.map(({ address }) => address);
      void this.takeMail(stream, recipients, done);
    },
  });
  private readonly gateway: Server = createServer(
    (request, response) => void this.takeText(request, response),
  );

  private constructor() {
    this.smtp.on('error', () => {});
  }

  /** Opens both. */
  static async open(): Promise<PostOffice> {
    const office = new PostOffice();
    await new Promise<void>((done) => office.smtp.listen(0, '127.0.0.1', done));
    await new Promise<void>((done) => office.gateway.listen(0, '127.0.0.1', done));
    return office;
  }

  /** Port of the mail server. */
  get smtpPort(): number {
    return (this.smtp.server.address() as AddressInfo).port;
  }

  /** Base URL of the gateway. */
  get gatewayUrl(): string {
    return `http://127.0.0.1:${(this.gateway.address() as AddressInfo).port}`;
  }

  /** How many came to an address or a number. */
  countTo(to: string): number {
    return this.items.filter((item) => item.to === to).length;
  }

  /** The secret in the `n`th message to an address or a number: the token of its link or its code, as soon as it is there. */
  async secretTo(to: string, n = 1): Promise<string> {
    const deadline = Date.now() + WAIT_MS;
    while (this.countTo(to) < n) {
      if (Date.now() > deadline) throw new Error(`message number ${n} to ${to} does not come`);
      await delay(10);
    }
    const { text: message } = this.items.filter((item) => item.to === to)[n - 1]!;
    const secret = /[?&]token=([\w.~-]+)|\b(\d{6,10})\b/.exec(message);
    return secret![1] ?? secret![2]!;
  }

  /** Closes both. */
  close(): void {
    this.smtp.close();
    this.gateway.closeAllConnections();
    this.gateway.close();
  }

  private async takeMail(stream: Readable, recipients: readonly string[], done: () => void): Promise<void> {
    const mail = await simpleParser(stream);
    for (const to of recipients) this.take(to, mail.text ?? '');
    done();
  }

  private async takeText(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    this.take(form.get('To')!, form.get('Body')!);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"status":"queued"}');
  }

  private take(to: string, message: string): void {
    this.items.push({ to, text: message });
  }
}
