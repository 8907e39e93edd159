import { runCli } from '../support/cli/run-cli';
import { freshSecret } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';
import { CANARY, WRONG_CONFIGURATIONS } from '../support/wrong-configurations';

const PATIENCE_MS = 5000;

interface Result {
  readonly status: string;
  readonly message: string;
  readonly cure?: string;
}

/** What `doctor --json` says of what is wrong, as one would read it. */
function wrongIn(stdout: string): string {
  const { results } = JSON.parse(stdout) as { results: Result[] };
  const failed = results.filter(({ status }) => status === 'fail');
  return failed.map(({ message, cure }) => `${message}; ${cure}`).join('\n');
}

describe('G12: a wrong configuration is refused by every command, which names the key and prints no value', () => {
  it.each(WRONG_CONFIGURATIONS)('%s', async (_, changes, message) => {
    const env = { REGSTACK_JWT_SECRET: freshSecret(), REGSTACK_DATABASE_URL: 'sqlite::memory:', ...changes };
    const where = { cwd: scratchFolder('wrong'), env };
    for (const command of [['doctor', '--json'], ['migrate']]) {
      const begin = Date.now();
      const { code, stdout, stderr } = await runCli(command, where);
      expect(Date.now() - begin).toBeLessThan(PATIENCE_MS);
      const isDoctor = command[0] === 'doctor';
      expect(isDoctor ? wrongIn(stdout) : stderr).toMatch(message);
      expect(isDoctor ? stderr : stdout).toBe('');
      if (isDoctor) expect(code).toBeGreaterThan(0);
      else expect(code).toBe(1);
      expect(stdout + stderr).not.toContain(CANARY);
      expect(stdout + stderr).not.toMatch(/^\s+at /m);
    }
  });
});
