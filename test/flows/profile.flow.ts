import { UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { type Answer, type Head, type Member, OTHER_PASSWORD, outcome, Scene, someone } from './scene';
import { SceneAttributes } from './scene.attributes';

const HOST = { attributes: SceneAttributes, enableAdminRouter: true };
const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });

/** Values that fit nowhere, or not there; and the field that is told. */
const REFUSED: readonly (readonly [
  writer: 'registration' | 'owner' | 'admin',
  attributes: unknown,
  field: string,
])[] = [
  ['registration', { terms_accepted: false }, 'attributes.terms_accepted'],
  ['registration', { terms_accepted: 'true' }, 'attributes.terms_accepted'],
  ['registration', { language: 'fr' }, 'attributes.language'],
  ['registration', { language: ['en'] }, 'attributes.language'],
  ['registration', { language: 'en', company: 'Plum' }, 'attributes.company'],
  ['registration', { nickname: 'Ada' }, 'attributes.nickname'],
  ['registration', { plan: 'gold' }, 'attributes.plan'],
  ['registration', { plan: null }, 'attributes.plan'],
  ['owner', { terms_accepted: true }, 'attributes.terms_accepted'],
  ['owner', { terms_accepted: null }, 'attributes.terms_accepted'],
  ['owner', { language: 'de', company: 'Plum' }, 'attributes.company'],
  ['owner', { plan: 'gold' }, 'attributes.plan'],
  ['owner', { language: 'EN' }, 'attributes.language'],
  ['owner', { nickname: 7 }, 'attributes.nickname'],
  ['owner', { nickname: '' }, 'attributes.nickname'],
  ['owner', { nickname: 'a\0b' }, 'attributes.nickname'],
  ['owner', { nickname: 'a\ud800b' }, 'attributes.nickname'],
  ['owner', { nickname: 'ä'.repeat(512) }, 'attributes.nickname'],
  ['owner', { settings: 'dark' }, 'attributes.settings'],
  ['owner', { settings: { 'a\0': 1 } }, 'attributes.settings'],
  ['owner', { settings: { a: ['\udc00'] } }, 'attributes.settings'],
  ['owner', { settings: { a: 'x'.repeat(1017) } }, 'attributes.settings'],
  ['admin', { company: 'Plum', terms_accepted: true }, 'attributes.terms_accepted'],
  ['admin', { nickname: 'Ada' }, 'attributes.nickname'],
  ['admin', { plan: 'gold' }, 'attributes.plan'],
  ['admin', { company: '' }, 'attributes.company'],
  ['admin', { company: { name: 'Plum' } }, 'attributes.company'],
  ...(['registration', 'owner', 'admin'] as const).flatMap((writer) =>
    ([[], 'text', 7, true] as const).map((wrong) => [writer, wrong, 'attributes'] as const),
  ),
];

