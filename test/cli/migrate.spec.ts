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

describe('regstack migrate', () => {
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
