import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult } from '../../../libs/cli/src/findings/finding';
import { Installation } from '../../../libs/cli/src/validate/installation';
import type { Mailbox } from '../../../libs/cli/src/validate/mailbox';
import { walk } from '../../../libs/cli/src/validate/walk';
import { runCli } from '../../support/cli/run-cli';
import { TerminalSession } from '../../support/cli/terminal-session';
import { Demo, PASSWORD, smtpEnv, someone } from '../../support/demo';
import { CERTIFICATE, FakeSmtp, linkIn } from '../../support/fake-smtp';
import { freePort } from '../../support/free-port';
import { scratchFolder } from '../../support/scratch-folder';
import { SpoilingProxy } from '../../support/spoiling-proxy';
import { SPOILT_CASES } from './spoilt.cases';

const cwd = scratchFolder('validate');
const paths = { api: '/api/auth', ui: '/account' };

let smtp: FakeSmtp;
let proxy: SpoilingProxy;
let demo: Demo;
beforeAll(async () => {
  smtp = await FakeSmtp.start();
  proxy = await SpoilingProxy.start();
  demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_BASE_URL: proxy.url });
  proxy.target = demo.url;
});
afterAll(async () => {
  await demo.stop();
  await proxy.stop();
  await smtp.down();
});
beforeEach(() => {
  proxy.spoil = () => {};
});

const inbox: Mailbox = { linkTo: async (email) => linkIn(await smtp.waitFor(email)) };

function visit({ url = proxy.url, mailbox = inbox, email = someone('visit') } = {}): Promise<
  readonly CheckResult[]
> {
  const installation = new Installation(new URL(url), paths);
  return walk({ installation, mailbox, email, password: PASSWORD, account: 'none', token: null });
}

const wrongIn = (results: readonly CheckResult[]) =>
  results.filter(({ status }) => status === 'fail' || status === 'warn');

describe('a visit to an installation', () => {
  it('finds nothing wrong with one that is sound, and leaves nothing', async () => {
    const email = someone('visit');
    const results = await visit({ email });
    expect(wrongIn(results)).toEqual([]);
    expect(results.filter(({ status }) => status === 'skip').map(({ check }) => check)).toEqual(['https']);
    const again = await demo.call('POST', '/register', { email, password: PASSWORD });
    expect(again.json.status).toBe('pending_verification');
    expect(smtp.to(email).at(-1)?.subject).not.toMatch(/already/);
  });

  it.each(SPOILT_CASES.map((one) => [one.check, one.title, one] as const))(
    '%s: %s',
    async (check, _, { status, message, spoil }) => {
      proxy.spoil = spoil;
      const found = (await visit()).filter((one) => one.check === check);
      expect(found).toEqual([
        { check, status, message: expect.stringMatching(message), cure: expect.any(String) },
      ]);
    },
  );

  it('https: passwords would go in clear', async () => {
    const [first] = await visit({ url: `http://0.0.0.0:${proxy.port}` });
    expect(first).toMatchObject({ check: 'https', status: 'fail', message: 'passwords go there in clear' });
  });

  it('verify: a mail that does not come, a link that leads elsewhere', async () => {
    const lost = await visit({ mailbox: { linkTo: async () => null } });
    expect(wrongIn(lost)).toMatchObject([
      { check: 'verify', status: 'fail', message: 'no mail with a link came' },
    ]);
    const elsewhere: Mailbox = {
      linkTo: async (email) =>
        (await inbox.linkTo(email))!.replace(/^https?:\/\/[^/]+/, 'https://front.example.org'),
    };
    expect(wrongIn(await visit({ mailbox: elsewhere }))).toMatchObject([
      { check: 'verify', status: 'warn', message: 'the mailed link leads to https://front.example.org' },
    ]);
  });

  it('an app that is not there is told, not thrown', async () => {
    const results = await visit({ url: `http://127.0.0.1:${await freePort()}` });
    const failed = results.filter(({ status }) => status === 'fail');
    expect(failed.map(({ check }) => check)).toEqual(['register', 'unknown-field', 'no-store', 'pages']);
    expect(new Set(failed.map(({ message }) => message))).toEqual(new Set(['no answer (ECONNREFUSED)']));
  });

  it('follows nobody to another origin', async () => {
    const other = await SpoilingProxy.start();
    const asked: string[] = [];
    other.target = demo.url;
    other.spoil = (_, { route }) => asked.push(route);
    proxy.spoil = (answer) => Object.assign(answer, { status: 307, headers: { location: other.url } });
    expect((await visit()).find(({ check }) => check === 'register')?.message).toBe(
      'POST /register answered 307',
    );
    expect(asked).toEqual([]);
    await other.stop();
  });

  it('deletes the account although steps before have failed', async () => {
    proxy.spoil = (answer, { route }) => {
      if (route.endsWith('/me') || route.endsWith('/forgot-password'))
        Object.assign(answer, { status: 500, body: '' });
    };
    expect((await visit()).at(-1)).toMatchObject({ check: 'deletion', status: 'pass' });
  });
});

