import { Installation } from '../support/cli/installation';
import { KEYS, type TerminalSession } from '../support/cli/terminal-session';
import { PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';
import { enrolApp, signIn } from '../support/second-factor';
import { describeOn } from '../support/stores';

const [DONE, REFUSED, USAGE, CANCELLED] = [0, 1, 2, 130];
const COMMON = 'password1234';
const OTHER = 'gentle-Harbour-37-copper';
const [ASKED, AGAIN] = ['Password', 'The same password again'];

describeOn(['sqlite', 'postgres', 'mongo'], 'W11: an address that a stranger registered first', (store) => {
  it('is refused, and promoted on demand with nothing left to the stranger', async () => {
    const smtp = await FakeSmtp.start();
    const app = await Installation.on(store, 'require_verification = false');
    const demo = await app.startDemo(smtpEnv(smtp));
    const login = (password: string) => demo.call('POST', '/login', { email, password });
    const email = someone('boss');
    await demo.call('POST', '/register', { email, password: PASSWORD, full_name: 'Mallory' });
    const token = (await login(PASSWORD)).json.access_token as string;
    await demo.call('POST', '/forgot-password', { email });
    const link = await smtp.tokenTo(email);
    const input = `${OTHER}\n`;

    const refused = await app.run(['create-admin', email], { input });
    expect([refused.code, refused.stdout]).toEqual([REFUSED, '']);
    expect(refused.stderr).toContain('--promote-existing');
    expect((await demo.call('GET', '/me', undefined, { token })).json.is_superuser).toBe(false);
    expect((await login(OTHER)).status).toBe(401);

    const promoted = await app.run(['create-admin', email, '--promote-existing'], { input });
    expect([promoted.code, promoted.stderr]).toEqual([DONE, '']);
    expect(promoted.stdout).toContain(`${email} (`);
    expect(promoted.stdout).toContain('kept: its name "Mallory"');
    expect(promoted.stdout).toContain('1 session(s) have ended');
    expect(promoted.stdout).toContain('kept: no second factor');
    expect(promoted.stdout).toContain('kept: nobody has proved its address yet');
    expect(promoted.stdout).not.toContain(OTHER);

    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(401);
    expect((await login(PASSWORD)).status).toBe(401);
    const reset = await demo.call('POST', '/reset-password', { token: link, new_password: PASSWORD });
    expect(reset.json.code).toBe('token.invalid');
    const { json } = await login(OTHER);
    const me = await demo.call('GET', '/me', undefined, { token: json.access_token as string });
    expect(me.json).toMatchObject({ email, is_superuser: true });
    await demo.stop();
    await smtp.down();
    await app.remove();
  });
});

describe('W11: second factors that somebody else has enrolled', () => {
  it('are told, and removed on demand', async () => {
    const smtp = await FakeSmtp.start();
    const app = await Installation.on('sqlite', 'require_verification = false');
    const demo = await app.startDemo(smtpEnv(smtp));
    const email = someone('boss');
    await demo.call('POST', '/register', { email, password: PASSWORD });
    await enrolApp(demo, (await signIn(demo, email)).json.access_token as string);
    const promote = (...more: string[]) =>
      app.run(['create-admin', email, '--promote-existing', ...more], { input: `${OTHER}\n` });
    const login = async () => (await demo.call('POST', '/login', { email, password: OTHER })).json;

    const told = await promote();
    expect([told.code, told.stdout]).toEqual([
      DONE,
      expect.stringContaining('kept: its second factors (totp)'),
    ]);
    expect(await login()).toMatchObject({ status: 'mfa_required' });
    const removed = await promote('--clear-second-factors');
    expect([removed.code, removed.stdout]).toEqual([
      DONE,
      expect.stringContaining('done: its second factors (totp) are removed'),
    ]);
    expect(await login()).toHaveProperty('access_token');
    await demo.stop();
    await smtp.down();
    await app.remove();
  });
});

describe('regstack create-admin', () => {
  let app: Installation;
  beforeAll(async () => {
    app = await Installation.on('sqlite');
    await app.run(['migrate']);
  });
  afterAll(() => app.remove());

  const create = (email: string, input: string, ...more: string[]) =>
    app.run(['create-admin', email, ...more], { input });
  const show = async (email: string) => {
    const { code, stdout } = await app.run(['users', 'show', email, '--json']);
    return code === DONE ? (JSON.parse(stdout) as unknown) : null;
  };

  it('takes the password from one line on stdin', async () => {
    const email = someone('alice');
    const { code, stdout, stderr } = await create(email, `${PASSWORD}\r\nmore\n`, '--full-name', 'Alice L');
    expect([code, stderr]).toEqual([DONE, '']);
    expect(stdout).toMatch(new RegExp(`^${email} \\([0-9a-f-]{36}\\) is a superuser now\n$`));
    expect(await show(email)).toMatchObject({
      is_superuser: true,
      is_verified: true,
      is_active: true,
      full_name: 'Alice L',
    });
    expect((await create(email, `${PASSWORD}\n`)).code).toBe(REFUSED);
  });

  it.each([
    ['R05: a common password', `${COMMON}\n`, 'must not be a password that many people use'],
    ['one that is too short', 'short\n', 'must have at least 12 characters'],
    ['none', '', 'no password on stdin'],
    ['an empty line', `\n${PASSWORD}\n`, 'no password on stdin'],
    ['a line that is too long', 'x'.repeat(10_000), 'too long for a password'],
  ])('refuses %s, and says why', async (_, input, reason) => {
    const email = someone();
    const { code, stdout, stderr } = await create(email, input);
    expect([code, stdout]).toEqual([REFUSED, '']);
    expect(stderr).toContain(reason);
    expect(await show(email)).toBeNull();
  });

  it.each([
    ['W55: a password as an argument', [PASSWORD]],
    ['a switch for nothing', ['--clear-second-factors']],
  ])('refuses %s as a wrong command line', async (_, more) => {
    const { code, stderr } = await create(someone(), `${PASSWORD}\n`, ...more);
    expect(code).toBe(USAGE);
    expect(stderr).not.toContain(PASSWORD);
  });

  it('says what is wrong with an address', async () => {
    const { code, stderr } = await create('nobody', `${PASSWORD}\n`);
    expect(code).toBe(REFUSED);
    expect(stderr).toContain('This is not an e-mail address that can be used here.');
  });

  const twice = async (session: TerminalSession, one: string, other = one): Promise<void> => {
    await session.answer(ASKED, one + KEYS.enter);
    await session.answer(AGAIN, other + KEYS.enter);
  };

  it('asks for it twice in a terminal, shows nothing of it, and asks again until it can be used', async () => {
    const email = someone('carol');
    const session = app.inTerminal(['create-admin', email]);
    await twice(session, OTHER, PASSWORD);
    await session.shows('two different passwords');
    await twice(session, COMMON);
    await session.shows('must not be a password that many people use');
    await twice(session, OTHER);
    await session.shows('is a superuser now');
    expect(await session.end()).toBe(DONE);
    for (const password of [OTHER, PASSWORD, COMMON]) expect(session.screen).not.toContain(password);
    expect(await show(email)).toMatchObject({ is_superuser: true });
  });

  it('Ctrl-C at the prompt makes nobody', async () => {
    const email = someone('dave');
    const session = app.inTerminal(['create-admin', email]);
    await session.answer(ASKED, KEYS.interrupt);
    expect(await session.end()).toBe(CANCELLED);
    expect(await show(email)).toBeNull();
  });

  it('makes an account with --promote-existing too, where there is none', async () => {
    const email = someone('erin');
    expect((await create(email, `${PASSWORD}\n`, '--promote-existing')).code).toBe(DONE);
    expect(await show(email)).toMatchObject({ is_superuser: true, is_verified: true });
  });
});
