import { AppFolder } from '../../support/cli/app-folder';
import { DATABASES, dropDatabases } from '../../support/databases';
import { runCli } from '../../support/cli/run-cli';
import { scratchFolder } from '../../support/scratch-folder';
import { FakeDns } from '../../support/fake-dns';
import { FakeSmtp } from '../../support/fake-smtp';
import { MongoServer } from '../../support/servers/mongo.server';
import { PostgresServer } from '../../support/servers/postgres.server';
import { describeOn } from '../../support/stores';
import { APP_CASES, CLOCK_CASE, endSenders, SENDER_CASES } from './app.cases';
import { type DoctorCase, mendAsPrinted, saidIn, type Surroundings } from './case';
import { CONFIG_CASES } from './config.cases';
import { DNS_CASES } from './dns.cases';

interface Result {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly cure?: string;
}

let at: Surroundings;
beforeEach(async () => {
  at = { app: new AppFolder(), dns: await FakeDns.start(), smtp: await FakeSmtp.start() };
});
afterEach(async () => {
  await at.dns.stop();
  await at.smtp.down();
  await endSenders();
});

async function examined(args: readonly string[] = []) {
  const { code, stdout, stderr } = await at.app.run('doctor', '--json', ...args);
  expect(stderr).toBe('');
  const { failures, results } = JSON.parse(stdout) as { failures: number; results: Result[] };
  expect(failures).toBe(results.filter(({ status }) => status === 'fail').length);
  expect(code).toBe(failures);
  return results;
}

async function expectMended({ check, message, args, spoil, mend }: DoctorCase): Promise<void> {
  await spoil(at);
  const options = args?.(at) ?? [];
  const failed = (await examined(options)).filter((one) => one.status === 'fail' && one.check === check);
  expect(failed).toEqual([
    { check, status: 'fail', message: expect.stringMatching(message), cure: expect.any(String) },
  ]);
  await (mend ?? mendAsPrinted)(at, failed[0]!.cure!);
  const mended = (await examined(options)).filter((one) => one.check === check);
  expect(mended.map(({ status }) => status)).toEqual(['pass']);
}

describe('regstack doctor finds it, and its cure mends it:', () => {
  it.each(CONFIG_CASES.map((one) => [one.title, one] as const))('%s', (_, one) => expectMended(one));
  it.each(DNS_CASES.map((one) => [one.title, one] as const))('%s', (_, one) => expectMended(one));
  it.each(APP_CASES.map((one) => [one.title, one] as const))('%s', (_, one) => expectMended(one));
  it.each(SENDER_CASES.map((one) => [one.title, one] as const))('%s', (_, one) => expectMended(one));
});

describeOn(['postgres'], 'regstack doctor', (store) => {
  afterEach(dropDatabases);

  it('finds a clock that is wrong', () =>
    expectMended({
      ...CLOCK_CASE,
      spoil: async () => {
        at.app.secret('REGSTACK_DATABASE_URL', await DATABASES[store].fresh());
        CLOCK_CASE.spoil(at);
      },
    }));

  it('warns of one that is some seconds off', async () => {
    at.app.secret('REGSTACK_DATABASE_URL', await DATABASES[store].fresh());
    CLOCK_CASE.spoil(at);
    at.app.env['SHIFT_SECONDS'] = '-10';
    expect((await examined()).find(({ check }) => check === 'clock')).toEqual({
      ...{ check: 'clock', status: 'warn' },
      message: expect.stringMatching(/^the clock of the database is (9|10)\.\d s off/),
      cure: expect.stringMatching(/^let both machines take the time from the network/),
    });
  });

  it('finds a server that is down', async () => {
    const server = await PostgresServer.start({ isDurable: false });
    await server.stop();
    await expectMended({
      title: '',
      check: 'database',
      spoil: () => at.app.secret('REGSTACK_DATABASE_URL', server.url()),
      message: /^database_url: the PostgreSQL database cannot be opened \(ECONNREFUSED\)$/,
      mend: async (_, cure) => {
        saidIn(cure, /^check that the server runs/);
        await server.restart();
      },
    });
    await server.dispose();
  });
});

