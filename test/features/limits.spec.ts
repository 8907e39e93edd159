import {
  Demo,
  type DemoEnv,
  freshDatabase,
  freshSecret,
  parallel,
  PASSWORD,
  smtpEnv,
  someone,
} from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

const WRONG = 'this-is-not-the-one';

describe('limits, exact under parallel load over two processes', () => {
  let smtp: FakeSmtp;
  let demos: readonly Demo[];
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
    const settings: DemoEnv = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
    demos = [await Demo.start(settings), await Demo.start(settings)];
  });
  afterAll(async () => {
    await Promise.all(demos.map((demo) => demo.stop()));
    await smtp.down();
  });

  type Options = Parameters<Demo['call']>[3];
  const post = (n: number, path: string, body: unknown, options?: Options) =>
    demos[n % 2]!.call('POST', path, body, options);
  const member = async (): Promise<{ email: string; token: string; cookie: string }> => {
    const { email, token } = await demos[0]!.member(smtp);
    const { headers } = await post(0, '/login', { email, password: PASSWORD });
    return { email, token, cookie: headers.getSetCookie()[0]!.split(';', 1)[0]! };
  };
  const counts = (answers: readonly { status: number }[]): Readonly<Record<number, number>> => {
    const found: Record<number, number> = {};
    for (const { status } of answers) found[status] = (found[status] ?? 0) + 1;
    return found;
  };
  /** Mails to these addresses, once all that was stored before has had its turn: those behind a later one were sent. */
  const mailsTo = async (emails: readonly string[], subject: RegExp): Promise<number> => {
    for (const n of [0, 1, 0, 1]) {
      const later = someone('later');
      await post(n, '/register', { email: later, password: PASSWORD });
      await smtp.waitFor(later);
    }
    const mails = emails.flatMap((email) => smtp.to(email));
    return mails.filter((mail) => subject.test(mail.subject)).length;
  };

  it('W17: a mailbox gets five verification mails an hour, whoever registers it or asks again', async () => {
    const email = someone();
    const answers = await parallel(24, (n) =>
      n % 3 === 0
        ? post(n, '/resend-verification', { email })
        : post(n, '/register', { email: email.replace('@', `+${n}@`), password: PASSWORD }),
    );
    expect(counts(answers)).toEqual({ 201: 16, 202: 8 });
    const tagged = Array.from({ length: 24 }, (_, n) => email.replace('@', `+${n}@`));
    expect(await mailsTo([email, ...tagged], /Confirm|already/)).toBeLessThanOrEqual(5);
  });

  it('W17: five reset mails an hour', async () => {
    const { email } = await member();
    expect(counts(await parallel(20, (n) => post(n, '/forgot-password', { email })))).toEqual({ 202: 20 });
    expect(await mailsTo([email], /Set a new password/)).toBeLessThanOrEqual(5);
    // Of those that were mailed the newest is alive, whichever that is.
    const links = smtp.to(email).flatMap(({ text }) => /\/reset\?token=([\w-]+)/.exec(text)?.[1] ?? []);
    const body = { new_password: 'quiet-Harbour-37-lantern' };
    const uses = await Promise.all(links.map((token) => post(1, '/reset-password', { token, ...body })));
    expect(counts(uses)[200]).toBe(1);
  });

  it('W17: five mails an hour to an address that accounts want to move to', async () => {
    const movers = await Promise.all([member(), member()]);
    const target = someone('target');
    const answers = await parallel(20, (n) => {
      const body = { new_email: target, current_password: PASSWORD };
      return post(n, '/change-email', body, { token: movers[n % 2]!.token });
    });
    // Twenty at once is more than the window of the password takes.
    expect(counts(answers)[202]).toBeGreaterThanOrEqual(5);
    const mails = await mailsTo([target], /Confirm your new/);
    expect(mails).toBeGreaterThan(0);
    expect(mails).toBeLessThanOrEqual(5);
  });

  it('W20, R08: of 32 wrong current passwords of one session five are looked at, and strangers are charged', async () => {
    const { email, token, cookie } = await member();
    const paths = ['/change-password', '/change-email', '/reauthenticate'];
    const more = [{ new_password: 'quiet-Harbour-37-lantern' }, { new_email: someone() }, {}];
    const answers = await parallel(32, (n) =>
      post(n, paths[n % 3]!, { current_password: WRONG, ...more[n % 3] }, { token }),
    );
    expect(counts(answers)).toEqual({ 400: 5, 429: 27 });
    expect((await post(0, '/login', { email, password: PASSWORD })).status).toBe(429);
    // The device of the session that was opened last is another one.
    expect((await post(1, '/login', { email, password: PASSWORD }, { headers: { cookie } })).status).toBe(
      200,
    );
  });

  it('R17: of 32 guesses from a known device five are looked at, and none falls through to the strangers', async () => {
    const { email, cookie } = await member();
    const answers = await parallel(32, (n) =>
      post(n, '/login', { email, password: WRONG }, { headers: { cookie } }),
    );
    expect(counts(answers)).toEqual({ 401: 5, 429: 27 });
    expect((await post(0, '/login', { email, password: PASSWORD }, { headers: { cookie } })).status).toBe(
      429,
    );
    expect((await post(1, '/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('R17: 32 guesses of strangers lock strangers out, and no known device or session', async () => {
    const { email, token, cookie } = await member();
    const answers = await parallel(32, (n) => post(n, '/login', { email, password: WRONG }));
    expect(counts(answers)).toEqual({ 401: 5, 429: 27 });
    expect((await post(0, '/login', { email, password: PASSWORD })).status).toBe(429);
    expect((await post(1, '/login', { email, password: PASSWORD }, { headers: { cookie } })).status).toBe(
      200,
    );
    expect((await post(0, '/login', { email, password: PASSWORD })).status).toBe(429);
    expect((await post(1, '/reauthenticate', { current_password: PASSWORD }, { token })).status).toBe(200);
  });
});

describe('the day', () => {
  it('R16: 100 wrong passwords of strangers a day, however many windows, for an unknown address too', async () => {
    const settings: DemoEnv = {
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
      REGSTACK_LOGIN_LOCKOUT_THRESHOLD: '60',
      REGSTACK_LOGIN_LOCKOUT_WINDOW_SECONDS: '2',
    };
    const demos = [await Demo.start(settings), await Demo.start(settings)] as const;
    const email = someone();
    const guess = (n: number) => demos[n % 2]!.call('POST', '/login', { email, password: WRONG });
    let looked = 0;
    let wait = 0;
    while (wait < 3600) {
      const answers = await parallel(32, guess);
      looked += answers.filter(({ status }) => status === 401).length;
      wait = Math.max(0, ...answers.map(({ headers }) => Number(headers.get('retry-after') ?? 0)));
    }
    await Promise.all(demos.map((demo) => demo.stop()));
    expect(looked).toBe(100);
    expect(wait).toBeGreaterThan(86_000);
  });
});
