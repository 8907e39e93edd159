import { randomBytes } from 'node:crypto';
import { weaknessOf } from './secret-strength';

describe('weaknessOf', () => {
  it.each([
    ['a'.repeat(64), 'has too few different characters'],
    ['correct-horse-battery-staple-changeme', 'looks like a sample'],
    ['k9Jd02mXq7Lw'.repeat(4), 'repeats itself'],
    ['abcdefghijklmnopqrstuvwxyz0123456789', 'is a row of characters'],
    ['correct horse battery staple and so on', 'is made of words'],
  ])('%s', (secret, weakness) => {
    expect(weaknessOf(secret)).toBe(weakness);
  });

  it.each(['base64', 'base64url', 'hex'] as const)('passes what is random, in %s', (encoding) => {
    for (let n = 0; n < 2000; n++) expect(weaknessOf(randomBytes(32).toString(encoding))).toBeNull();
  });

  it('passes the shortest that may be, 128 bits in hexadecimal digits', () => {
    for (let n = 0; n < 2000; n++) expect(weaknessOf(randomBytes(16).toString('hex'))).toBeNull();
  });
});
