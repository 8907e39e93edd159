import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommonPasswords } from './common-passwords';

/** 300 of the 3,000 most used passwords of at least twelve characters in XATO's list. */
const SAMPLE = readFileSync(join(__dirname, 'common-passwords.sample.txt'), 'utf8').trimEnd().split('\n');

describe('CommonPasswords (R05)', () => {
  const common = new CommonPasswords();

  it('has 300,000 of them, sorted', () => {
    expect(common.size).toBe(300_000);
    const file = readFileSync(join(__dirname, 'common-passwords.bin'));
    const keys = Array.from({ length: common.size }, (_, n) => file.readUIntBE(n * 5, 5));
    expect(keys.every((key, n) => n === 0 || key > keys[n - 1]!)).toBe(true);
  });

  it('misses none of the most used', () => {
    expect(SAMPLE).toHaveLength(300);
    expect(SAMPLE.filter((one) => !common.has(one) || !common.has(one.toUpperCase()))).toEqual([]);
  });

  it.each(['', 'plum-Tractor-91-violet', '\u{1f347}\u{1f348}'])('does not have %j', (password) => {
    expect(common.has(password)).toBe(false);
  });
});
