import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Question } from 'dns-packet';

/** Reply codes (RFC 1035 section 4.1.1). */
const SERVFAIL = 2;
const NXDOMAIN = 3;

/** A real DNS server on this machine, over UDP, for the names that it is told; of all others it says that there are none. */
export class FakeDns {
  /** What it was asked: `TXT example.org`. */
  readonly questions: string[] = [];
  /** It fails, or says nothing. */
  mode: 'answer' | 'fail' | 'silence' = 'answer';
  private readonly records: Answer[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (message, peer) => {
      const { id = 0, questions = [] } = decode(message);
      if (this.mode !== 'silence') socket.send(this.reply(id, questions[0]!), peer.port, peer.address);
    });
  }

  static async start(): Promise<FakeDns> {
    const dns = new FakeDns(createSocket('udp4').bind(0, '127.0.0.1'));
    await once(dns.socket, 'listening');
    return dns;
  }

  /** Address and port. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  /** Adds a record as zone files have it: `example.org. TXT "v=spf1 -all"`, `example.org. MX 10 mail.example.org.`, `example.org. A 127.0.0.1`. */
  add(record: string): void {
    const [, name, type, data] = /^(\S+)\. (A|MX|TXT) (.+)$/.exec(record) ?? [];
    if (type === 'A') this.records.push({ type, name: name!, data: data! });
    else if (type === 'TXT') this.records.push({ type, name: name!, data: JSON.parse(data!) as string });
    else if (type === 'MX') {
      const [preference, exchange] = data!.split(' ');
      this.records.push({
        type,
        name: name!,
        data: { preference: Number(preference), exchange: exchange!.replace(/\.$/, '') },
      });
    } else throw new Error(`no record: ${record}`);
  }

  /** Removes the last record that was added. */
  removeLast(): void {
    this.records.pop();
  }

  async stop(): Promise<void> {
    await new Promise<void>((done) => this.socket.close(done));
  }

  private reply(id: number, question: Question): Buffer {
    this.questions.push(`${question.type} ${question.name}`);
    const named = this.records.filter(({ name }) => name === question.name);
    const answers = named.filter(({ type }) => type === question.type);
    const code = named.length === 0 ? NXDOMAIN : 0;
    const flags = AUTHORITATIVE_ANSWER | (this.mode === 'fail' ? SERVFAIL : code);
    return encode({ type: 'response', id, flags, questions: [question], answers });
  }
}
