import { PASSWORD } from '../support/demo';
import { OTHER_PASSWORD, outcome, Scene, someone, tokensIn, WRONG_PASSWORD } from './scene';

const DEAD = [400, 'token.invalid'];
const HOUR = 3600;
const DAY = 86_400;

const VERIFY = 'Confirm your e-mail address for RegStack';

describe('verification on request', () => {
  let scene: Scene;
  /** Somebody with an account whose address was never proved, and a session from before that was asked for. */
  const unproved = { email: someone(), token: '' };
  const mistyped = { email: someone() };
  beforeAll(async () => {
    scene = await Scene.start({ requireVerification: false });
    await scene.register(unproved.email);
    unproved.token = (await scene.signIn(unproved.email, PASSWORD)).token;
    await scene.register(mistyped.email);
    await scene.stage.enter({});
  });
  afterAll(() => scene.close());

  /** How many mails went to an address while this happened. */
  const mailsDuring = async (email: string, work: () => Promise<unknown>): Promise<number> => {
    const before = (await scene.mailsTo(email)).length;
    await work();
    return (await scene.mailsTo(email)).length - before;
  };

  it('only an address that waits for its proof gets a mail', async () => {
    const [{ email: verified }, { email: disabled }] = [await scene.member(), await scene.member()];
    await scene.disable(disabled);
    for (const [email, mails] of [
      [someone(), 0],
      [verified, 0],
      [disabled, 0],
      [mistyped.email, 1],
    ] as const)
      expect(await mailsDuring(email, () => scene.resend(email))).toBe(mails);
  });

  it('R30: a newer link takes the place of the older one, and ends with its attempt', async () => {
    const email = someone();
    await scene.register(email);
    const first = await scene.tokenTo(email);
    scene.advance(DAY - 2);
    await scene.resend(email);
    const second = await scene.tokenTo(email);
    expect((await scene.mailsTo(email)).at(-1)!.text).toContain('The link works once, within 2 seconds.');
    expect(outcome(await scene.verify(first))).toEqual(DEAD);
    scene.advance(1);
    expect((await scene.verify(second)).status).toBe(200);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);

    const late = someone();
    await scene.register(late);
    scene.advance(DAY - 1);
    await scene.resend(late);
    scene.advance(1);
    expect((await scene.open(await scene.linkTo(late))).page.status).toBe(400);
    expect(outcome(await scene.verify(await scene.tokenTo(late)))).toEqual(DEAD);
  });

  it('R30: when there were enough mails, the link in the last one stays alive', async () => {
    const email = someone();
    expect(
      await mailsDuring(email, async () => {
        await scene.register(email);
        for (let n = 0; n < 6; n++) expect((await scene.resend(email)).status).toBe(202);
        await scene.register(email, OTHER_PASSWORD);
      }),
    ).toBe(5);
    expect((await scene.verify(await scene.tokenTo(email))).status).toBe(200);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(401);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('W10, R37, P11: of several attempts none becomes an account by a link on request: who reads the mail chooses', async () => {
    const email = someone();
    await scene.register(email, WRONG_PASSWORD);
    await scene.register(email, PASSWORD);
    await scene.register(email, OTHER_PASSWORD);
    const older = (await scene.mailsTo(email)).flatMap(tokensIn);
    await scene.resend(email);
    const replaced = await scene.tokenTo(email);
    await scene.resend(email);
    const token = await scene.tokenTo(email);
    expect(outcome(await scene.verify(replaced, 'my-Own-choice-2100'))).toEqual(DEAD);

    const refused = await scene.verify(token);
    expect(outcome(refused)).toEqual([422, 'verification.password_required']);
    expect(refused.json.errors[0].field).toBe('new_password');
    const short = await scene.verify(token, 'short');
    expect([...outcome(short), short.json.errors[0].field]).toEqual([
      422,
      'password.too_short',
      'new_password',
    ]);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    scene.takeEvents();
    const verified = await scene.verify(token, 'my-Own-choice-2100');
    expect([verified.status, verified.json.email, verified.json.is_verified]).toEqual([200, email, true]);
    expect(scene.takeEvents()).toEqual(['user.registered', 'user.verified']);

    expect(older).toHaveLength(3);
    for (const dead of [...older, token]) {
      expect(outcome(await scene.verify(dead))).toEqual(DEAD);
      expect(outcome(await scene.verify(dead, OTHER_PASSWORD))).toEqual(DEAD);
    }
    expect(await scene.guess(email, 1)).toEqual([401]);
    for (const password of [PASSWORD, OTHER_PASSWORD])
      expect((await scene.login(email, password)).status).toBe(401);
    expect((await scene.login(email, 'my-Own-choice-2100')).status).toBe(200);
  });

  it('P11: whoever spends the mails of an address gets their password in by no link on request', async () => {
    const email = someone();
    await scene.register(email, WRONG_PASSWORD);
    for (let n = 0; n < 4; n++) await scene.resend(email);
    expect(
      await mailsDuring(email, async () => {
        for (let n = 0; n < 4; n++) expect((await scene.register(email)).status).toBe(201);
      }),
    ).toBe(0);
    scene.advance(3600);
    await scene.resend(email);
    const token = await scene.tokenTo(email);
    expect(outcome(await scene.verify(token))).toEqual([422, 'verification.password_required']);
    expect((await scene.verify(token, OTHER_PASSWORD)).status).toBe(200);
    expect((await scene.login(email, WRONG_PASSWORD)).status).toBe(401);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
  });

  it('R37: a link of one attempt activates its own password; the link for several is dead then', async () => {
    const email = someone();
    await scene.register(email, PASSWORD);
    const own = await scene.tokenTo(email);
    await scene.register(email, WRONG_PASSWORD);
    await scene.resend(email);
    const several = await scene.tokenTo(email);
    expect((await scene.verify(own)).status).toBe(200);
    expect(outcome(await scene.verify(several, OTHER_PASSWORD))).toEqual(DEAD);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('a password with a link that needs none is refused, and the link stays', async () => {
    const email = someone();
    await scene.register(email);
    const token = await scene.tokenTo(email);
    for (const password of [OTHER_PASSWORD, PASSWORD, '']) {
      const refused = await scene.verify(token, password);
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([
        422,
        'request.invalid',
        'new_password',
      ]);
    }
    expect((await scene.verify(token)).status).toBe(200);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('P10: the first proof of an account’s mailbox ends the sessions from before', async () => {
    const { email, token: session } = unproved;
    expect(outcome(await scene.login(email, PASSWORD))).toEqual([403, 'account.unverified']);
    await scene.resend(email);
    const older = await scene.tokenTo(email);
    await scene.resend(email);
    const token = await scene.tokenTo(email);
    expect((await scene.mailsTo(email)).at(-1)!.subject).toBe(VERIFY);
    expect(outcome(await scene.verify(older))).toEqual(DEAD);
    expect(outcome(await scene.verify(token, OTHER_PASSWORD))).toEqual([422, 'request.invalid']);
    scene.takeEvents();
    expect((await scene.verify(token)).json.is_verified).toBe(true);
    expect(scene.takeEvents()).toEqual(['user.verified']);
    expect(outcome(await scene.verify(token))).toEqual(DEAD);
    expect(await scene.isSignedIn(session)).toBe(false);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('W17: five mails of a kind go to a mailbox in an hour, whatever tag the address has, and twenty in a day', async () => {
    const [name] = someone().split('@') as [string];
    const tagged = (n: number): string => `${name}+${n}@example.org`;
    const mailed = async (): Promise<number> => {
      let sum = 0;
      for (let n = 0; n < 6; n++) {
        const email = tagged(n);
        sum += await mailsDuring(email, () => scene.register(email));
      }
      return sum;
    };
    const perHour = [await mailed()];
    scene.advance(HOUR - 1);
    perHour.push(await mailed());
    scene.advance(1);
    for (let hour = 0; hour < 4; hour++) {
      perHour.push(await mailed());
      scene.advance(HOUR);
    }
    scene.advance(DAY - 5 * HOUR - 1);
    perHour.push(await mailed());
    scene.advance(1);
    perHour.push(await mailed());
    expect(perHour).toEqual([5, 0, 5, 5, 5, 0, 0, 5]);
  });

  it('W17: each kind has its own count: a reset is mailed when verifications are spent, and a move when resets are', async () => {
    const { email } = await scene.member();
    for (let n = 0; n < 6; n++) await scene.resend(email);
    expect(
      await mailsDuring(email, async () => {
        for (let n = 0; n < 6; n++) await scene.forgot(email);
      }),
    ).toBe(5);
    const mover = await scene.member();
    expect(
      await mailsDuring(email, async () => {
        for (let n = 0; n < 6; n++) expect((await scene.changeEmail(mover, email)).status).toBe(202);
      }),
    ).toBe(5);
  });

  it('W54: notices are never too many', async () => {
    const { email } = await scene.member();
    const change = (n: number) =>
      scene.stage.host.call('POST', '/staff/password', { email, password: `${OTHER_PASSWORD}-${n}` });
    expect(
      await mailsDuring(email, async () => {
        for (let n = 0; n < 7; n++) await change(n);
      }),
    ).toBe(7);
  });

  it.each([
    ['a link', 'Win $1000 at http://evil.example/ now'],
    ['mark-up', '<b>Win</b> <a href="//evil.example">1000</a>'],
    ['template tags', '{{ app_name }} evil.example {% raw %}'],
  ])('W45, R39: %s in a name comes into no mail to an address that is not proved', async (_, full_name) => {
    const email = someone();
    const register = () => scene.post('/register', { email, password: PASSWORD, full_name });
    expect([(await register()).status, (await register()).status]).toEqual([201, 201]);
    await scene.resend(email);
    await scene.verify(await scene.tokenTo(email), OTHER_PASSWORD);
    await register();
    const mover = await scene.signIn(email, OTHER_PASSWORD);
    const to = someone();
    await scene.changeEmail(mover, to);
    const mails = [...(await scene.mailsTo(email)), ...(await scene.mailsTo(to))];
    expect(mails).toHaveLength(5);
    for (const { subject, text, html } of mails)
      expect([subject, text, html].join('\n')).not.toMatch(/evil|Win|1000|raw/);
  });

  it('W45, R39: a name with a line break is refused', async () => {
    const email = someone();
    for (const full_name of ['Eve\r\nBcc: all@example.org', 'Eve\n', 'Eve\r'])
      expect((await scene.post('/register', { email, password: PASSWORD, full_name })).status).toBe(422);
    expect(await scene.mailsTo(email)).toEqual([]);
  });
});
