import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCli } from '../support/cli/run-cli';
import { scratchFolder } from '../support/scratch-folder';

const cwd = scratchFolder('cli');

describe('regstack', () => {
  it('says its version', async () => {
    const manifest = readFileSync(resolve(__dirname, '../../libs/cli/package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await runCli(['--version'], { cwd })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});
