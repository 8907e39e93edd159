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

  it('names a command that is none, and a command line without one shows those that there are', async () => {
    const unknown = await runCli(['frobnicate'], { cwd });
    expect(unknown).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("unknown command 'frobnicate'"),
    });
    const none = await runCli([], { cwd });
    expect(none).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('init [options]') });
    expect(await runCli(['init', '--help'], { cwd })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Examples:'),
    });
  });
});
