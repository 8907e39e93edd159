import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { freePort } from './free-port';

/** A mail that arrived. */
export interface ReceivedMail {
  readonly from: string;
  /** Envelope recipients. */
  readonly to: readonly string[];
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** It came over TLS. */
  readonly secure: boolean;
}

type Tls = 'none' | 'starttls' | 'implicit';

/** Credentials of the fake server. */
interface Login {
  readonly user: string;
  readonly pass: string;
}

/** Vouched for by nobody but itself, and for the name `localhost` alone. Give its path to whoever is to trust it. */
export const CERTIFICATE = join(__dirname, 'tls/localhost.cert.pem');
/** The certificate with its key. */
export const IDENTITY = {
  cert: readFileSync(CERTIFICATE),
  key: readFileSync(join(__dirname, 'tls/localhost.key.pem')),
};

const WAIT_MS = 30_000;

/** A real SMTP server on this machine that keeps what it receives and can be told to refuse. */
export class FakeSmtp {
  readonly mails: ReceivedMail[] = [];
  /** Reply code to the end of DATA; 250 accepts. */
  reply = 250;
  /** Attempts to log in. */
  logins = 0;
  private server: SMTPServer | undefined;

  private constructor(
    readonly port: number,
    private readonly login: Login | null,
    private readonly tls: Tls,
  ) {}

  /** @param login who must sign in before a mail is taken; null: nobody can */
  static async start(login: Login | null = null, tls: Tls = 'none'): Promise<FakeSmtp> {
    const smtp = new FakeSmtp(await freePort(), login, tls);
    await smtp.up();
    return smtp;
  }

  /** Begins to listen. */
  async up(): Promise<void> {
    this.server = new SMTPServer({
      ...IDENTITY,
      secure: this.tls === 'implicit',
      disabledCommands: [...(this.login ? [] : ['AUTH']), ...(this.tls === 'none' ? ['STARTTLS'] : [])],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        this.logins++;
        const right = username === this.login?.user && password === this.login?.pass;
        done(right ? null : new Error('wrong password'), right ? { user: username! } : undefined);
      },
      logger: false,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void this.receive(Buffer.concat(chunks), session, done));
      },
    });
    this.server.on('error', () => {});
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
  }

  /** Ends every connection and listens no more. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    for (const connection of server.connections) (connection as { close(): void }).close();
    await new Promise<void>((done) => server.close(done));
  }

  /** Mails to this address. */
  to(address: string): readonly ReceivedMail[] {
    return this.mails.filter(({ to }) => to.includes(address));
  }

  /** The `n`th mail to this address, as soon as it is there. */
  async waitFor(address: string, n = 1): Promise<ReceivedMail> {
    const deadline = Date.now() + WAIT_MS;
    while (this.to(address).length < n) {
      if (Date.now() > deadline)
        throw new Error(`no mail number ${n} to ${address}; ${this.mails.length} came`);
      await new Promise((next) => setTimeout(next, 10));
    }
    return this.to(address)[n - 1]!;
  }

  /** The token of the link in the `n`th mail to this address. */
  async tokenTo(address: string, n = 1): Promise<string> {
    return new URL(linkIn(await this.waitFor(address, n))).searchParams.get('token')!;
  }

  private async receive(
    raw: Buffer,
    { envelope, secure }: SMTPServerSession,
    done: (error?: Error | null) => void,
  ): Promise<void> {
    if (this.reply !== 250) return done(Object.assign(new Error('refused'), { responseCode: this.reply }));
    const parsed = await simpleParser(raw);
    this.mails.push({
      from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
      to: envelope.rcptTo.map(({ address }) => asOnTheWire(address)),
      raw: raw.toString(),
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html === false ? '' : (parsed.html ?? ''),
      messageId: parsed.messageId ?? '',
      secure,
    });
    done();
  }
}

/** The link in a mail. */
export function linkIn({ text }: { readonly text: string }): string {
  const link = /https?:\/\/\S+token=\S+/.exec(text)?.[0];
  if (link === undefined) throw new Error(`no link in: ${text}`);
  return link;
}

/** The server library shows domains in Unicode; on the wire they are ASCII. */
function asOnTheWire(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}
