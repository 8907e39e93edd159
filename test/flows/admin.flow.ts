import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../support/demo';
import {
  type Answer,
  fingerprint,
  type Head,
  type Member,
  OTHER_PASSWORD,
  outcome,
  Scene,
  someone,
} from './scene';

const HOST = { enableAdminRouter: true };
const NOT_FOUND = [404, 'account.not_found'];

/** Every route of the group, on nobody. */
const ROUTES: readonly (readonly [method: string, path: string])[] = [
  ['GET', '/stats'],
  ['GET', '/users'],
  ['GET', `/users/${randomUUID()}`],
  ['PATCH', `/users/${randomUUID()}`],
  ['DELETE', `/users/${randomUUID()}`],
  ['POST', `/users/${randomUUID()}/resend-verification`],
  ['POST', `/users/${randomUUID()}/revoke-sessions`],
  ['GET', '/audit'],
  ['GET', '/outbox'],
  ['POST', `/outbox/${randomUUID()}/retry`],
  ['GET', '/pending-registrations'],
  ['POST', `/pending-registrations/${randomUUID()}/promote`],
];

describe('admins', () => {
  let scene: Scene;
  let admin: Member;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
  });
  afterAll(() => scene.close());

  /** A route of the group, asked by somebody; by the admin where nobody is named. */
  const ask = (method: string, path: string, body?: unknown, { token }: Head = admin): Promise<Answer> =>
    scene.ask(
      method,
      `/admin${path}`,
      method === 'GET' ? undefined : body,
      token === undefined ? {} : { token },
    );
  const patch = (id: string, body: unknown, head?: Head) => ask('PATCH', `/users/${id}`, body, head);
  const post = (id: string, act: string, head?: Head) => ask('POST', `/users/${id}/${act}`, undefined, head);
  const memberWithId = async () => {
    const member = await scene.member();
    return { ...member, id: (await scene.me(member)).id as string };
  };

  it('switched off, the whole group is one 404 for strangers, users and admins', async () => {
    const member = await scene.member();
    await scene.stage.enter({});
    const answers: Answer[] = [];
    for (const [method, path] of ROUTES)
      for (const head of [{}, { token: 'x' }, member, admin]) answers.push(await ask(method, path, {}, head));
    expect(outcome(answers[0]!)).toEqual([404, 'feature.disabled']);
    for (const one of answers) expect(fingerprint(one)).toEqual(fingerprint(answers[0]!));
    await scene.stage.enter(HOST);
  });

  it.each(ROUTES)('R56: %s %s is for admins: 401 for strangers, 403 for users', async (method, path) => {
    const member = await scene.member();
    const strangers = [await ask(method, path, {}, {}), await ask(method, path, {}, { token: 'x' })];
    for (const one of strangers) expect(outcome(one)).toEqual([401, 'session.required']);
    expect(outcome(await ask(method, path, {}, member))).toEqual([403, 'account.not_allowed']);
    expect([200, 404]).toContain((await ask(method, path)).status);
  });

  it('unknown ids and those that are none get one answer', async () => {
    const { id } = await memberWithId();
    const ids = [randomUUID(), 'x', '%00', '0', id.toUpperCase(), `${id}%20`, '%F0%9F%98%80'];
    const acts = [
      (one: string) => ask('GET', `/users/${one}`),
      (one: string) => patch(one, { full_name: 'Ada' }),
      (one: string) => ask('DELETE', `/users/${one}`),
      (one: string) => post(one, 'resend-verification'),
      (one: string) => post(one, 'revoke-sessions'),
    ];
    for (const act of acts) {
      const answers = await Promise.all(ids.map(act));
      for (const one of answers) expect(outcome(one)).toEqual(NOT_FOUND);
      for (const one of answers) expect(fingerprint(one)).toEqual(fingerprint(answers[0]!));
    }
    const promotions = await Promise.all(
      ids.map((one) => ask('POST', `/pending-registrations/${one}/promote`)),
    );
    for (const one of promotions) expect(outcome(one)).toEqual([404, 'registration.not_found']);
    for (const one of promotions) expect(fingerprint(one)).toEqual(fingerprint(promotions[0]!));
  });

  it('an admin sees a user as they are, with their roles, and no secret', async () => {
    const { id, email, token } = await memberWithId();
    const { status, json } = await ask('GET', `/users/${id}`);
    const me = await scene.me({ token });
    expect([status, json]).toEqual([200, { ...me, roles: [] }]);
    expect(Object.keys(json).toSorted()).toEqual(
      [
        ...['id', 'email', 'is_active', 'is_verified', 'is_superuser', 'roles', 'full_name', 'phone_number'],
        ...['is_mfa_enabled', 'attributes', 'created_at', 'last_login'],
      ].toSorted(),
    );
    expect(json.email).toBe(email);
  });

  it('R56, R55: a disabled user is out on the next request, and back by signing in once enabled', async () => {
    const { id, email, token } = await memberWithId();
    await scene.forgot(email);
    const reset = await scene.tokenTo(email);
    scene.takeEvents();
    const disabled = await patch(id, { is_active: false });
    expect([disabled.status, disabled.json.is_active]).toEqual([200, false]);
    expect(scene.takeEvents()).toEqual(['user.disabled']);
    expect(await scene.isSignedIn(token)).toBe(false);
    expect(outcome(await scene.login(email, PASSWORD))).toEqual([403, 'account.disabled']);
    expect(outcome(await scene.login(email, OTHER_PASSWORD))).toEqual([401, 'login.invalid_credentials']);
    expect((await scene.reset(reset)).status).toBe(400);
    scene.takeEvents();
    expect((await patch(id, { is_active: true })).json.is_active).toBe(true);
    expect(scene.takeEvents()).toEqual(['user.enabled']);
    expect(await scene.isSignedIn(token)).toBe(false);
    expect((await scene.reset(reset)).status).toBe(400);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('R56: rights come and go with the very next request of the same session', async () => {
    const member = await memberWithId();
    const stats = async () => (await ask('GET', '/stats', undefined, member)).status;
    expect(await stats()).toBe(403);
    expect((await patch(member.id, { is_superuser: true })).json.is_superuser).toBe(true);
    expect(await stats()).toBe(200);
    expect((await scene.me(member)).is_superuser).toBe(true);
    expect((await patch(member.id, { is_superuser: false })).status).toBe(200);
    expect(await stats()).toBe(403);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    expect(scene.takeEvents().slice(-2)).toEqual(['user.promoted', 'user.demoted']);
  });

  it('roles are set as a whole, seen by admins only, and are no right here', async () => {
    const member = await memberWithId();
    const set = (roles: unknown) => patch(member.id, { roles });
    const roles = ['editor', 'Redaktion/Köln'];
    expect((await set([...roles, 'editor'])).json.roles).toEqual(roles);
    expect((await ask('GET', `/users/${member.id}`)).json.roles).toEqual(roles);
    expect(Object.keys(await scene.me(member))).not.toContain('roles');
    expect((await set(['superuser', 'admin'])).status).toBe(200);
    expect((await ask('GET', '/stats', undefined, member)).status).toBe(403);
    for (const wrong of ['editor', [''], [7], ['a\0'], ['x'.repeat(65)], Array(33).fill('a'), null, {}]) {
      const refused = await set(wrong);
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([422, 'request.invalid', 'roles']);
    }
    expect((await set([])).json.roles).toEqual([]);
  });

  it('a name is set and taken away; what is not named stays', async () => {
    const { id } = await memberWithId();
    const all = { full_name: 'Ada', roles: ['editor'], is_superuser: false };
    expect((await patch(id, all)).json).toMatchObject(all);
    expect((await patch(id, {})).json).toMatchObject(all);
    expect((await patch(id, { full_name: null })).json).toMatchObject({ ...all, full_name: null });
  });

  it('W09, R71: nothing else of a user is an admin’s to set, their password least of all', async () => {
    const { id, email } = await memberWithId();
    const before = (await ask('GET', `/users/${id}`)).json;
    for (const more of [
      { password: OTHER_PASSWORD },
      { password_hash: 'x' },
      { email: someone() },
      { is_verified: false },
      { id: randomUUID() },
      { auth_epoch: 0 },
      { is_mfa_enabled: true },
      { is_active: 'false' },
      { is_active: null },
      { is_superuser: 1 },
      { full_name: 'a\nb' },
    ])
      expect(outcome(await patch(id, { full_name: 'Ada', ...more }))).toEqual([422, 'request.invalid']);
    expect((await ask('GET', `/users/${id}`)).json).toEqual(before);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
  });

  it('W31: an admin mails an unproved user a link that works, once', async () => {
    await scene.stage.enter({ ...HOST, requireVerification: false });
    const email = someone();
    const { json: user } = await scene.register(email);
    const { token } = await scene.signIn(email, PASSWORD);
    const sent = await post(user.id as string, 'resend-verification');
    expect([sent.status, Object.keys(sent.json)]).toEqual([202, ['message']]);
    const first = await scene.tokenTo(email);
    await post(user.id as string, 'resend-verification');
    const link = await scene.tokenTo(email);
    expect((await scene.verify(first)).status).toBe(400);
    const verified = await scene.verify(link);
    expect([verified.status, verified.json.id, verified.json.is_verified]).toEqual([200, user.id, true]);
    expect((await scene.verify(link)).status).toBe(400);
    // P10: it may have been somebody else's session.
    expect(await scene.isSignedIn(token)).toBe(false);
    const again = await post(user.id as string, 'resend-verification');
    expect(outcome(again)).toEqual([400, 'account.already_verified']);
    expect(await scene.mailsTo(email)).toHaveLength(2);
    await scene.stage.enter(HOST);
  });

  it('R55, R58: revoke-sessions ends every session and every mailed link of the user, and nobody else’s', async () => {
    const [one, other] = [await memberWithId(), await scene.member()];
    const second = await scene.signIn(one.email, PASSWORD);
    const to = someone();
    await scene.changeEmail(one, to);
    await scene.forgot(one.email);
    const [confirm, reset] = [await scene.tokenTo(to), await scene.tokenTo(one.email)];
    const revoked = await post(one.id, 'revoke-sessions');
    expect([revoked.status, Object.keys(revoked.json)]).toEqual([200, ['message']]);
    const alive = [one, second, other, admin].map(({ token }) => scene.isSignedIn(token));
    expect(await Promise.all(alive)).toEqual([false, false, true, true]);
    expect((await scene.post('/confirm-email-change', { token: confirm })).status).toBe(400);
    expect((await scene.reset(reset)).status).toBe(400);
    expect((await scene.login(one.email, PASSWORD)).status).toBe(200);
    const { token } = await scene.admin();
    const { id } = await scene.me({ token });
    expect((await post(id as string, 'revoke-sessions', { token })).status).toBe(200);
    expect(await scene.isSignedIn(token)).toBe(false);
  });

  it('W30: nobody demotes, disables or deletes the last active admin, not even themselves', async () => {
    const alone = await Scene.start(HOST);
    const last = await alone.admin();
    const { id } = await alone.me(last);
    const user = `/admin/users/${id}`;
    const refusals = async () => [
      await alone.patch(user, { is_superuser: false }, last),
      await alone.patch(user, { is_active: false }, last),
      await alone.patch(user, { full_name: 'Eve', roles: ['x'], is_active: false }, last),
      await alone.delete(user, undefined, last),
    ];
    for (const one of await refusals()) expect(outcome(one)).toEqual([409, 'account.last_admin']);
    const second = await alone.admin();
    await alone.disable(second.email);
    for (const one of await refusals()) expect(outcome(one)).toEqual([409, 'account.last_admin']);
    expect(await alone.me(last)).toMatchObject({ full_name: null, is_superuser: true, is_active: true });
    expect((await alone.patch(user, { is_superuser: true, is_active: true }, last)).status).toBe(200);
    await alone.admin();
    expect((await alone.patch(user, { is_superuser: false }, last)).status).toBe(200);
    expect((await alone.get('/api/auth/admin/stats', last)).status).toBe(403);
    await alone.close();
  });
});