describeOn(['mongo'], 'regstack doctor', () => {
  it('finds a server that is down', async () => {
    const server = await MongoServer.start();
    await server.stop();
    await expectMended({
      title: '',
      check: 'database',
      spoil: () => at.app.secret('REGSTACK_DATABASE_URL', server.url('plum')),
      message: /^database_url: MongoDB at 127\.0\.0\.1 cannot be opened/,
      mend: async (_, cure) => {
        saidIn(cure, /^check that the server runs/);
        await server.restart();
      },
    });
    await server.dispose();
  });
});

describe('regstack doctor', () => {
  it('passes an app that is sound, and says so to people', async () => {
    at.app.shell('npx regstack migrate');
    const { code, stdout, stderr } = await at.app.run('doctor');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ok {4}configuration {2}can be used; read: regstack\.toml, regstack\.secrets\.env$/m,
    );
    expect(stdout).toMatch(/^skip {2}mx +is looked up with --check-dns$/m);
    expect(stdout).toMatch(/\n\n0 failed, 0 to look at, \d+ passed, \d+ skipped\n$/);
    expect(at.smtp.mails).toEqual([]);
  });

  it('passes what init has made, before the app has started', async () => {
    const folder = at.app.file('fresh');
    expect((await at.app.run('init', '--yes', '--target', folder)).code).toBe(0);
    const { code, stdout } = await runCli(['doctor'], { cwd: folder });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/\n\n0 failed, 0 to look at, /)]);
  });

  it('warns of a path that means another file elsewhere', async () => {
    const cwd = scratchFolder('elsewhere');
    const { stdout } = await runCli(['doctor', '--json', '--config', at.app.file('regstack.toml')], { cwd });
    const { results } = JSON.parse(stdout) as { results: Result[] };
    expect(results.find(({ check }) => check === 'database')).toEqual({
      ...{ check: 'database', status: 'warn', cure: 'name the whole path of the file in database_url' },
      message: expect.stringContaining(` means ${cwd}/`),
    });
  });

  it('takes no mail that is printed for one that was sent, nor prints it among the results', async () => {
    const results = await examined(['--send-test-email', 'ann@example.org']);
    expect(results.find(({ check }) => check === 'test-mail')).toEqual({
      check: 'test-mail',
      status: 'skip',
      message: 'email.backend = console sends nothing: it prints mails to the terminal',
    });
  });

  it('does not advise to remove a secret that is announced', async () => {
    at.app.shell('npx regstack migrate && npx regstack rotate-secret --step announce');
    expect((await examined()).filter(({ check }) => check === 'keys')).toEqual([
      { check: 'keys', status: 'pass', message: expect.stringContaining('--step switch comes next') },
    ]);
  });

  it('prints the cure under a failure, and nothing that moves the cursor', async () => {
    at.app.set({ trusted_proxies: 1, 'app\u001b[2Jname': 'x' });
    const { code, stdout } = await at.app.run('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain('app\\u{1b}[2Jname (regstack.toml:?): is not a setting');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toMatch(/^FAIL {2}configuration .*\n {21}→ /m);
  });

  it('asks a DNS server that is silent for some seconds only', async () => {
    at.dns.mode = 'silence';
    const begin = Date.now();
    const results = await examined(['--check-dns', '--dns-server', at.dns.address]);
    const ofDns = results.filter(({ check }) => ['mx', 'spf', 'dmarc'].includes(check));
    expect(ofDns.map(({ message }) => message)).toEqual(
      Array(3).fill('localhost.localdomain could not be looked up (ETIMEOUT)'),
    );
    expect(Date.now() - begin).toBeLessThan(40_000);
  });

  it.each([
    [['--dns-server', 'dns.example.org'], /^--dns-server: must be an IP address/],
    [['--send-test-email', 'nobody'], /^--send-test-email: must be an e-mail address/],
    [['--nonsense'], /^error: unknown option '--nonsense'/],
  ])('refuses %j as wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await at.app.run('doctor', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
