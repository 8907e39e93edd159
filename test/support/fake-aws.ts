import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import type { DemoEnv } from './demo';
import { freePort } from './free-port';

/** A mail that SES took. */
export interface SesMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly subject: string;
  readonly text: string;
}

/** A text that SNS took. */
export interface SnsText {
  readonly to: string;
  readonly text: string;
  /** Message attributes, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A refusal in the service's own words, or a page of something between. */
export type AwsRefusal =
  | { readonly status: number; readonly code: string; readonly message: string }
  | { readonly status: number; readonly page: string };

/** What it answers: it accepts, refuses, says nothing, cuts the connection, or begins an answer and stops or cuts it in the middle. */
export type AwsMode = 'accept' | 'silence' | 'cut' | 'half' | 'stuck' | AwsRefusal;

const WAIT_MS = 15_000;

/** A real HTTP server that speaks SES v2 and SNS, tells about the account, and checks each signature (Signature Version 4) with the secret that it knows. */
export class FakeAws {
  readonly accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  readonly secretAccessKey = `aws-canary-${randomBytes(20).toString('hex')}`;
  readonly mails: SesMail[] = [];
  readonly texts: SnsText[] = [];
  /** Scopes of all requests that were signed rightly, such as `eu-central-1/ses`. */
  readonly scopes: string[] = [];
  /** Why requests were turned away before anything else. */
  readonly unsigned: string[] = [];
  mode: AwsMode = 'accept';
  connections = 0;
  private server: Server | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<FakeAws> {
    const aws = new FakeAws(await freePort());
    await aws.up();
    return aws;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
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

  /** The first mail to this address, or text to this number, as soon as it is there. */
  async waitFor(to: string): Promise<SesMail | SnsText> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const found = [...this.mails, ...this.texts].find((one) => [one.to].flat().includes(to));
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`nothing to ${to}; refused: ${this.unsigned.join()}`);
      await new Promise((next) => setTimeout(next, 10));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => null);
    if (!body) return;
    const isSes = request.url!.startsWith('/v2/email/');
    const isQuestion = request.url === '/v2/email/account' || body.includes('Action=GetSMSAttributes');
    const problem = this.problemOf(request, body, isSes ? 'ses' : 'sns');
    if (problem !== null) {
      this.unsigned.push(problem);
      return refuse(response, isSes, { status: 403, code: 'SignatureDoesNotMatch', message: problem });
    }
    const { mode } = this;
    if (mode === 'silence') return;
    if (mode === 'cut') return void request.socket.destroy();
    if (typeof mode === 'object') return refuse(response, isSes, mode);
    if (mode === 'accept' && isQuestion) return answerTo(response, isSes);
    if (mode === 'accept') await (isSes ? this.takeMail(body) : this.takeText(body));
    const type = isSes ? 'application/json' : 'text/xml';
    const answer = isSes ? `{"MessageId":"${randomBytes(30).toString('hex')}"}` : PUBLISHED;
    response.writeHead(200, { 'content-type': type, 'content-length': answer.length });
    if (mode === 'accept') return void response.end(answer);
    response.write(answer.slice(0, 9), () => mode === 'half' && request.socket.destroy());
  }

  private async takeMail(body: Buffer): Promise<void> {
    const { FromEmailAddress: from, Destination, Content } = JSON.parse(body.toString()) as SendEmail;
    const raw = Buffer.from(Content.Raw.Data, 'base64');
    const { subject = '', text = '' } = await simpleParser(raw);
    this.mails.push({ from, to: Destination.ToAddresses, raw: raw.toString(), subject, text });
  }

  private async takeText(body: Buffer): Promise<void> {
    const form = new URLSearchParams(body.toString());
    const entry = (n: number): string => `MessageAttributes.entry.${n}`;
    const attributes: Record<string, string> = {};
    for (let n = 1; form.has(`${entry(n)}.Name`); n++)
      attributes[form.get(`${entry(n)}.Name`)!] = form.get(`${entry(n)}.Value.StringValue`)!;
    this.texts.push({ to: form.get('PhoneNumber')!, text: form.get('Message')!, attributes });
  }

  /** What is wrong with the signature; null for nothing. Computed anew from the request as it came. */
  private problemOf(request: IncomingMessage, body: Buffer, service: string): string | null {
    const { authorization = '', 'x-amz-date': date = '' } = request.headers;
    const [, key, scope, headers, signature] =
      /^AWS4-HMAC-SHA256 Credential=(\w+)\/([\w/-]+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
        authorization,
      ) ?? [];
    if (scope === undefined || key !== this.accessKeyId) return `no signature of ours: ${authorization}`;
    const [day, region, signed, end] = scope.split('/');
    if (signed !== service || end !== 'aws4_request') return `signed for ${signed}`;
    if (!headers!.split(';').includes('host')) return 'the host is not signed';
    const canonical = canonicalRequest(request, body, headers!);
    const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
    const signing = [region!, signed, end].reduce(hmac, hmac(`AWS4${this.secretAccessKey}`, day!));
    if (hmac(signing, toSign).toString('hex') !== signature) return 'the signature is another one';
    this.scopes.push(`${region}/${signed}`);
    return null;
  }
}