describe('profiles', () => {
  let scene: Scene;
  let admin: Member;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
  });
  afterAll(() => scene.close());

  const register = (email: string, attributes: unknown): Promise<Answer> =>
    scene.post('/register', { email, password: PASSWORD, attributes });
  /** Somebody who registered with these attributes. */
  const member = async (attributes?: unknown): Promise<Member> => {
    const email = someone();
    expect((await register(email, attributes)).status).toBe(201);
    await scene.verify(await scene.tokenTo(email));
    return scene.signIn(email, PASSWORD);
  };
  const set = ({ token }: Head, attributes: unknown, more = {}) =>
    scene.patch('/me', { attributes, ...more }, { token });
  const setAsAdmin = (id: string, attributes: unknown, more = {}) =>
    scene.patch(`/admin/users/${id}`, { attributes, ...more }, { token: admin.token });
  const attributesOf = async (head: Head) => (await scene.me(head)).attributes as unknown;

  it('each writer sets what the schema lets them; the user, and admins, see all of it', async () => {
    const one = await member({ terms_accepted: true, language: 'de' });
    expect(await attributesOf(one)).toEqual({ terms_accepted: true, language: 'de', plan: 'free' });
    const settings = { theme: 'dark', sizes: [1, 2.5, -0.1, 1e21], none: null, 'a.b $c': { ü: '😀' } };
    const own = await set(one, { language: 'en', nickname: 'Ada "L."', settings });
    const mine = { terms_accepted: true, language: 'en', nickname: 'Ada "L."', settings, plan: 'free' };
    expect([own.status, own.json.attributes]).toEqual([200, mine]);
    const { id } = own.json;
    const theirs = await setAsAdmin(id, { company: 'Plum & Söhne', language: null });
    const { language: _, ...rest } = mine;
    const all = { ...rest, company: 'Plum & Söhne' };
    expect([theirs.status, theirs.json.attributes]).toEqual([200, all]);
    expect(await attributesOf(one)).toEqual(all);
  });

  it('everybody has what the class begins with: registered with nothing, by the host, and without verification', async () => {
    for (const nothing of [undefined, null, {}, { language: null }])
      expect(await attributesOf(await member(nothing))).toEqual({ plan: 'free' });
    expect(await attributesOf(admin)).toEqual({ plan: 'free' });
    await scene.stage.enter({ ...HOST, requireVerification: false });
    const { json } = await register(someone(), { language: 'de' });
    expect(json.attributes).toEqual({ language: 'de', plan: 'free' });
    await scene.stage.enter(HOST);
  });

  const titled = REFUSED.map(
    ([writer, wrong, field]) => [writer, JSON.stringify(wrong).slice(0, 60), field, wrong] as const,
  );
  it.each(titled)('%s may not set %s: %s is told, and nothing is stored', async (writer, _, field, wrong) => {
    const email = someone();
    const more = { full_name: 'Mallory' };
    const someoneElse = writer === 'registration' ? null : await member({ language: 'de' });
    const write = async (): Promise<Answer> => {
      if (!someoneElse)
        return scene.post('/register', { email, password: PASSWORD, attributes: wrong, ...more });
      if (writer === 'owner') return set(someoneElse, wrong, more);
      return setAsAdmin((await scene.me(someoneElse)).id as string, wrong, more);
    };
    scene.takeEvents();
    const refused = await write();
    expect([...outcome(refused), refused.json.errors.map((one: { field: string }) => one.field)]).toEqual([
      422,
      'request.invalid',
      [field],
    ]);
    expect(scene.takeEvents()).toEqual([]);
    expect(await scene.mailsTo(email)).toEqual([]);
    if (!someoneElse) return;
    expect(await scene.me(someoneElse)).toMatchObject({
      full_name: null,
      attributes: { language: 'de', plan: 'free' },
    });
  });

  it('a name that is none of the schema is not said again, and several are told at once', async () => {
    const one = await member();
    for (const name of [
      'canary_name',
      'constructor',
      'toString',
      'hasOwnProperty',
      'a.b',
      '',
      'is_superuser',
    ]) {
      const refused = await set(one, { [name]: 'canary-value', company: 'canary-value' });
      expect(refused.json.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
        'attributes',
        'attributes.company',
      ]);
      if (name !== '') expect(refused.text).not.toContain(name);
      expect(refused.text).not.toContain('canary');
    }
    const prototype = await fetch(`${scene.stage.host.url}/api/auth/me`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${one.token}` },
      body: '{"attributes":{"__proto__":{"plan":"gold"}}}',
    });
    expect(prototype.status).toBe(400);
    expect(await attributesOf(one)).toEqual({ plan: 'free' });
  });

  it('a value may have 1024 bytes, in objects as deep as a body may be', async () => {
    const one = await member();
    const nickname = 'ä'.repeat(511);
    expect((await set(one, { nickname })).json.attributes.nickname).toBe(nickname);
    const settings = { a: 'x'.repeat(1016) };
    expect((await set(one, { settings })).json.attributes.settings).toEqual(settings);
    expect((await set(one, { settings: deep(10) })).json.attributes.settings).toEqual(deep(10));
    const tooDeep = await set(one, { settings: deep(100) });
    expect([400, 422]).toContain(tooDeep.status);
    expect((await attributesOf(one)) as object).toMatchObject({ settings: deep(10) });
  });

  it('null takes away, also what is not there; the others stay', async () => {
    const one = await member({ terms_accepted: true, language: 'de' });
    expect((await set(one, { nickname: 'Ada' })).status).toBe(200);
    const left = { terms_accepted: true, nickname: 'Ada', plan: 'free' };
    for (let n = 0; n < 2; n++) expect((await set(one, { language: null })).json.attributes).toEqual(left);
    expect((await set(one, {})).json.attributes).toEqual(left);
  });

  it('parallel changes of different fields all stand, whoever makes them', async () => {
    const one = await member();
    const { id } = await scene.me(one);
    for (let n = 0; n < 5; n++) {
      const wanted = { nickname: `Ada ${n}`, settings: { n }, company: `Plum ${n}` };
      const answers = await Promise.all([
        set(one, { nickname: wanted.nickname }),
        set(one, { settings: wanted.settings }),
        setAsAdmin(id as string, { company: wanted.company }),
        scene.patch('/me', { full_name: `Ada L. ${n}` }, { token: one.token }),
        setAsAdmin(id as string, undefined, { roles: [`editor-${n}`] }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      const { json } = await scene.get(`/api/auth/admin/users/${id}`, { token: admin.token });
      expect(json).toMatchObject({
        attributes: { ...wanted, plan: 'free' },
        full_name: `Ada L. ${n}`,
        roles: [`editor-${n}`],
      });
    }
  });

  it('a name is set, left alone and taken away; it has one line of at most 200 characters', async () => {
    const { token } = await scene.member();
    const patch = async (body: unknown) => scene.patch('/me', body, { token });
    const name = '😀'.repeat(200);
    expect((await patch({ full_name: name })).json.full_name).toBe(name);
    for (const body of [{}, { attributes: { nickname: 'Ada' } }])
      expect((await patch(body)).json.full_name).toBe(name);
    for (const wrong of ['', 'a\nb', 'a\0b', '\ud800', 'x'.repeat(201), 7, ['Ada']]) {
      const refused = await patch({ full_name: wrong });
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([
        422,
        'request.invalid',
        'full_name',
      ]);
    }
    expect((await scene.me({ token })).full_name).toBe(name);
    expect((await patch({ full_name: null })).json.full_name).toBeNull();
  });

  it('W09: nobody writes more of themselves than their profile', async () => {
    const { token, email } = await scene.member();
    const before = await scene.me({ token });
    for (const more of [
      { is_superuser: true },
      { is_verified: false },
      { is_active: true },
      { roles: ['editor'] },
      { email: someone() },
      { id: before.id as string },
      { phone_number: '+4915112345678' },
      { fullName: 'Ada' },
    ])
      expect(outcome(await scene.patch('/me', { full_name: 'Ada', ...more }, { token }))).toEqual([
        422,
        'request.invalid',
      ]);
    expect([await scene.me({ token }), before.email, 'roles' in before]).toEqual([before, email, false]);
    expect(outcome(await scene.patch('/me', { full_name: 'Ada' }))).toEqual([401, 'session.required']);
  });

  it('what has changed is told, and what has not is not', async () => {
    const one = await member({ language: 'de' });
    const bodies = [{}, { attributes: {} }, { attributes: { language: 'de' } }, { full_name: null }];
    scene.takeEvents();
    for (const body of bodies) await scene.patch('/me', body, { token: one.token });
    expect(scene.takeEvents()).toEqual([]);
    await set(one, { language: 'en' }, { full_name: 'Ada' });
    expect(scene.stage.events).toMatchObject([
      { name: 'user.profile_updated', user: { fullName: 'Ada', attributes: { language: 'en' } } },
    ]);
  });

  it('attributes stay with the account through a new address, new passwords and its disabling', async () => {
    const one = await member({ terms_accepted: true, language: 'de' });
    await set(one, { settings: { theme: 'dark' } });
    const { id, attributes } = await scene.me(one);
    const users = scene.stage.host.app.get(UsersService, { strict: false });
    const email = someone();
    await scene.move(one, email);
    await scene.forgot(email);
    await scene.reset(await scene.tokenTo(email));
    const moved = await scene.signIn(email, OTHER_PASSWORD);
    await scene.changePassword(moved, OTHER_PASSWORD, PASSWORD);
    await users.disable(id as string);
    await users.enable(id as string);
    expect(await attributesOf(await scene.signIn(email, PASSWORD))).toEqual(attributes);
    const changed = await users.updateProfile(id as string, { attributes: { plan: 'gold' } });
    expect(changed!.attributes).toEqual({ ...(attributes as object), plan: 'gold' });
  });

  it('a host without attributes has none, and takes none', async () => {
    await scene.stage.enter({ enableAdminRouter: true });
    const { token } = await scene.member();
    expect(await attributesOf({ token })).toEqual({});
    for (const refused of [
      await set({ token }, { language: 'de' }),
      await register(someone(), { language: 'de' }),
    ])
      expect([...outcome(refused), refused.json.errors[0].field]).toEqual([
        422,
        'request.invalid',
        'attributes',
      ]);
    expect((await set({ token }, {})).status).toBe(200);
    await scene.stage.enter(HOST);
  });
});
