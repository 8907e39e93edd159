import { AccountHooks, Veto } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Browser } from './browser';
import { together } from './race';
import { type Answer, type Member, Scene, someone } from './scene';

const HOST = { enableAdminRouter: true, enableUiRouter: true };
const LAST_ADMIN = 'This is the last active admin. Make somebody else one first.';

/** Refuses deletions when it is told to. */
class Hooks extends AccountHooks {
  refuses = false;

  override beforeDelete() {
    return this.refuses ? new Veto('There are open orders.') : null;
  }
}

describe('pages: what admins do to a user', () => {
  let scene: Scene;
  let browser: Browser;
  let adminId: string;
  const hooks = new Hooks();
  const providers = [{ provide: AccountHooks, useValue: hooks }];
  beforeAll(async () => {
    scene = await Scene.start({ ...HOST, providers });
    const admin = await scene.admin();
    adminId = (await scene.me(admin)).id as string;
    browser = await signedIn(admin);
  });
  afterAll(() => scene.close());

  const signedIn = async ({ email }: Pick<Member, 'email'>): Promise<Browser> => {
    const one = new Browser(scene);
    await one.signIn(email);
    return one;
  };
  const memberWithId = async () => {
    const member = await scene.member();
    return { ...member, id: (await scene.me(member)).id as string };
  };
  const pathOf = (id: string, act = ''): string => `/account/admin/users/${id}${act}`;
  /** Presses a button on the page of a user; answers the page that it leads to. */
  const press = async (id: string, act: string, typed = {}, by = browser) => {
    await by.open(pathOf(id));
    return by.send(by.form({ action: pathOf(id, act) }), typed);
  };
  const hasButton = (id: string, act: string): boolean =>
    browser.page.find({ action: pathOf(id, act) }) !== null;
  const told = async (id: string, act: string) => {
    const { status, path, done } = await press(id, act);
    return [status, path.split('?')[0], done];
  };

  it('every button does what it says, leads back to the user and is there only where it can do something', async () => {
    const { id, email, token } = await memberWithId();
    expect(await told(id, '/disable')).toEqual([
      200,
      pathOf(id),
      'The account is disabled, and its sessions are ended.',
    ]);
    expect([await scene.isSignedIn(token), (await scene.login(email, PASSWORD)).status]).toEqual([
      false,
      403,
    ]);
    expect(['/disable', '/enable'].map((act) => hasButton(id, act))).toEqual([false, true]);
    expect((await told(id, '/enable'))[2]).toBe('The account is enabled. Its user can sign in again.');
    const again = await scene.signIn(email, PASSWORD);
    expect((await told(id, '/promote'))[2]).toBe('The user is an admin now.');
    expect((await scene.me(again)).is_superuser).toBe(true);
    expect(['/promote', '/demote'].map((act) => hasButton(id, act))).toEqual([false, true]);
    expect((await told(id, '/demote'))[2]).toBe('The user is no longer an admin.');
    expect((await scene.me(again)).is_superuser).toBe(false);
    expect((await told(id, '/revoke-sessions'))[2]).toBe('All sessions of the user are ended.');
    expect(await scene.isSignedIn(again.token)).toBe(false);
    expect(hasButton(id, '/resend-verification')).toBe(false);
    const kinds = ['session.all_revoked', 'user.demoted', 'user.promoted', 'user.enabled', 'user.disabled'];
    for (const kind of kinds) expect(browser.page.text).toContain(kind);
  });

  it('a user is deleted by who ticks that they mean it, and is gone', async () => {
    const { id, email } = await memberWithId();
    const unticked = await press(id, '/delete');
    expect([unticked.status, unticked.errorBeside('confirm')]).toEqual([
      422,
      'Tick this first. It cannot be undone.',
    ]);
    expect((await press(id, '/delete', { confirm: 'no' })).status).toBe(422);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
    const deleted = await press(id, '/delete', { confirm: 'yes' });
    expect([deleted.path, deleted.done]).toEqual([
      '/account/admin?done=user_deleted',
      'The account is deleted.',
    ]);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect((await browser.open(pathOf(id))).status).toBe(404);
  });

  it('W31: a link is mailed to who has not proved their address; once they have, the page says so', async () => {
    await scene.stage.enter({ ...HOST, providers, requireVerification: false });
    const email = someone();
    const { id } = (await scene.register(email)).json;
    expect((await told(id, '/resend-verification'))[2]).toBe(
      'A link is on its way to the address of the user.',
    );
    const form = browser.form({ action: pathOf(id, '/resend-verification') });
    expect((await scene.verify(await scene.tokenTo(email))).status).toBe(200);
    const late = await browser.send(form);
    expect([late.status, late.alert]).toEqual([400, 'The address of this account is proved already.']);
    expect(late.title).toBe(email);
    await scene.stage.enter({ ...HOST, providers });
  });

  it('name and roles are written, one role a line, and held to the rules of the JSON route', async () => {
    const { id } = await memberWithId();
    const saved = await press(id, '', { full_name: 'Ada', roles: ' editor\r\n\r\nRedaktion, Köln\neditor' });
    expect([saved.path, saved.done]).toEqual([`${pathOf(id)}?done=user_saved`, 'The user is saved.']);
    const { full_name: name, roles } = browser.form({ has: 'roles' }).values;
    expect([name, roles!.trim()]).toEqual(['Ada', 'editor\nRedaktion, Köln']);
    for (const wrong of [
      'x'.repeat(65),
      Array(33)
        .fill('a')
        .map((one, n) => one + n)
        .join('\n'),
      'a\tb',
    ]) {
      const refused = await press(id, '', { full_name: 'Eve', roles: wrong });
      expect([refused.status, refused.errorBeside('roles')]).toEqual([
        422,
        'Enter one role on each line: at most 32, each of at most 64 characters.',
      ]);
      expect(refused.form({ has: 'roles' }).values).toMatchObject({ full_name: 'Eve' });
      expect(refused.form({ has: 'roles' }).values.roles!.trim()).toBe(wrong);
    }
    await press(id, '', { full_name: '', roles: '' });
    const { full_name: none, roles: nothing } = browser.form({ has: 'roles' }).values;
    expect([none, nothing!.trim()]).toEqual(['', '']);
  });

  it('a hook refuses a deletion, and the page of the user says why', async () => {
    const { id, email } = await memberWithId();
    hooks.refuses = true;
    const refused = await press(id, '/delete', { confirm: 'yes' });
    hooks.refuses = false;
    expect([refused.status, refused.title, refused.alert]).toEqual([403, email, 'There are open orders.']);
  });

  it('W30: the last admin stays one, and the page says why', async () => {
    const typed = { confirm: 'yes' };
    for (const act of ['/demote', '/disable', '/delete']) {
      const refused = await press(adminId, act, act === '/delete' ? typed : {});
      expect([refused.status, refused.alert]).toEqual([409, LAST_ADMIN]);
      expect(refused.text).toContain('This is your own account.');
      // Where the form went, the page can be opened again.
      expect((await browser.open(pathOf(adminId, act))).status).toBe(200);
    }
    const { email } = await scene.admin();
    const self = await signedIn({ email });
    const { id } = await scene.me({ token: (await scene.signIn(email, PASSWORD)).token });
    const demoted = await press(id as string, '/demote', {}, self);
    expect([demoted.status, demoted.path]).toEqual([403, `${pathOf(id as string)}?done=user_demoted`]);
    expect(await self.isSignedIn()).toBe(true);
  });

  it('P5: of two admins who demote each other at the same moment, one does', async () => {
    const alone = await Scene.start(HOST);
    const pair = await Promise.all(
      [await alone.admin(), await alone.admin()].map(async (admin) => {
        const own = new Browser(alone);
        await own.signIn(admin.email);
        return { own, id: (await alone.me(admin)).id as string };
      }),
    );
    const [one, other] = pair as [(typeof pair)[0], (typeof pair)[0]];
    const demote = async (by: Browser, id: string): Promise<() => Promise<Answer>> => {
      await by.open(pathOf(id));
      const { action, values } = by.form({ action: pathOf(id, '/demote') });
      return () => by.post(action, values);
    };
    const racers = [await demote(one.own, other.id), await demote(other.own, one.id)] as const;
    const answers = await together(...racers);
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409 || status === 403)).toHaveLength(1);
    const pages = await Promise.all(pair.map(({ own }) => own.open('/account/admin')));
    expect(pages.map(({ status }) => String(status)).toSorted()).toEqual(['200', '403']);
    await alone.close();
  });
});
