import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Installation } from '../support/cli/installation';
import { killedAtChange } from '../support/cli/killed-at-change';
import { secretsOf } from '../support/cli/secrets-of';
import { freshSecret, parallel } from '../support/demo';

const [DONE, REFUSED, USAGE] = [0, 1, 2];

describe('regstack rotate-secret', () => {
  let app: Installation;
  const rotate = (...more: string[]) => app.run(['rotate-secret', ...more]);
  const secrets = () => secretsOf(app.secrets());
  beforeEach(async () => {
    app = await Installation.on('sqlite');
  });
  afterEach(() => app.remove());

  it('goes step by step for processes that restart one after another', async () => {
    const { current: old } = secrets();
    expect((await rotate('--step', 'switch')).stderr).toContain('--step announce');
    expect((await rotate('--step', 'announce')).code).toBe(DONE);
    const announced = app.secrets();
    const [next] = secrets().previous;
    expect(secrets()).toEqual({ current: old, previous: [next] });
    expect((await rotate('--step', 'announce')).code).toBe(DONE);
    // What is announced is no former secret, though nothing stored needs it.
    expect((await rotate('--step', 'drop')).code).toBe(DONE);
    expect(app.secrets()).toBe(announced);

    expect((await rotate('--step', 'switch')).code).toBe(DONE);
    expect(secrets()).toEqual({ current: next, previous: [old] });
    const again = await rotate('--step', 'switch');
    expect([again.code, secrets().current]).toEqual([REFUSED, next]);
    const { stdout } = await rotate('--step', 'reencrypt');
    expect(stdout).toBe('encrypted anew: 0 secret(s) of authenticator apps, 0 message(s)\n');
    expect((await rotate('--step', 'drop')).code).toBe(DONE);
    expect(app.secrets()).toBe(`# kept\nREGSTACK_JWT_SECRET=${next}\n`);
  });

  it('drops no secret that is needed where somebody has put the list in another order', async () => {
    const { current: needed } = secrets();
    const admin = ['create-admin', 'ann@example.org'];
    const input = `${freshSecret()}\n`;
    await app.run(admin, { input });
    // Tells her by a mail, which waits for the app.
    expect((await app.run([...admin, '--promote-existing'], { input })).code).toBe(DONE);
    const fresh = freshSecret();
    const previous = `REGSTACK_JWT_PREVIOUS_SECRETS=${needed}`;
    writeFileSync(app.secretsFile, `REGSTACK_JWT_SECRET=${fresh}\n${previous}\n`);
    await rotate('--step', 'announce');
    const [announced] = secrets().previous;
    const reordered = app.secrets().replace(`["${announced}","${needed}"]`, `["${needed}","${announced}"]`);
    writeFileSync(app.secretsFile, reordered);

    const { code, stderr } = await rotate('--step', 'drop');
    expect([code, secrets().previous]).toEqual([REFUSED, [needed, announced]]);
    expect(stderr).toContain('1 message(s) are encrypted with it');
  });

  it('an announced secret is the next one without --step too', async () => {
    await rotate('--step', 'announce');
    const [next] = secrets().previous;
    await rotate();
    expect(secrets().current).toBe(next);
  });

  it('an unknown step is a wrong command line', async () => {
    expect((await rotate('--step', 'twice')).code).toBe(USAGE);
  });

  it('a file that others could read is theirs no more; a link to it stays one', async () => {
    const target = join(app.folder, 'elsewhere');
    renameSync(app.secretsFile, target);
    symlinkSync(target, app.secretsFile);
    chmodSync(target, 0o644);
    expect((await rotate()).code).toBe(DONE);
    expect(lstatSync(app.secretsFile).isSymbolicLink()).toBe(true);
    expect(statSync(app.secretsFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(app.folder).filter((name) => /lock|draft/.test(name))).toEqual([]);
  });

  it.each([
    ['the environment', { REGSTACK_JWT_SECRET: freshSecret() }],
    ['the environment, of former ones', { REGSTACK_JWT_PREVIOUS_SECRETS: freshSecret() }],
  ])('refuses a secret out of %s, with the steps to take by hand', async (_, env) => {
    const before = app.secrets();
    for (const step of [[], ['--step', 'announce'], ['--step', 'drop']]) {
      const { code, stdout, stderr } = await app.run(['rotate-secret', ...step], { env });
      expect([code, stdout]).toEqual([REFUSED, '']);
      expect(stderr).toContain('By hand:');
      expect(stderr).not.toContain(Object.values(env)[0]);
    }
    expect(app.secrets()).toBe(before);
    expect((await app.run(['rotate-secret', '--step', 'reencrypt'], { env })).code).toBe(DONE);
  });

  it('refuses a secret out of regstack.toml', async () => {
    const secret = freshSecret();
    const other = await Installation.on('sqlite', `jwt_secret = "${secret}"`);
    writeFileSync(other.secretsFile, '# nothing\n');
    const { code, stderr } = await other.run(['rotate-secret']);
    expect([code, stderr.includes('By hand:'), stderr.includes(secret)]).toEqual([REFUSED, true, false]);
    await other.remove();
  });

  describe('of a host with a module of its own', () => {
    const hostOf = (values: string): string => {
      symlinkSync(resolve(__dirname, '../../node_modules'), join(app.folder, 'node_modules'));
      const file = join(app.folder, 'app.module.js');
      writeFileSync(
        file,
        `const { Module } = require('@nestjs/common');
         const { loadRegStackConfig, RegStackModule } = require('@regstack/nestjs');
         class AppModule {}
         Module({ imports: [RegStackModule.forRoot(loadRegStackConfig(${values}))] })(AppModule);
         exports.AppModule = AppModule;`,
      );
      return file;
    };

    it('changes the one of its files', async () => {
      const { current: old } = secrets();
      const { code, stdout } = await rotate('--module', hostOf(''));
      expect(code).toBe(DONE);
      expect(stdout).toContain('encrypted anew: ');
      expect(secrets().previous).toEqual([old]);
    });

    it('refuses one that comes from its code', async () => {
      const before = app.secrets();
      const { code, stderr } = await rotate('--module', hostOf(`{ jwtSecret: '${freshSecret()}' }`));
      expect([code, stderr.includes('By hand:'), app.secrets()]).toEqual([REFUSED, true, before]);
    });
  });

  it('several at once: each that says so has changed it, and no secret that was current is lost', async () => {
    const { current: old } = secrets();
    const runs = await parallel(6, () => rotate());
    const done = runs.filter(({ code }) => code === DONE).length;
    const { current, previous } = secrets();
    expect(done).toBeGreaterThan(0);
    expect(new Set([current, ...previous]).size).toBe(done + 1);
    expect(previous).toContain(old);
    for (const { code, stderr } of runs.filter((one) => one.code !== DONE)) {
      expect(code).toBe(REFUSED);
      expect(stderr).toMatch(
        /another command is writing|changed by somebody else|secrets of this app do not/,
      );
    }
  });

  it('killed at any moment: every secret that was current is there, and the file is whole and its owner’s', async () => {
    const everCurrent = new Set([secrets().current]);
    for (let change = 1; change <= 5; change++) {
      await killedAtChange(app, ['rotate-secret'], change);
      const { current, previous } = secrets();
      everCurrent.add(current);
      expect(new Set([current, ...previous])).toEqual(everCurrent);
      expect(statSync(app.secretsFile).mode & 0o777).toBe(0o600);
      if (existsSync(`${app.secretsFile}.lock`)) await removeByItsMessage();
    }
    expect(everCurrent.size).toBeGreaterThan(1);
    expect((await rotate()).code).toBe(DONE);
  }, 120_000);

  /** What a killed one has left is told by the next, with the cure. */
  async function removeByItsMessage(): Promise<void> {
    const { code, stderr } = await rotate();
    expect(code).toBe(REFUSED);
    rmSync(/it left (\S+), which can be removed/.exec(stderr)![1]!);
  }
});
