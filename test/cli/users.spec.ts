import { spawnSync } from 'node:child_process';
import { canonicalEmail, loadRegStackConfig } from '@regstack/nestjs';
import { openStore } from '@regstack/nestjs/testing';
import { Installation } from '../support/cli/installation';
import { BIN } from '../support/cli/run-cli';
import { KEYS } from '../support/cli/terminal-session';
import { rowsOf } from '../support/databases';
import { PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { describeOn } from '../support/stores';

const [DONE, REFUSED, USAGE] = [0, 1, 2];
const MANY = 205;
const HOSTILE = '\u001b]0;owned\u0007\u009b2J\r\n\u202eevil';

/** Makes many users, of whom one has a name for the terminal of whoever lists them. */
async function seed({ databaseUrl }: Installation): Promise<void> {
  const settings = loadRegStackConfig({ databaseUrl, jwtSecret: 'x'.repeat(32) }, { env: {} });
  const store = await openStore(settings);
  for (let n = 1; n <= MANY; n++) {
    await store.users.create({
      id: `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      email: canonicalEmail(`user${n}@example.org`),
      passwordHash: null,
      fullName: n === 7 ? HOSTILE : null,
      isVerified: n !== 3,
      isSuperuser: n === 2,
      attributes: {},
      createdAt: new Date('2026-01-01'),
    });
  }
  await store.close();
}

describeOn(['sqlite', 'postgres', 'mongo'], 'regstack users', (store) => {
  let app: Installation;
  beforeEach(async () => {
    app = await Installation.on(store, 'require_verification = false');
  });
  afterEach(() => app.remove());

  it('lists all of them, page by page, or those that are asked for', async () => {
    await seed(app);
    const list = async (...args: string[]): Promise<{ readonly id: string; readonly email: string }[]> => {
      const { code, stdout, stderr } = await app.run(['users', 'list', '--json', ...args]);
      expect([code, stderr]).toEqual([DONE, '']);
      // What could command a terminal is escaped.
      expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
      return JSON.parse(stdout) as { id: string; email: string }[];
    };
    const all = await list();
    expect(all.map(({ email }) => email)).toEqual(
      Array.from({ length: MANY }, (_, n) => `user${MANY - n}@example.org`),
    );
    expect((await list('--limit', '202')).map(({ id }) => id)).toEqual(all.slice(0, 202).map(({ id }) => id));
    expect((await list('--search', 'USER12', '--limit', '2')).map(({ email }) => email)).toEqual([
      'user129@example.org',
      'user128@example.org',
    ]);
    expect(await list('--superusers')).toEqual([
      expect.objectContaining({ email: 'user2@example.org', is_superuser: true }),
    ]);
    expect(await list('--unverified')).toEqual([
      expect.objectContaining({ email: 'user3@example.org', is_verified: false }),
    ]);
    await app.run(['users', 'disable', all.at(-1)!.id]);
    expect(await list('--disabled')).toEqual([expect.objectContaining({ email: 'user1@example.org' })]);
    const [hostile] = await list('--search', 'evil');
    expect(hostile).toMatchObject({ full_name: HOSTILE });
  });

  it('does to one of them what an admin can, at once, and the audit log has it', async () => {
    const smtp = await FakeSmtp.start();
    const demo = await app.startDemo(smtpEnv(smtp));
    const email = someone();
    const login = () => demo.call('POST', '/login', { email, password: PASSWORD });
    const me = (token: string) => demo.call('GET', '/me', undefined, { token });
    const { json: user } = await demo.call('POST', '/register', { email, password: PASSWORD });
    const { access_token: token } = (await login()).json as { access_token: string };

    const shown = await app.run(['users', 'show', email.toUpperCase(), '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ ...(await me(token)).json, live_sessions: 1 });
    const revoked = await app.run(['users', 'revoke-sessions', email]);
    expect([revoked.code, revoked.stdout]).toEqual([DONE, expect.stringContaining('signed out everywhere')]);
    expect((await me(token)).status).toBe(401);

    expect((await app.run(['users', 'disable', user.id as string])).code).toBe(DONE);
    expect((await login()).json.code).toBe('account.disabled');
    expect((await app.run(['users', 'enable', email])).code).toBe(DONE);
    expect((await login()).status).toBe(200);
    expect((await app.run(['users', 'delete', email])).code).toBe(USAGE);
    expect((await login()).status).toBe(200);
    const deleted = await app.run(['users', 'delete', email, '--yes']);
    expect([deleted.code, deleted.stdout]).toEqual([DONE, expect.stringContaining(`${email} (${user.id})`)]);
    expect((await login()).status).toBe(401);
    const gone = await app.run(['users', 'show', email]);
    expect([gone.code, gone.stderr]).toEqual([
      REFUSED,
      `there is no account ${email}; regstack users list --search TEXT finds accounts\n`,
    ]);
    await demo.stop();
    await smtp.down();
    const rows = await rowsOf(app.databaseUrl);
    for (const kind of ['user.disabled', 'user.enabled', 'user.deleted', 'session.all_revoked'])
      expect(rows).toContain(kind);
  });
});

describe('regstack users', () => {
  let app: Installation;
  beforeAll(async () => {
    app = await Installation.on('sqlite');
    await seed(app);
  });
  afterAll(() => app.remove());

  it('shows names without what a terminal would obey', async () => {
    const { stdout } = await app.run(['users', 'list', '--search', 'evil']);
    expect(stdout).toMatch(/^[\x20-\x7e]+\n$/);
    expect(stdout).toContain('\\u{1b}]0;owned\\u{7}');
    const shown = await app.run(['users', 'show', 'user7@example.org']);
    expect(shown.stdout).toMatch(/^[\x20-\x7e\n]+$/);
    expect(shown.stdout.split('\n')).toHaveLength(11);
  });

  it('ends quietly where whoever reads has seen enough', () => {
    const script = `"${BIN}" users list | true; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync('bash', ['-c', script], { cwd: app.folder, encoding: 'utf8' });
    expect([status, stderr]).toEqual([DONE, expect.not.stringMatching(/EPIPE|^ +at /m)]);
  });

  it.each(['disable', 'delete'])('%s: the last admin is refused, as anywhere', async (command) => {
    const more = command === 'delete' ? ['--yes'] : [];
    const { code, stdout, stderr } = await app.run(['users', command, 'user2@example.org', ...more]);
    expect([code, stdout]).toEqual([REFUSED, '']);
    expect(stderr).toBe('This is the last active admin. Make somebody else one first.\n');
  });

  it('asks in a terminal before it deletes', async () => {
    const command = ['users', 'delete', 'user9@example.org'];
    const doubtful = app.inTerminal(command);
    await doubtful.answer('and everything about it?', KEYS.enter);
    expect(await doubtful.end()).toBe(REFUSED);
    const cancelled = app.inTerminal(command);
    await cancelled.answer('and everything about it?', KEYS.interrupt);
    expect(await cancelled.end()).toBe(130);
    const sure = app.inTerminal(command);
    await sure.answer('and everything about it?', 'y');
    await sure.shows('is deleted');
    expect(await sure.end()).toBe(DONE);
  });

  it.each([
    [['users'], 'Usage: regstack users'],
    [['users', 'lits'], "unknown command 'users lits'"],
    [['users', 'list', 'x'], 'too many arguments'],
    [['users', 'list', '--limit', '0'], '--limit must be a whole number from 1'],
    [['users', 'show'], "missing required argument 'user'"],
    [['outbox', 'list', '--state', 'lost'], '--state must be one of: queued, sent, dead'],
  ])('%j is a wrong command line, and says so', async (command, told) => {
    const { code, stderr } = await app.run(command);
    expect([code, stderr]).toEqual([USAGE, expect.stringContaining(told)]);
  });
});
