import { createHmac, hkdfSync } from 'node:crypto';
import type { JwtService } from '@nestjs/jwt';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { FakeClock } from '../testing/fake-clock';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { TokenService } from './token.service';

const SECRET = 'the first secret, thirty-two bytes';
const OTHER = 'the other secret, thirty-two bytes';
const clock = new FakeClock();
const SESSION = {
  id: 'session-1',
  userId: 'user-1',
  authEpoch: 3,
  deviceId: 'device-1',
  createdAt: clock.now(),
  expiresAt: new Date(clock.now().getTime() + 3_600_000),
};

function service(options: RegStackOptions = {}, name = 'default'): TokenService {
  const config = loadRegStackConfig({ jwtSecret: SECRET, ...options }, { env: {} });
  const instance = new InstanceName(name);
  return new TokenService(config, new KeyRing(config, instance), clock, instance);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as never;

/** Signs whatever is given with the real key of a purpose, as somebody who knows the secret would. */
function forge(header: object, payload: object, purpose = 'default/session', hash = 'sha256'): string {
  const key = Buffer.from(hkdfSync('sha256', SECRET, 'regstack', purpose, 32));
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
}

describe('TokenService', () => {
  const tokens = service();
  const token = tokens.sign(SESSION);
  const [header, payload] = token
    .split('.')
    .slice(0, 2)
    .map((part) => decode(part)) as [Record<string, unknown>, Record<string, unknown>];

  it('R52: says issuer, audience, subject, session, times, purpose and epoch, under a kid', () => {
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt', kid: expect.stringMatching(/^[\w-]{11}$/) });
    const seconds = clock.now().getTime() / 1000;
    expect(payload).toEqual({
      ...{
        iss: 'regstack',
        aud: 'regstack',
        sub: 'user-1',
        jti: 'session-1',
        purpose: 'session',
        auth_epoch: 3,
      },
      ...{ iat: seconds, nbf: seconds, exp: seconds + 3600 },
    });
    expect(tokens.verify(token)).toEqual({ sessionId: 'session-1', userId: 'user-1', authEpoch: 3 });
    expect(tokens.verify(forge(header, payload))).not.toBeNull();
  });

  it.each(['iss', 'aud', 'sub', 'jti', 'iat', 'nbf', 'exp', 'purpose', 'auth_epoch'])(
    'R52: %s is required',
    (claim) => {
      const { [claim]: _, ...rest } = payload;
      expect(tokens.verify(forge(header, rest))).toBeNull();
      expect(tokens.verify(forge(header, { ...payload, [claim]: null }))).toBeNull();
      expect(tokens.verify(forge(header, { ...payload, [claim]: { $ne: null } }))).toBeNull();
    },
  );

  it.each([
    ['another issuer', { iss: 'regstack-staff' }],
    ['another audience', { aud: 'shop' }],
    ['another purpose', { purpose: 'verify' }],
    ['expired', { exp: clock.now().getTime() / 1000 }],
    ['of the far future', { nbf: clock.now().getTime() / 1000 + 151 }],
    ['an epoch that is text', { auth_epoch: '3' }],
  ])('R52: signed with the real key, but %s', (_, claims) => {
    expect(tokens.verify(forge(header, { ...payload, ...claims }))).toBeNull();
  });

  it('two clocks may be apart by a little', () => {
    expect(
      tokens.verify(forge(header, { ...payload, nbf: clock.now().getTime() / 1000 + 149 })),
    ).not.toBeNull();
  });

  it.each([
    ['alg none', `${encode({ ...header, alg: 'none' })}.${encode(payload)}.`],
    [
      'another HMAC with the same key',
      forge({ ...header, alg: 'HS512' }, payload, 'default/session', 'sha512'),
    ],
    ['an RSA algorithm', forge({ ...header, alg: 'RS256' }, payload)],
    ['no kid', forge({ ...header, kid: undefined }, payload)],
    ['a foreign kid', forge({ ...header, kid: 'AAAAAAAAAAA' }, payload)],
    ['a kid that is a path', forge({ ...header, kid: '../../dev/null' }, payload)],
    ['a kid that is an object', forge({ ...header, kid: { $ne: '' } }, payload)],
    ['another typ', forge({ ...header, typ: 'JWT' }, payload)],
    ['a critical extension', forge({ ...header, crit: ['b64'], b64: false }, payload)],
    ['an embedded key', forge({ ...header, kid: 'AAAAAAAAAAA', jwk: { kty: 'oct', k: 'AA' } }, payload)],
    ['R53: the key of another purpose', forge(header, payload, 'default/outbox')],
    ['the key of another instance', forge(header, payload, 'staff/session')],
    ['no signature', token.slice(0, token.lastIndexOf('.') + 1)],
    ['a signature cut short', token.slice(0, -1)],
    ['a changed payload', token.replace(encode(payload), encode({ ...payload, sub: 'user-2' }))],
    ['nothing', ''],
    ['dots', '..'],
    ['no base64', '%.%.%'],
    ['a header that is no object', `${encode(null)}.${encode(payload)}.x`],
    ['four parts', `${token}.x`],
  ])('R51: %s', (_, forged) => {
    expect(tokens.verify(forged)).toBeNull();
  });

  it('G11: no bit can be flipped', () => {
    const bytes = Buffer.from(token);
    const accepted: string[] = [];
    for (let n = 0; n < bytes.length * 8; n++) {
      const changed = Buffer.from(bytes);
      changed[n >> 3]! ^= 1 << (n & 7);
      const text = changed.toString('latin1');
      if (tokens.verify(text) !== null) accepted.push(text);
    }
    // The last character of base64url carries two bits that belong to no byte: another spelling of the same token.
    expect(accepted.filter((text) => text.slice(0, -1) !== token.slice(0, -1))).toEqual([]);
  });

  it('R61: a former secret verifies and does not sign; a retired one refuses', () => {
    const rotated = service({ jwtSecret: OTHER, jwtPreviousSecrets: [SECRET] });
    expect(rotated.verify(token)).not.toBeNull();
    const fresh = rotated.sign(SESSION);
    expect(tokens.verify(fresh)).toBeNull();
    expect(decode(fresh.split('.')[0]!)['kid']).not.toBe(header['kid']);
    expect(service({ jwtSecret: OTHER }).verify(token)).toBeNull();
  });

  it('settings: issuer, audience and algorithm', () => {
    const own = service({ jwtIssuer: 'me', jwtAudience: 'you', jwtAlgorithm: 'HS512' });
    const signed = own.sign(SESSION);
    expect(decode(signed.split('.')[1]!)).toMatchObject({ iss: 'me', aud: 'you' });
    expect(decode(signed.split('.')[0]!)['alg']).toBe('HS512');
    expect(own.verify(signed)).not.toBeNull();
    expect(tokens.verify(signed)).toBeNull();
    expect(own.verify(token)).toBeNull();
  });

  it('a token that was seen before is checked as strictly: by its last letter, and by the clock', () => {
    const [then, own] = [new FakeClock(clock.now()), service()];
    const config = loadRegStackConfig({ jwtSecret: SECRET }, { env: {} });
    const name = new InstanceName('default');
    const later = new TokenService(config, new KeyRing(config, name), then, name);
    const last = token.at(-1) === 'A' ? 'E' : 'A';
    for (const one of [own, later]) expect(one.verify(token)).not.toBeNull();
    expect(own.verify(token.slice(0, -1) + last)).toBeNull();
    expect(own.verify(`${token}A`)).toBeNull();
    then.advance(3599);
    expect(later.verify(token)).not.toBeNull();
    then.advance(1);
    expect(later.verify(token)).toBeNull();
    then.advance(-3600);
    expect(later.verify(token)).not.toBeNull();
  });

  it('a signature is checked once, and nobody can change what was found', () => {
    const own = service();
    const verify = jest.spyOn(Reflect.get(own['kinds'].bearer.tokens, 'jwt') as JwtService, 'verify');
    const [first, second] = [own.verify(token), own.verify(token)];
    expect(verify).toHaveBeenCalledTimes(1);
    expect(second).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    own.verify(`${token}x`);
    own.verify(`${token}x`);
    expect(verify).toHaveBeenCalledTimes(3);
  });

  it('more tokens than are remembered are all verified', () => {
    const many = Array.from({ length: 1500 }, (_, n) => tokens.sign({ ...SESSION, id: `session-${n}` }));
    const found = (): unknown[] => many.map((one) => tokens.verify(one)?.sessionId);
    const expected = many.map((_, n) => `session-${n}`);
    expect([found(), found()]).toEqual([expected, expected]);
  });
});
