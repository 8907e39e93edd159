import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, Demo, PASSWORD, someone } from '../support/demo';

const CANARY = 'canary-Password-7351';

describe('R70, R77: bad input', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await Demo.start();
  });
  afterAll(async () => {
    expect((await demo.call('GET', '/me')).status).toBe(401);
    expect(demo.log).not.toContain(CANARY);
    await demo.stop();
  });

  const expectProblem = ({ status, headers, text, json }: Answer, expected: number, code: string): void => {
    expect([status, json?.code, json?.status]).toEqual([expected, code, expected]);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({
      type: 'about:blank',
      title: expect.any(String),
      detail: expect.any(String),
      request_id: expect.any(String),
    });
    expect(text).not.toContain(CANARY);
  };

  const valid = { email: 'x@example.org', password: CANARY };

  it.each<[string, number, string, string[] | null, unknown]>([
    ['an empty body', 422, 'request.invalid', ['email', 'password'], ''],
    ['an array', 422, 'request.invalid', ['body'], [valid]],
    ['null', 422, 'request.invalid', ['body'], null],
    ['a string', 422, 'request.invalid', ['body'], '"text"'],
    [
      'operators',
      422,
      'request.invalid',
      ['email', 'password'],
      { email: { $ne: null }, password: { $ne: null } },
    ],
    [
      'arrays for text',
      422,
      'request.invalid',
      ['email', 'password'],
      { email: ['x@example.org'], password: [CANARY] },
    ],
    ['numbers for text', 422, 'request.invalid', ['email', 'password'], { email: 1, password: 123456789012 }],
    ['null for text', 422, 'request.invalid', ['password'], { ...valid, password: null }],
    ['an unknown field', 422, 'request.invalid', ['body'], { ...valid, is_superuser: true }],
    [
      'an unknown field called constructor',
      422,
      'request.invalid',
      ['body'],
      { ...valid, constructor: { prototype: {} } },
    ],
    ['NUL in the address', 422, 'request.invalid', ['email'], { ...valid, email: 'a\0@example.org' }],
    ['NUL in the password', 422, 'request.invalid', ['password'], { ...valid, password: `${CANARY}\0` }],
    [
      'a lone surrogate',
      422,
      'request.invalid',
      ['full_name'],
      `{"email":"x@example.org","password":"${CANARY}","full_name":"\\ud800"}`,
    ],
    [
      'a line break in the name',
      422,
      'request.invalid',
      ['full_name'],
      { ...valid, full_name: 'A\r\nBcc: x@example.org' },
    ],
    [
      'a name that is too long',
      422,
      'request.invalid',
      ['full_name'],
      { ...valid, full_name: 'x'.repeat(201) },
    ],
    ['a short password', 422, 'password.too_short', ['password'], { ...valid, password: 'short' }],
    ['no address at all', 422, 'email.invalid', ['email'], { ...valid, email: 'nobody' }],
    ['a display name', 422, 'email.invalid', ['email'], { ...valid, email: 'Foo <foo@example.org>' }],
    ['a quoted local part', 422, 'email.invalid', ['email'], { ...valid, email: '"a b"@example.org' }],
    ['an IP literal', 422, 'email.invalid', ['email'], { ...valid, email: 'a@[127.0.0.1]' }],
    ['mixed scripts', 422, 'email.invalid', ['email'], { ...valid, email: 'p\u0430ypal@example.org' }],
    ['full-width letters', 422, 'email.invalid', ['email'], { ...valid, email: '\uff41@example.org' }],
    ['broken JSON', 400, 'request.malformed', null, `{"email":"x@example.org","password":"${CANARY}"`],
    ['__proto__', 400, 'request.forbidden_key', null, '{"__proto__":{"a":1},"email":"x@example.org"}'],
    ['an escaped __proto__', 400, 'request.forbidden_key', null, '{"\\u005f_proto__":{"a":1}}'],
    [
      'a key twice',
      400,
      'request.duplicate_key',
      null,
      `{"email":"x@example.org","password":"${CANARY}","password":"b"}`,
    ],
    ['an escaped key twice', 400, 'request.duplicate_key', null, '{"email":"a","em\\u0061il":"b"}'],
    ['deep nesting', 400, 'request.too_deep', null, `{"email":${'['.repeat(4000)}${']'.repeat(4000)}}`],
    ['a huge password', 413, 'request.too_large', null, { ...valid, password: CANARY.repeat(10_000) }],
    ['two megabytes', 413, 'request.too_large', null, { ...valid, password: 'x'.repeat(2_000_000) }],
  ])('%s: %d %s', async (_, status, code, fields, body) => {
    const answer = await demo.call(
      'POST',
      '/register',
      typeof body === 'string' ? body : JSON.stringify(body),
    );
    expectProblem(answer, status, code);
    const named =
      (answer.json.errors as { field: string; message: string }[] | undefined)?.map(({ field }) => field) ??
      null;
    expect(named).toEqual(fields);
  });

  it.each([
    ['no content type', { 'content-type': '' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', { 'content-type': 'text/plain' }],
    ['another charset', { 'content-type': 'application/json; charset=latin1' }],
    ['a type that only begins like JSON', { 'content-type': 'application/jsonp' }],
    ['a compressed body', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('wrong content type: %s', async (_, headers) => {
    const body = JSON.stringify(valid);
    const bytes = 'content-encoding' in headers ? gzipSync(body) : Buffer.from(body);
    expectProblem(
      await raw(demo, '/api/auth/register', headers, bytes),
      415,
      'request.unsupported_media_type',
    );
  });

  it('bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    expectProblem(
      await raw(demo, '/api/auth/register', { 'content-type': 'application/json' }, bytes),
      400,
      'request.malformed',
    );
  });

  it.each([
    '/API/Auth/login',
    '/%61pi/auth/login',
    '/api/auth/%6cogin',
    '//api//auth/login',
    '/api/auth/login/',
  ])('the path %s does not get around the gate', async (path) => {
    const body = Buffer.from('{"email":"a","email":"b","password":"c"}');
    expectProblem(
      await raw(demo, path, { 'content-type': 'application/json' }, body),
      400,
      'request.duplicate_key',
    );
  });

  it('what the host answers itself stays the host’s: unknown paths, its own parser, its own routes', async () => {
    const unknown = await demo.call('POST', '/nowhere', {});
    expect([unknown.status, unknown.json.message]).toEqual([404, 'Cannot POST /api/auth/nowhere']);
    const hosts = await raw(demo, '/orders', { 'content-type': 'application/json' }, Buffer.from('{'));
    expect([hosts.status, hosts.headers.get('content-type')]).toEqual([
      400,
      'application/json; charset=utf-8',
    ]);
  });

  it('the verify route tells no more than the others', async () => {
    for (const body of [{}, { token: 1 }, { token: { $gt: '' } }, { token: ['x'] }, { token: 'x\0' }]) {
      expectProblem(await demo.call('POST', '/verify', body), 422, 'request.invalid');
    }
    for (const token of ['', 'x', 'x'.repeat(300), 'x'.repeat(8192)])
      expectProblem(await demo.call('POST', '/verify', { token }), 400, 'token.invalid');
  });

  it('a body that is far too large is answered before its end, and its sender hears that', async () => {
    const login = `${demo.url}/api/auth/login`;
    const headers = { 'content-type': 'application/json' };
    for (let n = 0; n < 5; n++) {
      const { status } = await fetch(login, { method: 'POST', headers, body: Buffer.alloc(20_000_000, 'x') });
      expect(status).toBe(413);
    }
    const announced = request(login, {
      method: 'POST',
      headers: { ...headers, 'content-length': 50_000_000 },
    });
    announced.write('{');
    const [response] = (await once(announced, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    announced.destroy();
  });

  it('login bounds its password without the policy', async () => {
    const email = someone();
    expectProblem(await demo.call('POST', '/login', { email, password: '' }), 422, 'request.invalid');
    expectProblem(
      await demo.call('POST', '/login', { email, password: 'x'.repeat(257) }),
      422,
      'request.invalid',
    );
    expectProblem(
      await demo.call('POST', '/login', { email, password: 'short' }),
      401,
      'login.invalid_credentials',
    );
    expectProblem(
      await demo.call('POST', '/login', { email: 'nobody', password: PASSWORD }),
      422,
      'email.invalid',
    );
  });
});

/** A request with exactly these headers and bytes. */
function raw(demo: Demo, path: string, headers: Record<string, string>, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      demo.url + path,
      { method: 'POST', headers: { ...headers, 'content-length': body.length } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const received = new Headers(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({ status: response.statusCode!, headers: received, text, json: JSON.parse(text) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
