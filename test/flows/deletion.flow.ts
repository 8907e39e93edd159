import { AccountHooks, type DeletionAttempt, UsersService, Veto } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import {
  type Answer,
  fingerprint,
  type Member,
  OTHER_PASSWORD,
  outcome,
  Scene,
  someone,
  tokensIn,
  WRONG_PASSWORD,
} from './scene';
import { SceneAttributes } from './scene.attributes';
import { tracesOf } from './traces';

const HOST = { attributes: SceneAttributes, enableAdminRouter: true };
const GONE = 'Your account at RegStack was deleted';
const DEAD = [400, 'token.invalid'];
const UNDO_SECONDS = 259_200;
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

type Delete = (member: Pick<Member, 'token'>, password?: string) => Promise<Answer>;

describe('deletion of accounts', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
  });
  afterAll(() => scene.close());

  const own: Delete = ({ token }, current_password = PASSWORD) =>
    scene.delete('/account', { current_password }, { token, headers: FIREFOX });
  const alias: Delete = ({ token }, current_password = PASSWORD) =>
    scene.post('/account/delete', { current_password }, { token, headers: FIREFOX });
  const asAdmin: Delete = async (member) => {
    const { token } = await scene.admin();
    const { id } = await scene.me(member);
    return scene.delete(`/admin/users/${id}`, undefined, { token, headers: FIREFOX });
  };

  /** Somebody about whom there is a row of each kind, with the open links. */
  const rich = async () => {
    const [before, email, next] = [someone(), someone(), someone()];
    const first = await scene.member(before);
    const undo = (await scene.move(first, email))!;
    const member = await scene.signIn(email, PASSWORD);
    const { id } = await scene.me(member);
    await scene.patch('/me', { full_name: 'Ada Lovelace', attributes: { nickname: 'Ada' } }, member);
    await scene.guess(email, 2);
    await scene.register(email, OTHER_PASSWORD);
    await scene.resend(email);
    await scene.forgot(email);
    const reset = await scene.tokenTo(email);
    await scene.changeEmail(member, next);
    const confirm = await scene.tokenTo(next);
    const second = await scene.signIn(email, PASSWORD);
    return { member, second, id: id as string, addresses: [before, email, next], undo, reset, confirm };
  };

  it.each<[string, Delete]>([
    ['its owner', own],
    ['its owner, by the alias', alias],
    ['an admin (W39a)', asAdmin],
  ])('R40: an account that is deleted by %s leaves no row, no session and no link', async (_, remove) => {
    const { member, second, id, addresses, undo, reset, confirm } = await rich();
    await scene.stage.quiet();
    expect(tracesOf(await scene.stage.rows(), id, ...addresses.slice(0, 2))).not.toEqual([]);
    scene.takeEvents();
    const answer = await remove(member);
    expect([answer.status, Object.keys(answer.json)]).toEqual([200, ['message']]);
    expect(scene.stage.events.at(-1)).toMatchObject({
      name: 'user.deleted',
      user: { id, email: member.email },
    });

    const notice = (await scene.mailsTo(member.email)).at(-1)!;
    expect([notice.subject, tokensIn(notice)]).toEqual([GONE, []]);
    const isOwners = remove !== asAdmin;
    expect(notice.text).toContain(isOwners ? 'Device: Firefox on Linux' : 'By: an administrator');
    expect(notice.text).toContain('This is our last mail to you.');
    for (const name of ['Ada', id]) expect(notice.text).not.toContain(name);
    // Whoever moved the account away from there does not silence its owner.
    const toOwner = (await scene.mailsTo(addresses[0]!)).at(-1)!;
    expect([toOwner.subject, toOwner.text]).toEqual([GONE, notice.text]);
    expect((await scene.get('/orders', { token: member.token })).status).toBe(401);
    expect(tracesOf(await scene.stage.rows(), id, ...addresses)).toEqual([]);

    expect(await scene.isSignedIn(second.token)).toBe(false);
    for (const email of addresses) expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect(outcome(await scene.reset(reset))).toEqual(DEAD);
    expect(outcome(await scene.post('/confirm-email-change', { token: confirm }))).toEqual(DEAD);
    expect(outcome(await scene.post('/undo-email-change', { token: undo }))).toEqual(DEAD);
    expect(outcome(await own(member))).toEqual([401, 'session.required']);
    // Nobody is told anything any more, by whatever was asked for the address.
    for (const email of addresses) {
      const mails = await scene.mailsTo(email);
      await scene.forgot(email);
      await scene.resend(email);
      expect(await scene.mailsTo(email)).toEqual(mails);
    }
  });

  it('R40: the addresses register again and work, also the one that an undo had held', async () => {
    const { member, id, addresses } = await rich();
    expect((await own(member)).status).toBe(200);
    for (const email of addresses) {
      const again = await scene.member(email, OTHER_PASSWORD);
      expect(await scene.me(again)).toMatchObject({ email, full_name: null, attributes: { plan: 'free' } });
      expect((await scene.me(again)).id).not.toBe(id);
      expect((await scene.login(email, PASSWORD)).status).toBe(401);
    }
  });

  it('R40, W03: the address before is told as long as the change can be undone, and not any longer', async () => {
    for (const [seconds, isTold] of [
      [UNDO_SECONDS - 1, true],
      [UNDO_SECONDS, false],
    ] as const) {
      const [before, email] = [someone(), someone()];
      await scene.move(await scene.member(before), email);
      scene.advance(seconds);
      expect((await own(await scene.signIn(email, PASSWORD))).status).toBe(200);
      expect((await scene.subjectsTo(before)).includes(GONE)).toBe(isTold);
      expect(await scene.subjectsTo(email)).toContain(GONE);
    }
  });

  it('R40: a link of an unproved address dies too, and an address that nobody proved is free again', async () => {
    await scene.stage.enter({ ...HOST, requireVerification: false });
    const email = someone();
    await scene.register(email);
    const member = await scene.signIn(email, PASSWORD);
    await scene.resend(email);
    const link = await scene.tokenTo(email);
    expect((await alias(member)).status).toBe(200);
    expect(outcome(await scene.verify(link))).toEqual(DEAD);
    expect((await scene.register(email)).status).toBe(201);
    await scene.stage.enter(HOST);
  });

  it.each<[string, Delete]>([
    ['DELETE /account', own],
    ['POST /account/delete', alias],
  ])('R08: %s needs the password; guesses are counted, for strangers too', async (_, remove) => {
    const member = await scene.member();
    for (let n = 0; n < 5; n++) {
      const wrong = await remove(member, WRONG_PASSWORD);
      expect([...outcome(wrong), wrong.json.errors[0].field]).toEqual([
        400,
        'password.wrong_current',
        'current_password',
      ]);
    }
    const locked = await remove(member);
    expect([...outcome(locked), locked.headers.get('retry-after')]).toEqual([429, 'login.locked', '900']);
    expect(outcome(await scene.login(member.email, PASSWORD))).toEqual([429, 'login.locked']);
    scene.advance(900);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    expect((await remove(member)).status).toBe(200);
  });

  it('a body without a password is refused, and a stranger is asked to sign in', async () => {
    const { token } = await scene.member();
    for (const body of [undefined, {}, { current_password: '' }, { current_password: PASSWORD, id: 'x' }]) {
      expect(outcome(await scene.delete('/account', body, { token }))).toEqual([422, 'request.invalid']);
      expect(outcome(await scene.post('/account/delete', body, { token }))).toEqual([422, 'request.invalid']);
    }
    const strangers = [await own({ token: 'x' }), await alias({ token: 'x' })];
    expect(strangers.map(outcome)).toEqual(strangers.map(() => [401, 'session.required']));
    expect(await scene.isSignedIn(token)).toBe(true);
  });

  it('where it is switched off it is so for everybody, by either way, whatever is sent', async () => {
    const member = await scene.member();
    await scene.stage.enter({ ...HOST, enableAccountDeletion: false });
    const answers = [
      await own(member),
      await alias(member),
      await own({ token: 'x' }),
      await own(member, WRONG_PASSWORD),
      await scene.delete('/account'),
      await scene.post('/account/delete', { anything: 1 }),
    ];
    expect(outcome(answers[0]!)).toEqual([404, 'feature.disabled']);
    const [first, ...others] = answers.map(fingerprint);
    for (const one of others) expect(one).toEqual(first);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    // What an admin does is another matter.
    expect((await asAdmin(member)).status).toBe(200);
    await scene.stage.enter(HOST);
  });

  it('W30: the last active admin stays until there is another one', async () => {
    const alone = await Scene.start(HOST);
    const admin = await alone.admin();
    const remove = () => alone.delete('/account', { current_password: PASSWORD }, admin);
    const mails = await alone.mailsTo(admin.email);
    expect(outcome(await remove())).toEqual([409, 'account.last_admin']);
    const second = await alone.admin();
    await alone.disable(second.email);
    expect(outcome(await remove())).toEqual([409, 'account.last_admin']);
    expect(await alone.isSignedIn(admin.token)).toBe(true);
    expect(await alone.mailsTo(admin.email)).toEqual(mails);
    await alone.admin();
    expect((await remove()).status).toBe(200);
    expect(await alone.isSignedIn(admin.token)).toBe(false);
    await alone.close();
  });

  it('the host may refuse it, once the password was right; nothing is deleted, and its words are shown', async () => {
    const asked: DeletionAttempt[] = [];
    const hooks: AccountHooks = {
      beforeDelete: (attempt) => {
        asked.push(attempt);
        return new Veto('There is an open invoice.');
      },
    };
    await scene.stage.enter({ ...HOST, providers: [{ provide: AccountHooks, useValue: hooks }] });
    const member = await scene.member();
    const { id } = await scene.me(member);
    expect((await own(member, WRONG_PASSWORD)).status).toBe(400);
    expect(asked).toEqual([]);
    for (const remove of [own, alias, asAdmin]) {
      const refused = await remove(member);
      expect([...outcome(refused), refused.json.detail]).toEqual([
        403,
        'hook.refused',
        'There is an open invoice.',
      ]);
    }
    expect(asked.map(({ user, by }) => [user.id, by === id])).toEqual([
      [id, true],
      [id, true],
      [id, false],
    ]);
    expect(await scene.subjectsTo(member.email)).not.toContain(GONE);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    await scene.stage.enter(HOST);
  });

  it('R40: the audit log can be read as before, and holds no id in the database', async () => {
    scene.advance(1);
    const member = await scene.member();
    const { id } = await scene.me(member);
    const { token } = await scene.admin();
    const audit = async (query: string) =>
      (await scene.get(`/api/auth/admin/audit${query}`, { token })).json.items as Record<string, unknown>[];
    // Some of it waits to be written still.
    expect((await own(member)).status).toBe(200);
    const records = await audit(`?user_id=${id}`);
    const kinds = records.map(({ kind }) => kind);
    expect(kinds).toEqual(['user.deleted', 'user.logged_in', 'user.verified', 'user.registered']);
    expect(records[0]).toMatchObject({ actor: id, target: id, result: 'success', ip: '127.0.0.1' });
    await scene.stage.quiet();
    expect(tracesOf(await scene.stage.rows(), id, member.email)).toEqual([]);
  });

  it('the host deletes by its own code as well', async () => {
    const { member, id, addresses } = await rich();
    const users = scene.stage.host.app.get(UsersService, { strict: false });
    expect((await users.delete(id))?.email).toBe(member.email);
    expect(await users.delete(id)).toBeNull();
    expect(await scene.subjectsTo(member.email)).toContain(GONE);
    expect(tracesOf(await scene.stage.rows(), id, ...addresses)).toEqual([]);
  });
});
