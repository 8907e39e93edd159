import { AccountError, type RegStackUser, UsersService } from '@regstack/nestjs';
import type { MemoryStore } from '@regstack/nestjs/testing';
import { OTHER_PASSWORD, outcome, type Scene, someone } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { openShop, published, type ShopAttributes } from './shop';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';
const BY = {
  actor: 'a clerk',
  origin: { ip: '203.0.113.7', userAgent: null, device: 'a till', requestId: 'r-1' },
};

/** The code of a refusal. */
const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await work.catch((reason: unknown) => reason);
  return error instanceof AccountError ? error.code : error;
};

describe('UsersService, for the code of a host', () => {
  let scene: Scene;
  let store: MemoryStore;
  let users: UsersService<ShopAttributes>;
  beforeAll(async () => {
    ({ scene, store } = await openShop());
    users = scene.stage.host.app.get<UsersService<ShopAttributes>>(UsersService, { strict: false });
  });
  afterAll(() => scene.close());

  const member = async () => {
    const one = await scene.member();
    return { ...one, id: (await users.findByEmail(one.email))!.id };
  };
  const heard = async (): Promise<string[]> => {
    await published();
    return scene.takeEvents();
  };

  it('finds a user by id, and by the address in whatever case it is typed; null for nobody', async () => {
    const { id, email } = await member();
    const found = await users.findById(id);
    expect(found).toMatchObject({
      id,
      email,
      isVerified: true,
      isSuperuser: false,
      attributes: { language: 'en' },
    });
    expect(await users.findByEmail(` ${email.toUpperCase()} `.trim())).toEqual(found);
    expect([await users.findById(UNKNOWN), await users.findByEmail(someone())]).toEqual([null, null]);
    expect(await codeOf(users.findByEmail('no address'))).toBe('email.invalid');
  });

  it('what it gives is the public user, from every method', async () => {
    const { id } = await member();
    const given = [
      await users.findById(id),
      await users.setPassword(id, OTHER_PASSWORD),
      await users.updateProfile(id, { fullName: 'Bob' }),
      await users.setRoles(id, ['editor']),
      await users.promote(id),
      await users.disable(id).catch(() => users.findById(id)),
      await users.enable(id),
      await users.createAdmin({ email: someone(), password: PASSWORD }),
      await users.demote(id),
      await users.delete(id),
    ];
    const fields = Object.keys(given[0]!).toSorted();
    expect(fields).not.toEqual(expect.arrayContaining([expect.stringMatching(/hash|epoch|undo/i)]));
    for (const user of given) expect(Object.keys(user!).toSorted()).toEqual(fields);
  });

  it('for an unknown id every method gives null, and nothing is told', async () => {
    await heard();
    for (const id of [UNKNOWN, 'nonsense', '']) {
      const given = [
        users.findById(id),
        users.setPassword(id, OTHER_PASSWORD),
        users.updateProfile(id, { fullName: 'x', attributes: { language: 'de' } }),
        users.setRoles(id, ['x']),
        users.disable(id),
        users.enable(id),
        users.promote(id),
        users.demote(id),
        users.delete(id),
      ];
      expect(new Set(await Promise.all(given))).toEqual(new Set([null]));
    }
    expect(await heard()).toEqual([]);
  });

  it('updateProfile changes what is named; the code of the app writes each attribute, and null removes one', async () => {
    const { id } = await member();
    const update = (changes: Parameters<typeof users.updateProfile>[1]) => users.updateProfile(id, changes);
    expect(await update({ fullName: 'Bob' })).toMatchObject({
      fullName: 'Bob',
      attributes: { language: 'en' },
    });
    expect((await update({ attributes: { note: 'pays late', company: 'Plum' } }))!.attributes).toEqual({
      language: 'en',
      note: 'pays late',
      company: 'Plum',
    });
    expect(await update({ fullName: null, attributes: { note: null } })).toMatchObject({
      fullName: null,
      attributes: { language: 'en', company: 'Plum' },
    });
    for (const wrong of [{ language: 'fr' }, { unknown: 1 }, { company: '' }]) {
      const attributes = wrong as { company?: string };
      expect(await codeOf(update({ fullName: 'Eve', attributes }))).toBe('request.invalid');
    }
    expect(await users.findById(id)).toMatchObject({ fullName: null, attributes: { company: 'Plum' } });
  });

  it('setRoles sets each once, in place of those before', async () => {
    const { id } = await member();
    expect((await users.setRoles(id, ['b', 'a', 'b']))!.roles).toEqual(['b', 'a']);
    expect((await users.setRoles(id, []))!.roles).toEqual([]);
  });

  it('disable and enable, promote and demote bite on the next request, and may come twice', async () => {
    const { id, token, email } = await member();
    for (let n = 0; n < 2; n++) expect((await users.disable(id))!.isActive).toBe(false);
    expect(await scene.isSignedIn(token)).toBe(false);
    for (let n = 0; n < 2; n++) expect((await users.enable(id))!.isActive).toBe(true);
    const again = await scene.signIn(email, PASSWORD);
    const stats = async () => (await scene.ask('GET', '/admin/stats', undefined, again)).status;
    expect(await stats()).toBe(403);
    for (let n = 0; n < 2; n++) expect((await users.promote(id))!.isSuperuser).toBe(true);
    expect(await stats()).toBe(200);
    await scene.admin();
    for (let n = 0; n < 2; n++) expect((await users.demote(id))!.isSuperuser).toBe(false);
    expect(await stats()).toBe(403);
  });

  it('the last active admin stays, whichever way they would go', async () => {
    const { scene: other } = await openShop();
    try {
      const service = other.stage.host.app.get(UsersService, { strict: false });
      const { id } = await service.createAdmin({ email: someone(), password: PASSWORD });
      for (const go of [() => service.disable(id), () => service.demote(id), () => service.delete(id)])
        expect(await codeOf(go())).toBe('account.last_admin');
      expect(await service.findById(id)).toMatchObject({ isActive: true, isSuperuser: true });
      const second = await service.createAdmin({ email: someone(), password: PASSWORD });
      const both = await Promise.all([codeOf(service.demote(id)), codeOf(service.disable(second.id))]);
      expect(both.filter((one) => one === 'account.last_admin')).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  it('delete removes the account, tells the address and frees it', async () => {
    const { id, email, token } = await member();
    expect(await users.delete(id)).toMatchObject({ id, email });
    expect([await users.findById(id), await users.findByEmail(email)]).toEqual([null, null]);
    expect(await scene.isSignedIn(token)).toBe(false);
    expect((await scene.mailsTo(email)).at(-1)!.text).toContain('deleted');
    expect(await users.delete(id)).toBeNull();
    expect(await scene.isSignedIn((await scene.member(email)).token)).toBe(true);
  });

  it('the audit log tells who is said to have done it; the app itself where nobody is', async () => {
    const { token } = await scene.admin();
    const { id } = await member();
    await users.setRoles(id, ['x'], BY);
    await users.promote(id);
    const { json } = await scene.ask('GET', `/admin/audit?user_id=${id}&limit=2`, undefined, { token });
    expect(json.items).toMatchObject([
      { kind: 'user.promoted', actor: null, target: id, ip: null, request_id: null },
      { kind: 'user.roles_changed', actor: 'a clerk', target: id, ip: '203.0.113.7', request_id: 'r-1' },
    ]);
  });

  it('bootstrapAdmin makes the first admin, once, and brings nobody back', async () => {
    const { scene: other } = await openShop();
    try {
      const service = other.stage.host.app.get(UsersService, { strict: false });
      const first = { email: someone(), password: PASSWORD };
      const made = await Promise.all([service.bootstrapAdmin(first), service.bootstrapAdmin(first)]);
      const { id } = made.find((one) => one !== null)!;
      expect(made.filter((one) => one !== null)).toHaveLength(1);
      await service.createAdmin({ email: someone(), password: PASSWORD });
      await service.demote(id);
      expect(await service.bootstrapAdmin(first)).toBeNull();
      await service.delete(id);
      expect(await service.bootstrapAdmin(first)).toBeNull();
      expect(await service.findByEmail(first.email)).toBeNull();
    } finally {
      await other.close();
    }
  });

  describe('createAdmin', () => {
    const rows = () => store.tables.users.size;

    it('makes a verified superuser who can sign in, with the attributes of the class', async () => {
      const [email, before] = [someone(), rows()];
      await heard();
      const admin = await users.createAdmin({
        email: email.toUpperCase(),
        password: PASSWORD,
        fullName: 'Ada',
      });
      expect(admin).toMatchObject({
        email,
        fullName: 'Ada',
        isVerified: true,
        isSuperuser: true,
        isActive: true,
      });
      expect([rows(), admin.attributes]).toEqual([before + 1, { language: 'en' }]);
      const { token } = await scene.signIn(email, PASSWORD);
      expect((await scene.ask('GET', '/admin/stats', undefined, { token })).status).toBe(200);
      expect(await heard()).toEqual(['user.registered', 'user.logged_in']);
    });

    it('two at once make one, and whoever has the address already stays as they are', async () => {
      const email = someone();
      const made = await Promise.allSettled(
        [PASSWORD, OTHER_PASSWORD].map((password) => users.createAdmin({ email, password })),
      );
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const signedIn = await Promise.all(
        [PASSWORD, OTHER_PASSWORD].map((typed) => scene.login(email, typed)),
      );
      expect(new Set(signedIn.map(({ status }) => status))).toEqual(new Set([200, 401]));
      expect(await codeOf(users.createAdmin({ email, password: PASSWORD }))).toBe('registration.email_taken');
    });

    it('W11: an address with an account that is no superuser is refused, and the account stays as it is', async () => {
      const { id, email, token } = await member();
      await heard();
      expect(await codeOf(users.createAdmin({ email, password: OTHER_PASSWORD }))).toBe(
        'registration.email_taken',
      );
      expect(await users.findById(id)).toMatchObject({ isSuperuser: false });
      expect(await scene.isSignedIn(token)).toBe(true);
      expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(401);
      expect((await heard()).filter((name) => name !== 'user.login_failed')).toEqual([]);
    });

    it('W11: who has registered the address first, and has not proved it, gets nothing of it', async () => {
      const email = someone();
      await scene.register(email, OTHER_PASSWORD);
      const link = await scene.tokenTo(email);
      const { id } = await users.createAdmin({ email, password: PASSWORD });
      expect(outcome(await scene.verify(link))).toEqual([400, 'token.invalid']);
      expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(401);
      expect(await users.findByEmail(email)).toMatchObject({ id, isSuperuser: true });
    });

    it('the rules of addresses and passwords apply', async () => {
      const before = rows();
      const refused = await Promise.all([
        codeOf(users.createAdmin({ email: 'nonsense', password: PASSWORD })),
        codeOf(users.createAdmin({ email: someone(), password: 'short' })),
        codeOf(users.createAdmin({ email: someone(), password: 'password1234' })),
        codeOf(
          users.createAdmin({ email: 'quiet-harbour@example.org', password: 'quiet-harbour@example.org' }),
        ),
        codeOf(users.createAdmin({ email: someone(), password: 'x'.repeat(257) })),
      ]);
      expect(refused).toEqual([
        'email.invalid',
        'password.too_short',
        'password.too_common',
        'password.too_personal',
        'password.too_long',
      ]);
      expect(rows()).toBe(before);
    });
  });

  it('attributes have the type of the class that the host gives', () => {
    const typed = (user: RegStackUser<ShopAttributes>): unknown => {
      const language: 'en' | 'de' | undefined = user.attributes.language;
      // @ts-expect-error -- a field that the class does not have
      const unknown: unknown = user.attributes.unknown;
      // @ts-expect-error -- of another type
      const wrong: number | undefined = user.attributes.company;
      // @ts-expect-error -- what is read is not written
      const write = (): unknown => (user.attributes.language = 'de');
      return [language, unknown, wrong, write];
    };
    const found = (service: UsersService<ShopAttributes>): Promise<RegStackUser<ShopAttributes> | null> =>
      service.findById(UNKNOWN);
    // Without a class an attribute is anything, to be looked at before it is used.
    const untyped = (user: RegStackUser): unknown => {
      // @ts-expect-error -- not known to be text
      const text: string = user.attributes['language'];
      return text;
    };
    expect([typed, found, untyped]).toHaveLength(3);
  });
});