interface SendEmail {
  readonly FromEmailAddress: string;
  readonly Destination: { readonly ToAddresses: string[] };
  readonly Content: { readonly Raw: { readonly Data: string } };
}

/** Mail by SES, to the fake. */
export const sesEnv = (aws: FakeAws): DemoEnv => ({
  ...credentials(aws),
  REGSTACK_EMAIL__BACKEND: 'ses',
  REGSTACK_EMAIL__SES_REGION: 'eu-central-1',
  REGSTACK_EMAIL__ENDPOINT: aws.url,
  REGSTACK_EMAIL__FROM_ADDRESS: 'noreply@example.org',
});

/** SMS by SNS, to the fake. */
export const snsEnv = (aws: FakeAws): DemoEnv => ({
  ...credentials(aws),
  REGSTACK_ENABLE_SMS_2FA: 'true',
  REGSTACK_SMS__BACKEND: 'sns',
  REGSTACK_SMS__SNS_REGION: 'eu-west-1',
  REGSTACK_SMS__ENDPOINT: aws.url,
});

/** What an operator of AWS gives the process; no setting of ours. */
export const credentials = ({ accessKeyId, secretAccessKey }: FakeAws): DemoEnv => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

const PUBLISHED = `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult><ResponseMetadata><RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId></ResponseMetadata></PublishResponse>`;

const ATTRIBUTES = `<GetSMSAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetSMSAttributesResult><attributes><entry><key>MonthlySpendLimit</key><value>1</value></entry></attributes></GetSMSAttributesResult><ResponseMetadata><RequestId>18a3ec5c</RequestId></ResponseMetadata></GetSMSAttributesResponse>`;

/** What it tells about the account, or its texts. */
function answerTo(response: ServerResponse, isSes: boolean): void {
  response.writeHead(200, { 'content-type': isSes ? 'application/json' : 'text/xml' });
  response.end(isSes ? '{"SendingEnabled":true,"ProductionAccessEnabled":true}' : ATTRIBUTES);
}

function refuse(response: ServerResponse, isSes: boolean, refusal: AwsRefusal): void {
  if ('page' in refusal)
    return void response.writeHead(refusal.status, { 'content-type': 'text/html' }).end(refusal.page);
  const { status, code, message } = refusal;
  if (isSes) {
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code });
    return void response.end(JSON.stringify({ message }));
  }
  // In answers the name of an exception is without its last word.
  const short = code.replace(/Exception$/, '');
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${short}</Code><Message>${message}</Message></Error><RequestId>9dd01905</RequestId></ErrorResponse>`,
  );
}

function canonicalRequest({ method, url, headers }: IncomingMessage, body: Buffer, signed: string): string {
  const [path = '', query = ''] = url!.split('?');
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  return [method, path, query, lines.join(''), signed, sha256(body)].join('\n');
}

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