describe('regstack validate', () => {
  it('takes the link from the log of an app whose mails are printed', async () => {
    const printing = await Demo.start();
    const log = join(cwd, 'app.log');
    writeFileSync(log, '');
    printing.logTo(log);
    const { code, stdout, stderr } = await runCli(['validate', printing.url, '--mail-log', log], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ok {4}verify +the mailed link works, once$/m);
    expect(stdout).toMatch(/\n0 failed, 0 to look at, \d+ passed, 1 skipped\n$/);
    await printing.stop();
  });

  it('asks for the link in a terminal, and tells the number of failures', async () => {
    const email = someone('asked');
    proxy.spoil = (answer) => delete answer.headers['cache-control'];
    const session = TerminalSession.start(['validate', proxy.url, '--email', email], { cwd });
    await session.shows('The link in the mail');
    const link = linkIn(await smtp.waitFor(email));
    await session.answer('', `${link}\r`);
    expect(await session.end()).toBe(2);
    expect(session.screen).toMatch(/FAIL {2}no-store/);
    expect(session.screen).toMatch(/FAIL {2}pages/);
  });

  it('ends at the prompt with 130', async () => {
    const session = TerminalSession.start(['validate', proxy.url, '--email', someone('gone')], { cwd });
    await session.answer('The link in the mail', '\u0003');
    expect(await session.end()).toBe(130);
  });

  it('over https looks for what https brings', async () => {
    const secure = await SpoilingProxy.start('https');
    const behind = await Demo.start({ REGSTACK_BASE_URL: secure.url });
    secure.target = behind.url;
    const log = join(cwd, 'secure.log');
    writeFileSync(log, '');
    behind.logTo(log);
    const run = () =>
      runCli(['validate', secure.url, '--mail-log', log, '--json'], {
        cwd,
        env: { NODE_EXTRA_CA_CERTS: CERTIFICATE },
      });
    const sound = JSON.parse((await run()).stdout) as { results: CheckResult[] };
    expect(wrongIn(sound.results)).toEqual([]);
    expect(sound.results[0]).toMatchObject({ check: 'https', status: 'pass' });
    secure.spoil = ({ headers }) => {
      delete headers['strict-transport-security'];
      headers['set-cookie'] = [headers['set-cookie'] ?? []].flat().map((one) => one.replace('; Secure', ''));
    };
    const { stdout, code } = await run();
    expect(wrongIn((JSON.parse(stdout) as { results: CheckResult[] }).results)).toMatchObject([
      { check: 'pages', message: 'without, or with another: strict-transport-security' },
      { check: 'cookie', message: expect.stringContaining('Secure') },
    ]);
    expect(code).toBe(2);
    await behind.stop();
    await secure.stop();
  });

  it.each([
    [['ftp://app.example.org', '--mail-log', '/dev/null'], /^the URL must be one such as/],
    [['https://user:canary-word@app.example.org', '--mail-log', '/dev/null'], /^the URL must be one such as/],
    [['https://app.example.org'], /^where does the mail arrive\?/],
    [
      ['https://app.example.org', '--mail-log', './nowhere.log'],
      /^--mail-log: \.\/nowhere\.log cannot be read/,
    ],
    [['https://app.example.org', '--email', 'nobody'], /^--email: must be an e-mail address/],
    [
      ['https://app.example.org', '--mail-log', '/dev/null', '--api-prefix', 'api'],
      /^--api-prefix: must be a path/,
    ],
    [[], /^error: missing required argument 'url'/],
  ])('refuses %j as wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await runCli(['validate', ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('canary-word');
  });
});
