import { PASSWORD } from '../support/demo';
import {
  fingerprint,
  type Member,
  OTHER_PASSWORD,
  outcome,
  Scene,
  someone,
  tokensIn,
  WRONG_PASSWORD,
} from './scene';

const FIREFOX = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0' };
const DEAD = [400, 'token.invalid'];
const UNDO_SECONDS = 259_200;

/** Left-overs of registrations outlive what they could spoil. */
const SETTINGS = { verificationTokenTtlSeconds: 604_800 };

const MOVED = 'The e-mail address of your account at RegStack was changed';
const TAKEN = 'You already have an account at RegStack';

describe('change of address', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start(SETTINGS);
  });
  afterAll(() => scene.close());

  const confirm = (token: string) => scene.post('/confirm-email-change', { token });
  const undo = (token: string) => scene.post('/undo-email-change', { token });

  /** The token of a link to move there, which was just asked for. */
  const confirmToken = async (member: Member, to: string): Promise<string> => {
    expect((await scene.changeEmail(member, to)).status).toBe(202);
    return scene.tokenTo(to);
  };

  it('R35, W03: the new address is proved, once; sessions end, the old address is told and can take it back', async () => {
    const member = await scene.member();
    const [from, to] = [member.email, someone()];
    await scene.forgot(from);
    const reset = await scene.tokenTo(from);
    scene.takeEvents();
    const token = await confirmToken(member, to);
    expect(scene.takeEvents()).toEqual(['user.email_change_requested']);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    expect((await scene.login(to, PASSWORD)).status).toBe(401);

    const moved = await scene.post('/confirm-email-change', { token }, { headers: FIREFOX });
    expect([moved.status, moved.json.email, moved.json.is_verified]).toEqual([200, to, true]);
    for (let n = 0; n < 4; n++) expect(outcome(await confirm(token))).toEqual(DEAD);
    expect(scene.stage.events).toMatchObject([
      { name: 'user.login_failed' },
      { name: 'user.email_changed', previousEmail: from, user: { email: to } },
    ]);
    expect(await scene.isSignedIn(member.token)).toBe(false);
    expect(outcome(await scene.reset(reset))).toEqual(DEAD);
    expect((await scene.login(from, PASSWORD)).status).toBe(401);
    expect((await scene.login(to, PASSWORD)).status).toBe(200);

    const notice = (await scene.mailsTo(from)).at(-1)!;
    expect(notice.subject).toBe(MOVED);
    expect(notice.text).toMatch(
      /When: 1 January 2100, \d\d:\d\d UTC\nIP address: 127\.0\.0\.1\nDevice: Firefox on Windows/,
    );
    expect(notice.text).not.toContain(to);
    expect(tokensIn(notice)).toHaveLength(1);
    expect(await scene.subjectsTo(to)).toEqual(['Confirm your new e-mail address for RegStack']);
  });

  it('one’s own address is no new one, in whatever case; a wrong address is told by its field', async () => {
    const member = await scene.member();
    const same = await scene.changeEmail(member, member.email.toUpperCase());
    expect([...outcome(same), same.json.errors[0].field]).toEqual([400, 'email.same', 'new_email']);
    const wrong = await scene.changeEmail(member, 'no address');
    expect([...outcome(wrong), wrong.json.errors[0].field]).toEqual([422, 'email.invalid', 'new_email']);
    expect((await scene.post('/change-email', { new_email: someone() }, member)).status).toBe(422);
    expect(
      (await scene.post('/change-email', { new_email: someone(), current_password: PASSWORD })).status,
    ).toBe(401);
  });

  it.each<[string, (member: Member) => Promise<unknown>]>([
    ['a newer request (R36)', (member) => scene.changeEmail(member, someone())],
    [
      'a request for a taken address',
      async (member) => scene.changeEmail(member, (await scene.member()).email),
    ],
    ['a change of the password', (member) => scene.changePassword(member, PASSWORD, OTHER_PASSWORD)],
    ['the end of the account', ({ email }) => scene.disable(email)],
    [
      'a reset',
      async ({ email }) => {
        await scene.forgot(email);
        await scene.reset(await scene.tokenTo(email));
      },
    ],
    ['time', async () => scene.advance(3600)],
  ])('W03, R29, R30: a link dies by %s', async (_, happens) => {
    const member = await scene.member();
    const to = someone();
    const token = await confirmToken(member, to);
    await happens(member);
    expect(outcome(await confirm(token))).toEqual(DEAD);
    expect((await scene.login(to, PASSWORD)).status).toBe(401);
  });

  it('R36: the account moves to the address that the link was mailed to, up to the last second of its life', async () => {
    const member = await scene.member();
    await scene.changeEmail(member, someone());
    const to = someone();
    const token = await confirmToken(member, to);
    scene.advance(3599);
    expect((await confirm(token)).json.email).toBe(to);
  });

  it('R36: an address that somebody else has got meanwhile is refused, and nothing changes', async () => {
    const [one, other] = [await scene.member(), await scene.member()];
    const to = someone();
    const token = await confirmToken(one, to);
    await scene.move(other, to);
    expect(outcome(await confirm(token))).toEqual(DEAD);
    expect(await scene.isSignedIn(one.token)).toBe(true);
    expect((await scene.login(to, PASSWORD)).status).toBe(200);
  });

  it('R24, R14: free, registering, taken and former addresses get one answer; only who reads their mail learns more', async () => {
    const [member, owner, mover] = [await scene.member(), await scene.member(), await scene.member()];
    const [free, registering] = [someone(), someone()];
    await scene.register(registering);
    await scene.move(mover, someone());
    const targets = [free, registering, owner.email, mover.email];
    const answers = [];
    for (const to of targets) answers.push(await scene.changeEmail(member, to));
    for (const answer of answers) expect(fingerprint(answer)).toEqual(fingerprint(answers[0]!));

    expect((await scene.subjectsTo(free)).at(-1)).toBe('Confirm your new e-mail address for RegStack');
    for (const taken of [owner.email, mover.email]) {
      const mail = (await scene.mailsTo(taken)).at(-1)!;
      expect(mail.subject).toBe(TAKEN);
      expect([tokensIn(mail), mail.text.includes(member.email)]).toEqual([[], false]);
    }
    expect(await scene.subjectsTo(member.email)).toHaveLength(1);
  });

  it('R08: the password is needed for it', async () => {
    const member = await scene.member();
    const to = someone();
    const wrong = await scene.changeEmail({ ...member, password: WRONG_PASSWORD }, to);
    expect(outcome(wrong)).toEqual([400, 'password.wrong_current']);
    expect(await scene.mailsTo(to)).toEqual([]);
  });

  it('P9: the first owner wins against a thief who moves on, changes the password and resets it', async () => {
    const owner = await scene.member();
    const [second, third] = [someone(), someone()];
    const token = (await scene.move(owner, second))!;
    let thief = await scene.signIn(second, PASSWORD);
    expect((await scene.changePassword(thief, PASSWORD, OTHER_PASSWORD)).status).toBe(200);
    thief = await scene.signIn(second, OTHER_PASSWORD);
    expect(await scene.move(thief, third)).toBeUndefined();
    expect((await scene.subjectsTo(second)).at(-1)).toBe(MOVED);
    await scene.forgot(third);
    expect((await scene.reset(await scene.tokenTo(third), WRONG_PASSWORD)).status).toBe(200);
    thief = await scene.signIn(third, WRONG_PASSWORD);
    const pending = await confirmToken(thief, someone());
    await scene.forgot(third);
    const reset = await scene.tokenTo(third);
    scene.takeEvents();

    const undone = await scene.post('/undo-email-change', { token }, { headers: FIREFOX });
    expect([undone.status, undone.json.email]).toEqual([200, owner.email]);
    expect(outcome(await undo(token))).toEqual(DEAD);
    expect(scene.takeEvents()).toEqual(['user.email_change_undone']);
    expect(await scene.isSignedIn(thief.token)).toBe(false);
    for (const dead of [await confirm(pending), await scene.reset(reset)])
      expect(outcome(dead)).toEqual(DEAD);
    for (const email of [owner.email, second, third])
      for (const password of [PASSWORD, OTHER_PASSWORD, WRONG_PASSWORD])
        expect((await scene.login(email, password)).status).toBe(401);
    const told = (await scene.mailsTo(third)).at(-1)!;
    expect(told.subject).toBe('A change of e-mail address at RegStack was taken back');
    // It may be the thief who reads it: nothing of where the owner is.
    for (const part of [told.text, told.html])
      expect(part).not.toMatch(/Firefox|127\.0\.0\.1|::1|Device|IP address/);
    expect(tokensIn(told)).toEqual([]);

    expect((await scene.reset(await scene.tokenTo(owner.email), 'a-new-Beginning-12')).status).toBe(200);
    expect((await scene.login(owner.email, 'a-new-Beginning-12')).status).toBe(200);
    for (const left of [second, third]) await expect(scene.member(left)).resolves.toBeDefined();
  });

  it('P9, R29: the way back is open for 72 hours to the second, and so long nobody else gets the address', async () => {
    const [one, two, other] = [await scene.member(), await scene.member(), await scene.member()];
    const tokens = [(await scene.move(one, someone()))!, (await scene.move(two, someone()))!] as const;
    scene.advance(UNDO_SECONDS - 1);
    expect((await scene.register(two.email)).status).toBe(201);
    const { token } = await scene.signIn(other.email, PASSWORD);
    await scene.changeEmail({ ...other, token }, two.email);
    expect((await scene.subjectsTo(two.email)).slice(-2)).toEqual([TAKEN, TAKEN]);
    expect((await undo(tokens[0])).status).toBe(200);

    scene.advance(1);
    expect(outcome(await undo(tokens[1]))).toEqual(DEAD);
    const to = await confirmToken({ ...other, token }, two.email);
    expect((await confirm(to)).json.email).toBe(two.email);
    expect((await scene.login(two.email, PASSWORD)).status).toBe(200);
  });

  it('P9: one’s own former address is free to go back to, and stays one’s own', async () => {
    const member = await scene.member();
    const [from, to] = [member.email, someone()];
    const token = (await scene.move(member, to))!;
    await scene.move(await scene.signIn(to, PASSWORD), from);
    expect(tokensIn((await scene.mailsTo(to)).at(-1)!)).toEqual([]);
    expect((await scene.login(from, PASSWORD)).status).toBe(200);
    await expect(scene.member(to)).resolves.toBeDefined();
    scene.advance(UNDO_SECONDS);
    expect(outcome(await undo(token))).toEqual(DEAD);
    await scene.register(from);
    expect((await scene.subjectsTo(from)).at(-1)).toBe(TAKEN);
    expect((await scene.login(from, PASSWORD)).status).toBe(200);
  });

  it('P9: whoever leaves an address again that one had come back to can come back anew, for the whole time', async () => {
    const member = await scene.member();
    const [home, away, elsewhere] = [member.email, someone(), someone()];
    const first = (await scene.move(member, away))!;
    await scene.move(await scene.signIn(away, PASSWORD), home);
    scene.advance(UNDO_SECONDS - 1);
    const second = (await scene.move(await scene.signIn(home, PASSWORD), elsewhere))!;
    expect(second).toBeDefined();
    expect(outcome(await undo(first))).toEqual(DEAD);
    scene.advance(UNDO_SECONDS - 1);
    await scene.register(home);
    expect((await scene.subjectsTo(home)).at(-1)).toBe(TAKEN);
    expect((await undo(second)).json.email).toBe(home);
  });

  it('P9: of a disabled account nothing is taken back', async () => {
    const member = await scene.member();
    const to = someone();
    const token = (await scene.move(member, to))!;
    await scene.disable(to);
    expect(outcome(await undo(token))).toEqual(DEAD);
    expect(outcome(await scene.login(to, PASSWORD))).toEqual([403, 'account.disabled']);
  });

  it('P9: where passwords cannot be reset the way back is open all the same, and its page says whom to ask', async () => {
    const member = await scene.member();
    const token = (await scene.move(member, someone()))!;
    await scene.stage.enter({ enablePasswordReset: false });
    const before = await scene.subjectsTo(member.email);
    expect((await undo(token)).status).toBe(200);
    expect(await scene.subjectsTo(member.email)).toEqual(before);
    expect((await scene.get('/account/undo-email-change?done')).text).toContain('Ask us for a new one.');
    await scene.stage.enter(SETTINGS);
    expect((await scene.get('/account/undo-email-change?done')).text).toContain('Open the e-mail');
  });

  it('P3: attempts to register either address bring no account back, neither after the move nor after the way back', async () => {
    const member = await scene.member();
    const [from, to] = [member.email, someone()];
    await scene.register(from, OTHER_PASSWORD);
    await scene.register(to, OTHER_PASSWORD);
    const planted = await scene.tokenTo(to);
    const token = (await scene.move(member, to))!;
    expect(outcome(await scene.verify(planted))).toEqual(DEAD);
    await scene.register(to, OTHER_PASSWORD);
    expect((await undo(token)).status).toBe(200);
    const before = [...(await scene.mailsTo(to))];
    await scene.resend(to);
    await scene.resend(from);
    expect(await scene.mailsTo(to)).toEqual(before);
    expect((await scene.login(to, OTHER_PASSWORD)).status).toBe(401);

    const other = await scene.member();
    await scene.register(other.email, OTHER_PASSWORD);
    await scene.move(other, someone());
    scene.advance(UNDO_SECONDS);
    const mails = [...(await scene.mailsTo(other.email))];
    await scene.resend(other.email);
    expect(await scene.mailsTo(other.email)).toEqual(mails);
  });
});
