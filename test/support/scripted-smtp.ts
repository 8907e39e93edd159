import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port';

/** Where a session is: the server has just been connected to, has read this command, some of a message, or the dot at its end. */
export type SmtpStep =
  'CONNECT' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'BODY' | 'DOT' | 'RSET';

/** A reply as it goes over the wire, or none, or one that does not end, or the end of the connection: before the step is done, or after (`lost`). */
export type SmtpAct = `${number} ${string}` | 'silence' | 'drip' | 'cut' | 'lost';

/** A message that was taken. */
export interface TakenMail {
  readonly envelope: readonly string[];
  /** As it came, dots doubled. */
  readonly data: string;
}

const USUAL: Readonly<Record<SmtpStep, string>> = {
  CONNECT: '220 scripted ready',
  EHLO: '250 scripted',
  STARTTLS: '454 not now',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  BODY: '',
  DOT: '250 taken',
  RSET: '250 ok',
};

/** A bare SMTP server on this machine that does at one step what a test wants, which no well-behaved one does. */
export class ScriptedSmtp {
  readonly taken: TakenMail[] = [];
  /** Every command, in the order in which it came. */
  readonly commands: string[] = [];
  connections = 0;
  /** At which step it does what; elsewhere it accepts. */
  script: Partial<Record<SmtpStep, SmtpAct>> = {};
  /** What it says that it can do; lines of EHLO. */
  extensions: readonly string[] = [];
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(readonly port: number) {}

  static async start(): Promise<ScriptedSmtp> {
    const smtp = new ScriptedSmtp(await freePort());
    await smtp.up();
    return smtp;
  }

  /** Begins to listen. */
  async up(): Promise<void> {
    this.server = createServer((socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('error', () => {}).on('close', () => this.sockets.delete(socket));
      this.serve(socket);
    });
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
  }

  /** Ends the connections that are open, as a server does with idle ones. */
  async hangUp(): Promise<void> {
    const open = [...this.sockets];
    await Promise.all(open.map((socket) => new Promise<void>((done) => socket.once('close', done).end())));
  }

  /** Cuts every connection and listens no more. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    if (server) await new Promise((done) => server.close(done));
  }

  private serve(socket: Socket): void {
    let rest = '';
    let envelope: string[] = [];
    let data: string | null = null;
    this.act(socket, 'CONNECT');
    socket.on('data', (chunk) => {
      rest += chunk.toString();
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (data === null) {
          const step = stepOf(line);
          this.commands.push(line);
          if (step === 'MAIL' || step === 'RSET') envelope = [];
          if (step === 'MAIL' || step === 'RCPT') envelope.push(line);
          if (this.act(socket, step) && step === 'DATA') data = '';
        } else if (line === '.') {
          if (this.act(socket, 'DOT')) this.taken.push({ envelope, data });
          data = null;
        } else {
          data += `${line}\r\n`;
          if (this.script.BODY !== undefined && data.length > 100) this.act(socket, 'BODY');
        }
      }
    });
  }

  /** @returns true when it went on as usual */
  private act(socket: Socket, step: SmtpStep): boolean {
    const act = this.script[step];
    if (act === 'silence') return false;
    if (act === 'cut' || act === 'lost') {
      socket.destroy();
      return act === 'lost';
    }
    if (act === 'drip') {
      const drops = setInterval(() => socket.write('250-and\r\n'), 20);
      socket.once('close', () => clearInterval(drops));
      return false;
    }
    const lines = step === 'EHLO' ? ['scripted', ...this.extensions] : [];
    const usual = lines.map((line, n) => `250${n < lines.length - 1 ? '-' : ' '}${line}`).join('\r\n');
    socket.write(`${act ?? (usual || USUAL[step])}\r\n`);
    // RFC 5321 section 3.8: who says so ends the connection.
    if (act?.startsWith('421')) socket.end();
    return act === undefined || /^[23]/.test(act);
  }
}

function stepOf(line: string): SmtpStep {
  const steps = ['STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'RSET'] as const;
  return steps.find((step) => line.toUpperCase().startsWith(step)) ?? 'EHLO';
}
