import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { type Answer, type Member, OTHER_PASSWORD, outcome, Scene, someone } from './scene';

const HOST = { enableAdminRouter: true, requireVerification: false, mailMaxPerHour: 50, mailMaxPerDay: 200 };
const INVALID = [422, 'request.invalid'];

interface Row {
  readonly id: string;
  readonly email: string;
  readonly full_name: string | null;
}

describe('lists for admins', () => {
  let scene: Scene;
  let admin: Member;
  /** Addresses of 30 users, oldest first. */
  const people: string[] = [];
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin('root@example.org');
    for (let n = 0; n < 30; n++) {
      const email = `person-${String(n).padStart(2, '0')}@example.org`;
      people.push(email);
      await scene.post('/register', { email, password: PASSWORD, full_name: n % 3 ? null : `Ödön ${n}% _` });
      scene.advance(1);
    }
    admin = await scene.signIn(admin.email, PASSWORD);
  });
  afterAll(() => scene.close());

  const get = (path: string): Promise<Answer> => scene.get(`/api/auth/admin/${path}`, { token: admin.token });
  const found = async (query: string): Promise<string[]> =>
    ((await get(`users?${query}`)).json.items as Row[]).map(({ email }) => email);
  const idOf = async (email: string): Promise<string> =>
    (await get(`users?q=${encodeURIComponent(email)}`)).json.items[0].id as string;
  const patch = (id: string, body: unknown) =>
    scene.patch(`/admin/users/${id}`, body, { token: admin.token });

  /** All pages of a list, as they are reached by cursors. */
  const pages = async (path: string): Promise<Row[][]> => {
    const all: Row[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { json } = await get(`${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      all.push(json.items as Row[]);
      cursor = json.next_cursor as string | null;
    }
    return all;
  };

  it('users come newest first, all of them once, page by page', async () => {
    const all = people.toReversed().concat(admin.email);
    const { json } = await get('users');
    expect(json).toMatchObject({ total: 31, skip: 0, limit: 50, next_cursor: null });
    expect(json.items.map(({ email }: Row) => email)).toEqual(all);
    for (const limit of [1, 7, 30, 31]) {
      const paged = await pages(`users?limit=${limit}`);
      expect(paged.flat().map(({ email }) => email)).toEqual(all);
      expect(paged.map(({ length }) => length).slice(0, -1)).toEqual(
        Array(Math.ceil(31 / limit) - 1).fill(limit),
      );
    }
    const skipped = await get('users?skip=29&limit=5');
    expect(skipped.json).toMatchObject({ total: 31, skip: 29, limit: 5, next_cursor: null });
    expect(skipped.json.items.map(({ email }: Row) => email)).toEqual(all.slice(29));
    expect((await get('users?skip=10000')).json).toMatchObject({ items: [], total: 31, next_cursor: null });
  });

  it('who registers or goes between two pages shifts none of the others', async () => {
    const first = await get('users?limit=20');
    await scene.register(someone());
    const gone = await idOf(people[25]!);
    await scene.delete(`/admin/users/${gone}`, undefined, { token: admin.token });
    await scene.post('/register', { email: people[25], password: PASSWORD });
    const { json } = await get(`users?limit=20&cursor=${first.json.next_cursor}`);
    expect(json.items.map(({ email }: Row) => email)).toEqual(
      people.slice(0, 10).toReversed().concat(admin.email),
    );
  });

  it('q is looked for in address and name, in any case, and as it is', async () => {
    expect(await found('q=PERSON-0')).toHaveLength(10);
    expect(await found('q=person-07%40EXAMPLE')).toEqual([people[7]]);
    expect(await found(`q=${encodeURIComponent('ÖDÖN 27')}`)).toEqual([]);
    expect(await found(`q=${encodeURIComponent('Ödön 27')}`)).toEqual([people[27]]);
    expect(await found(`q=${encodeURIComponent('3% _')}`)).toEqual([people[3]]);
    for (const nobody of ['%', '_', '.*', '\\', "' OR 1=1 --", '$ne'].map(encodeURIComponent))
      expect((await get(`users?q=person${nobody}`)).json).toMatchObject({ items: [], total: 0 });
    const paged = await pages('users?q=person-1&limit=3');
    expect(paged.flat().map(({ email }) => email)).toEqual(people.slice(10, 20).toReversed());
    expect((await get('users?q=person-1&limit=3')).json.total).toBe(10);
  });

  it('flags narrow the list, alone and together', async () => {
    const [disabled, verified] = [await idOf(people[1]!), people[2]!];
    await patch(disabled, { is_active: false });
    await scene.resend(verified);
    await scene.verify(await scene.tokenTo(verified));
    expect(await found('is_active=false')).toEqual([people[1]]);
    expect(await found('is_superuser=true')).toEqual([admin.email]);
    expect(await found('is_verified=true')).toEqual([verified, admin.email]);
    expect(await found('is_verified=true&is_superuser=false&is_active=true')).toEqual([verified]);
    expect((await get('users?is_active=true&limit=1')).json.total).toBe((await get('users')).json.total - 1);
    await patch(disabled, { is_active: true });
  });

  it.each([
    ...['limit=0', 'limit=201', 'limit=x', 'limit=', 'limit=1.5', 'limit=-1', 'limit=1e2', 'limit=%00'],
    ...['skip=-1', 'skip=10001', 'skip=x', 'skip=99999999999999999999'],
    ...['is_active=1', 'is_active=', 'is_verified=True', 'is_superuser=null'],
    ...['q=', 'q=%00', `q=${'x'.repeat(321)}`, 'q=a&q=b', 'limit=5&limit=6', 'skip=1&skip=1'],
    ...['cursor=', 'cursor=x', 'cursor=a.b.c', 'cursor=1&cursor=2', `cursor=${'x'.repeat(201)}`],
    ...['limit[]=5', 'q[a]=b', 'order=email', 'is_active=true&is_active=true'],
  ])('a query that is not as it should be is refused: %s', async (query) => {
    const refused = await get(`users?${query}`);
    expect(outcome(refused)).toEqual(INVALID);
    expect(refused.json.errors).toHaveLength(1);
  });

  it('a cursor is what we gave out, for any list and query, and nothing else', async () => {
    const { next_cursor: cursor } = (await get('users?limit=5')).json;
    const [id, kid, mac] = (cursor as string).split('.') as [string, string, string];
    const other = (await get('users?limit=6')).json.next_cursor.split('.') as string[];
    const forged = [
      id,
      `${id}.${kid}`,
      `${id}.${kid}.`,
      `${other[0]}.${kid}.${mac}`,
      `${id}.${kid}x.${mac}`,
      `${id}.${kid}.${mac.slice(0, -1)}`,
      `${id}.${kid}.${mac.slice(0, -1)}${mac.endsWith('A') ? 'B' : 'A'}`,
      `${id.toUpperCase()}.${kid}.${mac}`,
      `${id}' OR '1'='1.${kid}.${mac}`,
    ];
    for (const list of ['users', 'audit', 'pending-registrations', 'outbox'])
      for (const one of forged) {
        const refused = await get(`${list}?cursor=${encodeURIComponent(one)}`);
        expect([...outcome(refused), refused.json.errors[0].field]).toEqual([...INVALID, 'cursor']);
      }
    expect((await get(`users?cursor=${cursor}`)).status).toBe(200);
    // Keys follow from the secret: what another one signed is not ours.
    await scene.stage.enter({ ...HOST, jwtSecret: 'another secret of at least thirty-two bytes' });
    admin = await scene.signIn(admin.email, PASSWORD);
    expect(outcome(await get(`users?cursor=${cursor}`))).toEqual(INVALID);
    await scene.stage.enter(HOST);
    admin = await scene.signIn(admin.email, PASSWORD);
  });

  it('stats count each kind, and addresses that wait for their proof', async () => {
    const before = (await get('stats')).json;
    expect(Object.keys(before).toSorted()).toEqual([
      ...['active_users', 'pending_registrations', 'superusers', 'total_users', 'verified_users'],
    ]);
    const id = await idOf(people[4]!);
    await patch(id, { is_active: false });
    await scene.admin();
    await scene.stage.enter({ ...HOST, requireVerification: true });
    const email = someone();
    for (const one of [email, email, someone(), people[0]!]) await scene.register(one);
    expect((await get('stats')).json).toEqual({
      total_users: before.total_users + 1,
      active_users: before.active_users,
      verified_users: before.verified_users + 1,
      superusers: before.superusers + 1,
      pending_registrations: before.pending_registrations + 2,
    });
    await patch(id, { is_active: true });
  });

  describe('attempts to register', () => {
    beforeAll(async () => {
      await scene.stage.enter({ ...HOST, requireVerification: true });
      admin = await scene.signIn(admin.email, PASSWORD);
      scene.advance(1);
    });
    afterAll(() => scene.stage.enter(HOST));

    const list = async (): Promise<Row[]> => (await get('pending-registrations')).json.items as Row[];
    const promote = (id: string) =>
      scene.post(`/admin/pending-registrations/${id}/promote`, undefined, { token: admin.token });

    it('are listed newest first, page by page, without their secrets; decoys of taken addresses are not', async () => {
      const [one, two] = [someone(), someone()];
      await scene.post('/register', { email: one, password: PASSWORD, full_name: 'Ada' });
      scene.advance(1);
      for (const email of [two, people[0]!, one]) await scene.register(email, OTHER_PASSWORD);
      const [last, second, first] = await list();
      expect([last, second, first].map((row) => row!.email)).toEqual([one, two, one]);
      expect((await list()).some(({ email }) => people.includes(email))).toBe(false);
      expect(first).toEqual({
        id: expect.any(String),
        email: one,
        full_name: 'Ada',
        created_at: new Date(scene.stage.clock.now().getTime() - 1000).toISOString(),
        expires_at: new Date(scene.stage.clock.now().getTime() + 86_399_000).toISOString(),
      });
      const paged = await pages('pending-registrations?limit=2');
      expect(paged.flat()).toEqual(await list());
      scene.advance(86_400);
      admin = await scene.signIn(admin.email, PASSWORD);
      expect(await list()).toEqual([]);
    });

    it('become users by an admin’s word, with the password of that attempt; links and other attempts are dead', async () => {
      const email = someone();
      await scene.register(email, PASSWORD);
      const link = await scene.tokenTo(email);
      await scene.register(email, OTHER_PASSWORD);
      const other = await scene.tokenTo(email);
      const attempts = (await list()).filter((row) => row.email === email);
      scene.takeEvents();
      const promoted = await promote(attempts[1]!.id);
      expect([promoted.status, promoted.json]).toEqual([
        200,
        expect.objectContaining({
          email,
          is_verified: true,
          is_superuser: false,
          is_active: true,
          roles: [],
        }),
      ]);
      expect(scene.takeEvents()).toEqual(['user.registered']);
      for (const attempt of attempts)
        expect(outcome(await promote(attempt.id))).toEqual([404, 'registration.not_found']);
      for (const token of [link, other]) expect((await scene.verify(token)).status).toBe(400);
      expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(401);
      expect((await scene.login(email, PASSWORD)).status).toBe(200);
      expect((await list()).filter((row) => row.email === email)).toEqual([]);
    });

    it('P9: none makes an account of an address that somebody can still go back to', async () => {
      const member = await scene.member();
      const undo = (await scene.move(member, someone()))!;
      await scene.register(member.email, OTHER_PASSWORD);
      const { pendingRegistrations } = scene.stage.host.app.get(Store, { strict: false });
      const now = scene.stage.clock.now();
      const [attempt] = await pendingRegistrations.findLive(member.email as never, 1, now);
      expect(outcome(await promote(attempt!.id))).toEqual([404, 'registration.not_found']);
      expect((await scene.login(member.email, OTHER_PASSWORD)).status).toBe(401);
      const undone = await scene.post('/undo-email-change', { token: undo });
      expect([undone.status, undone.json.email]).toEqual([200, member.email]);
    });

    it('whose time is over, and which were used, are not promoted', async () => {
      const [used, late] = [someone(), someone()];
      for (const email of [used, late]) await scene.register(email);
      const [second, first] = await list();
      await scene.verify(await scene.tokenTo(used));
      scene.advance(86_400);
      admin = await scene.signIn(admin.email, PASSWORD);
      for (const { id } of [first!, second!])
        expect(outcome(await promote(id))).toEqual([404, 'registration.not_found']);
      expect((await scene.login(late, PASSWORD)).status).toBe(401);
    });
  });

  it('the audit log comes newest first, page by page, by kind and by user, with ids and no addresses', async () => {
    scene.advance(1);
    const email = someone();
    const { json: user } = await scene.register(email);
    await scene.guess(email, 3);
    admin = await scene.signIn(admin.email, PASSWORD);
    await patch(user.id as string, { is_active: false });
    const { json, text } = await get(`audit?user_id=${user.id}`);
    const kinds = json.items.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['user.disabled', ...Array(3).fill('user.login_failed'), 'user.registered']);
    expect(json.items[0]).toEqual({
      id: expect.any(String),
      time: scene.stage.clock.now().toISOString(),
      kind: 'user.disabled',
      actor: (await scene.me(admin)).id,
      target: user.id,
      ip: '127.0.0.1',
      result: 'success',
      reason: null,
      request_id: expect.any(String),
    });
    expect(text).not.toContain(email);
    const failed = await pages(`audit?user_id=${user.id}&kind=user.login_failed&limit=2`);
    expect(failed.map(({ length }) => length)).toEqual([2, 1]);
    for (const query of ['limit=0', 'limit=201', 'kind=', 'kind=a&kind=b', 'user_id=%00', 'skip=1'])
      expect(outcome(await get(`audit?${query}`))).toEqual(INVALID);
    expect((await get('audit?kind=nothing.known')).json).toEqual({ items: [], next_cursor: null });
  });
});
