import { isDeepStrictEqual } from 'node:util';
import { Attribute, Mailer, RegStackModule, UsersService } from '@regstack/nestjs';
import { CapturedMail } from '@regstack/nestjs/testing';
import { IsOptional } from 'class-validator';
import { freshDatabase, PASSWORD } from '../support/demo';
import { Host, SETTINGS } from '../support/host';
import { ODD_JSON, ODD_TEXTS } from './tricks/odd-values';

/** A host that takes whatever fits into an attribute, so that all of it reaches the database. */
class AnyAttributes {
  @Attribute('registration', 'owner', 'admin') @IsOptional() anything?: unknown;
}

const CANARY = 'canary.attributes.violet';
const SLOW_MS = 5000;

/** By which request an attribute is set. */
interface Way {
  readonly method: string;
  readonly path: string;
  /** Whose token; null: nobody's. */
  readonly by: string | null;
}

/** JSON of values, on the bounds of what is stored and beyond. */
const BOUNDS: Readonly<Record<string, string>> = {
  'deep as may be': '['.repeat(12) + ']'.repeat(12),
  'objects as deep': '{"a":'.repeat(12) + '1' + '}'.repeat(12),
  'keys of operators': '{"a":{"$set":{"is_superuser":true},"$each":[1]}}',
  'dots in keys': '{"a.b":{".":1,"a..b":2},"":{"":[]}}',
  'a type of BSON': '{"_bsontype":"Binary","buffer":[1]}',
  'extended JSON': '{"$oid":"0123456789abcdef01234567"}',
  'a text of 1022 letters': JSON.stringify('x'.repeat(1022)),
  'a text of 1023 letters': JSON.stringify('x'.repeat(1023)),
  'three hundred keys': `{${Array.from({ length: 300 }, (_, n) => `"${n}":1`).join()}}`,
  'the smallest number': '5e-324',
  'the largest number': '1.7976931348623157e308',
  'a number of PostgreSQL': '1e-400',
  'two raw surrogates': '"\\ud83e\\udd84"',
  'half of one in a key': '{"\\ud83e":1}',
  'a NUL in a key': '{"\\u0000":1}',
};

const VALUES: readonly (readonly [string, string])[] = [
  ...Object.entries(BOUNDS),
  ...Object.entries(ODD_JSON).map(([name, value]) => [name, value(CANARY)] as const),
  ...Object.entries(ODD_JSON).map(
    ([name, value]) => [`${name}, nested`, `{"a":[${value(CANARY)}]}`] as const,
  ),
  ...Object.entries(ODD_TEXTS).map(([name, text]) => [`text: ${name}`, JSON.stringify(text('Ann'))] as const),
];

describe('G01: whatever stands in an attribute is stored and comes back as it was, or is refused', () => {
  const mail = new CapturedMail();
  let host: Host;
  let token: string;
  let admin: string;
  let id: string;

  beforeAll(async () => {
    const settings = { ...SETTINGS, databaseUrl: await freshDatabase(), enableAdminRouter: true };
    const providers = [{ provide: Mailer, useValue: mail }];
    const accounts = RegStackModule.forRoot({ ...settings, attributes: AnyAttributes, providers });
    host = await Host.start({ imports: [accounts] });
    const login = { email: 'admin@example.org', password: PASSWORD };
    await host.app.get(UsersService, { strict: false }).createAdmin(login);
    admin = (await host.call('POST', '/api/auth/login', login)).json.access_token as string;
    token = await host.member(mail, 'member@example.org');
    id = (await host.call('GET', '/api/auth/me', undefined, token)).json.id as string;
  });
  afterAll(() => host.stop());

  const ways: Readonly<Record<string, () => Way>> = {
    'by their owner': () => ({ method: 'PATCH', path: '/api/auth/me', by: token }),
    'by an admin': () => ({ method: 'PATCH', path: `/api/auth/admin/users/${id}`, by: admin }),
    'at registration': () => ({ method: 'POST', path: '/api/auth/register', by: null }),
  };

  it.each(Object.entries(ways))('%s', async (_name, way) => {
    const faults: string[] = [];
    let stored = 0;
    for (const [name, value] of VALUES) {
      const { status, fault } = await attempt(way(), value);
      if (status < 400) stored += 1;
      if (fault !== null) faults.push(`${name}: ${status}, ${fault}`);
    }
    expect(faults).toEqual([]);
    expect(stored).toBeGreaterThan(VALUES.length / 3);
    expect(stored).toBeLessThan(VALUES.length);
  });

  /** Sends a value; tells what is wrong with what became of it. */
  async function attempt(way: Way, value: string): Promise<{ status: number; fault: string | null }> {
    const begin = performance.now();
    const { status, text } = await send(host, way, `{"attributes":{"anything":${value}}`);
    const isSlow = performance.now() - begin > SLOW_MS;
    const me = await host.call('GET', '/api/auth/me', undefined, token);
    const isKept = (): boolean => isDeepStrictEqual(me.json.attributes.anything ?? null, asSent(value));
    const faults: Readonly<Record<string, boolean>> = {
      'took too long': isSlow,
      'is no answer to expect': ![200, 201, 400, 413, 422].includes(status),
      'the account is broken': me.status !== 200,
      'shows what was sent': status >= 400 && text.includes(CANARY),
      'is not what was sent': status === 200 && !isKept(),
    };
    return { status, fault: Object.keys(faults).find((fault) => faults[fault]) ?? null };
  }

  it('and names of attributes that mean something elsewhere are unknown', async () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      '$set',
      'a.b',
      '',
      '\u0000',
      'anything.$[]',
      CANARY,
    ];
    for (const name of names) {
      const way = { method: 'PATCH', path: '/api/auth/me', by: token };
      const { status, text } = await send(host, way, `{"attributes":{${JSON.stringify(name)}:1}`);
      expect([name, status]).toEqual([name, name === '__proto__' ? 400 : 422]);
      expect(text).not.toContain(CANARY);
    }
  });
});

/** JSON has no minus zero that anybody reads back. */
const asSent = (value: string): unknown => JSON.parse(JSON.stringify(JSON.parse(value)));

/** @param fields a body without its end */
async function send(host: Host, { method, path, by }: Way, fields: string) {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (by !== null) headers.set('authorization', `Bearer ${by}`);
  const person = by === null ? `,"email":"new@example.org","password":"${PASSWORD}"` : '';
  const response = await fetch(host.url + path, { method, headers, body: `${fields}${person}}` });
  return { status: response.status, text: await response.text() };
}
