import { execFileSync, spawn } from 'node:child_process';
import { type FSWatcher, readdirSync, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { configFilesIn } from '../support/cli/config-files';
import { BIN, runCli } from '../support/cli/run-cli';
import { Demo } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';

const CANARY = 'canary-of-the-mail-server';
const ARGS = [
  'init',
  '--yes',
  '--force',
  '--mail',
  'smtp',
  '--smtp-host',
  'smtp.example.org',
  '--smtp-username',
  'me',
];
const { PATH } = process.env;
const ENV = { PATH, REGSTACK_EMAIL__SMTP_PASSWORD: CANARY };

/** Starts it as a shell with this umask does. */
const start = (cwd: string, umask: string) =>
  spawn('sh', ['-c', `umask ${umask}; exec "$0" "$@"`, BIN, ...ARGS], { cwd, env: ENV, stdio: 'ignore' });

/** Every file below a folder that others may read and that holds something secret; folders that others may not enter hide theirs. */
function readableSecrets(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    try {
      if ((statSync(path).mode & 0o077) === 0) return [];
      if (entry.isDirectory()) return readableSecrets(path);
      return /canary|JWT_SECRET/.test(readFileSync(path, 'utf8')) ? [path] : [];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  });
}

/** Looks again and again until the process has ended; answers how often something was there, and what others could read. */
async function watched(
  folder: string,
  child: ReturnType<typeof start>,
): Promise<{ looks: number; readable: string[] }> {
  const readable: string[] = [];
  let looks = 0;
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let isRunning = true;
  void ended.then(() => (isRunning = false));
  while (isRunning) {
    if (readdirSync(folder).length > 0) looks++;
    readable.push(...readableSecrets(folder));
    await new Promise((done) => setImmediate(done));
  }
  return { looks, readable };
}

describe('the files of regstack init', () => {
  it.each(['000', '022', '077'])('with umask %s others can read no secret at any moment', async (umask) => {
    const cwd = scratchFolder('init');
    for (const _ of ['new', 'written over']) {
      const { looks, readable } = await watched(cwd, start(cwd, umask));
      expect(looks).toBeGreaterThan(0);
      expect(readable).toEqual([]);
      expect(configFilesIn(cwd).mode).toBe('600');
    }
  });

  it('killed at any moment leaves no half of a file, no secret that others can read, and none that git would take', async () => {
    const cwd = scratchFolder('init');
    await runCli(ARGS, { cwd, env: { REGSTACK_EMAIL__SMTP_PASSWORD: CANARY } });
    const { toml, secrets } = configFilesIn(cwd);
    let killed = 0;
    for (let moment = 1; moment <= 20; moment++) {
      const child = start(cwd, '000');
      const ended = new Promise<NodeJS.Signals | null>((done) =>
        child.once('close', (_, signal) => done(signal)),
      );
      const watcher = afterEvents(cwd, moment, () => child.kill('SIGKILL'));
      if ((await ended) === 'SIGKILL') killed++;
      watcher.close();
      expect([
        readFileSync(join(cwd, 'regstack.toml'), 'utf8'),
        readFileSync(join(cwd, 'regstack.secrets.env'), 'utf8'),
      ]).toEqual([toml, secrets]);
      expect(readableSecrets(cwd)).toEqual([]);
    }
    expect(killed).toBeGreaterThan(0);
    const left = readdirSync(cwd, { recursive: true, encoding: 'utf8' });
    expect(left.filter((path) => path.endsWith('/regstack.secrets.env')).length).toBeGreaterThan(0);
    expect(taken(cwd).filter((path) => !path.endsWith('regstack.toml'))).toEqual(['.gitignore']);
  }, 180_000);

  it('are what an app starts with', async () => {
    const cwd = scratchFolder('init');
    const ran = await runCli(
      ['init', '--yes', '--app-name', 'Plum', '--pages', '--database-url', `sqlite:${cwd}/users.db`],
      { cwd },
    );
    expect(ran.code).toBe(0);
    const unset = {
      REGSTACK_DATABASE_URL: undefined,
      REGSTACK_JWT_SECRET: undefined,
      REGSTACK_BASE_URL: undefined,
    };
    const demo = await Demo.start({ ...unset, REGSTACK_CONFIG: join(cwd, 'regstack.toml') });
    const page = await demo.call('GET', '/account/login');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Plum')]);
    expect(readdirSync(cwd)).toContain('users.db');
  });
});

/** What `git add .` would take. */
function taken(folder: string): string[] {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
  git('init', '--quiet');
  return git('ls-files', '--others', '--exclude-standard').trim().split('\n');
}

/** Does something at the n-th change in a folder, or in one that is made there. */
function afterEvents(folder: string, count: number, act: () => void): { close(): void } {
  const watchers: FSWatcher[] = [];
  let left = count;
  const look = (path: string): void => {
    watchers.push(
      watch(path, (_, name) => {
        if (--left === 0) act();
        if (path === folder && name?.startsWith('.regstack-draft-')) follow(join(folder, name));
      }),
    );
  };
  const follow = (path: string): void => {
    try {
      look(path);
    } catch {
      // Gone already.
    }
  };
  look(folder);
  return { close: () => watchers.forEach((one) => one.close()) };
}
