import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePrivately } from './private-file';

const folder = mkdtempSync(join(tmpdir(), 'private-file-'));
const file = join(folder, 'secrets.env');

describe('writePrivately', () => {
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes a file, and replaces one that others could read, with mode 0600; no draft is left', () => {
    writePrivately(file, 'one');
    expect(readFileSync(file, 'utf8')).toBe('one');
    chmodSync(file, 0o644);
    writePrivately(file, 'two');
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['secrets.env']);
  });

  it('leaves everything as it was where it cannot write', () => {
    writeFileSync(join(folder, 'plain'), '');
    expect(() => writePrivately(join(folder, 'plain', 'secrets.env'), 'x')).toThrow('ENOTDIR');
    expect(() => writePrivately(folder, 'x')).toThrow();
    expect(readdirSync(folder).toSorted()).toEqual(['plain', 'secrets.env']);
  });
});
