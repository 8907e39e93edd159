import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replacePrivately } from './replace-privately';

describe('replacePrivately', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replace-privately-'));
  const file = join(folder, 'secrets.env');
  beforeEach(() => writeFileSync(file, 'one'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('replaces the text that was read, and leaves nothing beside it', () => {
    replacePrivately(file, 'one', 'two');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['two', ['secrets.env']]);
  });

  it('refuses to replace what somebody else has written meanwhile', () => {
    expect(() => replacePrivately(file, 'none', 'two')).toThrow('changed by somebody else');
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual(['one', ['secrets.env']]);
  });

  it('refuses while somebody else is at it, and leaves them their lock', () => {
    writeFileSync(`${file}.lock`, '');
    expect(() => replacePrivately(file, 'one', 'two')).toThrow(`it left ${file}.lock, which can be removed`);
    expect([readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([
      'one',
      ['secrets.env', 'secrets.env.lock'],
    ]);
    rmSync(`${file}.lock`);
  });
});
