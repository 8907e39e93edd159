import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Mailer, MailRejectedError, RegStackModule } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { linkIn } from '../support/fake-smtp';
import { Host, replacements, SETTINGS } from '../support/host';
import { PostmarkMailer } from './postmark.mailer';

interface Taken {
  readonly request: IncomingMessage;
  readonly body: Readonly<Record<string, unknown>>;
}

const MAIL = { id: 'one', to: 'ann@example.org', subject: 'Hello', text: 'A text.', html: '<p>A text.</p>' };

describe('a mailer of the host: Postmark, as docs/embedding.md shows it', () => {
  let server: Server;
  let host: Host;
  const taken: Taken[] = [];
  const take = async (request: IncomingMessage): Promise<void> => {
    taken.push({ request, body: (await json(request)) as Taken['body'] });
  };
  let answer = { status: 200, body: '{"ErrorCode":0,"Message":"OK"}' };
  beforeAll(async () => {
    server = createServer((request, response) => {
      void take(request).then(() =>
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body),
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    process.env['POSTMARK_API'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    process.env['POSTMARK_SERVER_TOKEN'] = 'token-canary';
    const providers = replacements().providers.filter(({ provide }) => provide !== Mailer);
    const all = [...providers, { provide: Mailer, useClass: PostmarkMailer }];
    host = await Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, providers: all })] });
  });
  afterAll(async () => {
    await host.stop();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  it('the page shows this very file', () => {
    const page = readFileSync(join(__dirname, '../../docs/embedding.md'), 'utf8');
    expect(page).toContain(readFileSync(join(__dirname, 'postmark.mailer.ts'), 'utf8'));
  });

  it('a registration is mailed by it, and its link works', async () => {
    await host.call('POST', '/api/auth/register', { email: 'ann@example.org', password: PASSWORD });
    while (taken.length === 0) await new Promise((next) => setTimeout(next, 10));
    const [{ request, body }] = taken as [Taken];
    expect([request.method, request.url]).toEqual(['POST', '/email']);
    expect(request.headers['x-postmark-server-token']).toBe('token-canary');
    expect(body).toMatchObject({ From: 'us@example.org', To: 'ann@example.org' });
    const token = new URL(linkIn({ text: body['TextBody'] as string })).searchParams.get('token');
    expect((await host.call('POST', '/api/auth/verify', { token })).status).toBe(200);
  });

  it.each([
    ['an inactive recipient is refused for good', 422, '{"ErrorCode":406,"Message":"ann@example.org"}', true],
    ['a wrong token means later', 401, '{"ErrorCode":10,"Message":"no"}', false],
    ['a page of a proxy means later', 502, '<h1>Bad Gateway</h1>', false],
  ])('%s', async (_, status, body, isForGood) => {
    answer = { status, body };
    const error: unknown = await host.app
      .get(Mailer, { strict: false })
      .deliver(MAIL)
      .then(
        () => null,
        (one: unknown) => one,
      );
    expect(error).toMatchObject({ message: expect.any(String) });
    expect(error instanceof MailRejectedError).toBe(isForGood);
  });
});
