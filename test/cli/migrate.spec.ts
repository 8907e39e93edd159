import Database from 'better-sqlite3';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { Installation } from '../support/cli/installation';
import { describeOn } from '../support/stores';

const DONE = 0;
const REFUSED = 1;

describeOn(['sqlite', 'postgres', 'mongo'], 'regstack migrate', (store) => {
  let app: Installation;
  beforeEach(async () => {
    app = await Installation.on(store);
  });
  afterEach(() => app.remove());

  it('lists what is pending, prints what would run, and changes nothing until it is told to', async () => {
    const before = await app.run(['migrate', '--status']);
    expect(before).toMatchObject({
      code: REFUSED,
      stderr: 'the database schema is old; run: regstack migrate\n',
    });
    const plan = await app.run(['migrate', '--dry-run']);
    expect([plan.code, plan.stderr]).toEqual([DONE, '']);
    expect(plan.stdout).toMatch(/create/i);
    expect((await app.run(['migrate', '--status'])).stdout).toBe(before.stdout);

    const done = await app.run(['migrate']);
    expect([done.code, done.stderr]).toEqual([DONE, '']);
    expect(done.stdout).toBe(before.stdout.replaceAll('pending: ', 'done: '));
    const upToDate = { code: DONE, stdout: '', stderr: 'the database schema is up to date\n' };
    expect(await app.run(['migrate', '--status'])).toEqual(upToDate);
    expect(await app.run(['migrate'])).toEqual(upToDate);
  });

  it('two at once both end well', async () => {
    const both = await Promise.all([app.run(['migrate']), app.run(['migrate'])]);
    expect(both.map(({ code }) => code)).toEqual([DONE, DONE]);
    expect((await app.run(['migrate', '--status'])).code).toBe(DONE);
  });
});

describe('an old schema', () => {
  it('is brought up to date by a command that needs it, as the boot of the app would', async () => {
    const app = await Installation.on('sqlite');
    const { code, stdout, stderr } = await app.run(['users', 'list', '--json']);
    expect([code, stdout]).toEqual([DONE, '[]\n']);
    expect(stderr).toContain('the database schema was brought up to date: ');
    expect((await app.run(['users', 'list'])).stderr).toBe('0 account(s)\n');
    await app.remove();
  });

  it('refuses such a command where auto_migrate is off, and names the cure, which works', async () => {
    const app = await Installation.on('sqlite', 'auto_migrate = false');
    for (const command of [
      ['users', 'list'],
      ['outbox', 'list'],
      ['rotate-secret'],
      ['create-admin', 'a@example.org'],
    ]) {
      const { code, stdout, stderr } = await app.run(command, { input: 'plum-Tractor-91-violet\n' });
      expect([code, stdout, stderr]).toEqual([REFUSED, '', expect.stringContaining('run: regstack migrate')]);
    }
    await app.run(['migrate']);
    expect((await app.run(['users', 'list'])).code).toBe(DONE);
    await app.remove();
  });

  it('a plan can be piped into the shell of the database', async () => {
    const app = await Installation.on('sqlite', 'auto_migrate = false');
    const { stdout } = await app.run(['migrate', '--dry-run']);
    new Database(sqliteFileOf(app.databaseUrl)).exec(stdout).close();
    expect((await app.run(['migrate', '--status'])).code).toBe(DONE);
    await app.remove();
  });

  it('two questions at once are a wrong command line', async () => {
    const app = await Installation.on('sqlite');
    expect((await app.run(['migrate', '--status', '--dry-run'])).code).toBe(2);
  });
});
