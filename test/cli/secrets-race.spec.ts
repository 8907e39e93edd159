import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parallel } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';

const [PROCESSES, LINES] = [4, 30];

/** Adds lines to a file one after another, each over the text that it has just read; whoever is refused reads again. */
const ADDER = `
const { readFileSync } = require('node:fs');
const { replacePrivately } = require(process.argv[1]);
const [, , file, name, lines] = process.argv;
for (let n = 0; n < Number(lines); ) {
  try {
    const text = readFileSync(file, 'utf8');
    replacePrivately(file, text, text + name + n + '\\n');
    n += 1;
  } catch (error) {
    if (error.name !== 'Refusal') throw error;
  }
}`;

describe('a file of secrets that several processes change at once', () => {
  it('loses nothing of what one of them was told is written', async () => {
    const file = join(scratchFolder('race'), 'secrets.env');
    const compiled = resolve(__dirname, '../../libs/cli/dist/files/replace-privately.js');
    writeFileSync(file, '', { mode: 0o600 });
    await parallel(PROCESSES, (n) =>
      promisify(execFile)(process.execPath, ['-e', ADDER, compiled, file, `p${n}-`, String(LINES)]),
    );
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect([lines.length, new Set(lines).size]).toEqual([PROCESSES * LINES, PROCESSES * LINES]);
  });
});
