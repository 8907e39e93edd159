import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, freshSecret, PASSWORD, someone } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';
import { CANARY, PRODUCTION, WRONG_CONFIGURATIONS } from '../support/wrong-configurations';

/** As the Python project's `init` writes it. */
const PYTHON_TOML = readFileSync(join(__dirname, '../support/python-project/regstack.toml'), 'utf8');

describe('R60, G12: a wrong configuration refuses to start, names the key and the cure, and prints no value', () => {
  const folder = scratchFolder('boot');

  it.each(WRONG_CONFIGURATIONS)('%s', async (_, env, message) => {
    const begin = Date.now();
    const demo = await Demo.startRefused(env);
    expect(demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.log).toMatch(message);
    expect(demo.log).not.toContain(CANARY);
    expect(demo.log).not.toMatch(/\n\s+at /);
    // A second on a quiet machine, G12's five on a busy one; more is waiting for something.
    expect(Date.now() - begin).toBeLessThan(15_000);
  });

  it('a MongoDB server that is not there, once it was looked for', async () => {
    const url = `mongodb://x:${CANARY}@127.0.0.1:1/db`;
    const demo = await Demo.startRefused({ REGSTACK_DATABASE_URL: url });
    expect(demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.log).toMatch(
      /database_url: MongoDB at 127\.0\.0\.1:1 cannot be opened .*check that the server runs/,
    );
    expect(demo.log).not.toContain(CANARY);
  });

  it('all problems are told at once', async () => {
    const { log } = await Demo.startRefused({
      REGSTACK_JWT_SECRET: CANARY,
      REGSTACK_JWT_TTL_SECONDS: '0',
      REGSTACK_APP_NAME: '',
    });
    expect(log).toMatch(/3 problem\(s\)/);
    expect(log).toMatch(/app_name[^]*jwt_secret[^]*jwt_ttl_seconds/);
  });

  it('a regstack.toml as the Python project writes it, with its secrets file, starts and has its effect', async () => {
    const config = join(folder, 'regstack.toml');
    writeFileSync(config, `user_collection = "users"\n${PYTHON_TOML}`);
    writeFileSync(
      join(folder, 'regstack.secrets.env'),
      `REGSTACK_JWT_SECRET=${freshSecret()}\nREGSTACK_DATABASE_URL=sqlite+aiosqlite:///${join(folder, 'myapp.sqlite')}\n`,
    );
    const none = { REGSTACK_JWT_SECRET: undefined, REGSTACK_DATABASE_URL: undefined };
    const demo = await Demo.start({ ...none, REGSTACK_CONFIG: config });
    const registered = await demo.call('POST', '/register', { email: someone(), password: PASSWORD });
    expect([registered.status, registered.json.is_verified]).toEqual([201, false]);
    expect(existsSync(join(folder, 'myapp.sqlite'))).toBe(true);
    expect(demo.log).toContain(
      'user_collection (regstack.toml:1): means nothing here and can go; instead: table_prefix',
    );
    await demo.stop();
  });

  it('a wrong file refuses with file and line, and prints nothing of it', async () => {
    const config = join(folder, 'wrong.toml');
    writeFileSync(config, `app_name = "x"\njwt_secrt = "${CANARY}"\n`);
    const { exit, log } = await Demo.startRefused({ REGSTACK_CONFIG: config });
    expect(exit?.code).toBe(1);
    expect(log).toContain('jwt_secrt (wrong.toml:2): is not a setting; did you mean jwt_secret?');
    expect(log).not.toContain(CANARY);
  });

  it('a production configuration that is right starts', async () => {
    const demo = await Demo.start({ ...PRODUCTION, REGSTACK_JWT_SECRET: freshSecret() });
    expect((await demo.call('GET', '/me')).status).toBe(401);
    await demo.stop();
  });
});
