import { createHash, createHmac } from 'node:crypto';
import { loadRegStackConfig } from '../config/load-config';
import { InstanceName } from './instance-name';
import { isSame, keyedHash } from './keyed-hash';
import { KeyRing } from './key-ring';

const keysOf = (jwtSecret: string, instance = 'default'): KeyRing =>
  new KeyRing(loadRegStackConfig({ jwtSecret }, { env: {} }), new InstanceName(instance));
const [ONE, OTHER] = ['one secret of at least thirty-two bytes', 'other secret of at least thirty-two bytes'];

describe('keyedHash', () => {
  const key = keysOf(ONE).current('sms-code');

  it('is HMAC-SHA-256 of the parts, in base64url', () => {
    const expected = createHmac('sha256', key.key).update('id\nnumber\n123456').digest('base64url');
    expect(keyedHash(key, 'id', 'number', '123456')).toBe(expected);
    expect(expected).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it.each([
    ['another secret', keyedHash(keysOf(OTHER).current('sms-code'), 'id', 'code')],
    ['another purpose', keyedHash(keysOf(ONE).current('recovery-code'), 'id', 'code')],
    ['another instance', keyedHash(keysOf(ONE, 'second').current('sms-code'), 'id', 'code')],
    ['another part', keyedHash(key, 'id', 'cod3')],
    ['parts that are cut elsewhere', keyedHash(key, 'idc', 'ode')],
    ['parts in another order', keyedHash(key, 'code', 'id')],
    ['one part', keyedHash(key, 'idcode')],
    ['a part more', keyedHash(key, 'id', 'code', '')],
    ['no key', createHash('sha256').update('id\ncode').digest('base64url')],
  ])('R45: is another one for %s', (_, other) => {
    expect(keyedHash(key, 'id', 'code')).not.toBe(other);
    expect(keyedHash(key, 'id', 'code')).toBe(keyedHash(keysOf(ONE).current('sms-code'), 'id', 'code'));
  });
});

describe('isSame', () => {
  it.each([
    ['the same', 'abc', 'abc', true],
    ['another', 'abc', 'abd', false],
    ['in capitals', 'abc', 'ABC', false],
    ['its beginning', 'abc', 'ab', false],
    ['nothing', 'abc', '', false],
    ['as many characters and more bytes', 'abc', 'abä', false],
    ['twice nothing', '', '', true],
  ])('%s', (_, one, other, expected) => {
    expect(isSame(one, other)).toBe(expected);
    expect(isSame(other, one)).toBe(expected);
  });
});
