import { randomUUID } from 'node:crypto';
import { PASSWORD } from '../support/demo';
import { raw } from './raw';
import { fingerprint, type Head, OTHER_PASSWORD, outcome, Scene } from './scene';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Listed {
  readonly id: string;
  readonly user_agent: string | null;
  readonly current: boolean;
}

describe('sessions', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.close());

  const list = async (head: Head): Promise<Listed[]> =>
    (await scene.get('/api/auth/sessions', { token: head.token })).json.items as Listed[];
  const idOf = async (head: Head): Promise<string> => (await list(head)).find(({ current }) => current)!.id;
  const end = (id: string, head: Head) => scene.delete(`/sessions/${id}`, undefined, { token: head.token });
  const endOthers = (head: Head) => scene.post('/sessions/revoke-others', undefined, { token: head.token });
  const aliveOf = (...all: readonly { readonly token: string }[]) =>
    Promise.all(all.map(({ token }) => scene.isSignedIn(token)));

  it('R58: the list has what tells sessions apart, newest first, and says which of them asks', async () => {
    const first = await scene.member();
    const begin = scene.stage.clock.now();
    scene.advance(1);
    await scene.login(first.email, PASSWORD, { headers: { 'user-agent': FIREFOX } });
    scene.advance(1);
    await scene.signIn(first.email, PASSWORD);
    const { status, json } = await scene.get('/api/auth/sessions', { token: first.token });
    const seconds = (after: number) => new Date(begin.getTime() + after * 1000).toISOString();
    const session = (after: number, user_agent: string) => ({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      created_at: seconds(after),
      last_seen_at: seconds(after),
      ip: '127.0.0.1',
      user_agent,
      current: after === 0,
    });
    const items = [session(2, 'node'), session(1, FIREFOX), session(0, 'node')];
    expect([status, json]).toEqual([200, { items }]);
  });

  it('each session finds itself in the list, and nobody else’s', async () => {
    const one = await scene.member();
    const other = await scene.signIn(one.email, PASSWORD);
    await scene.member();
    const lists = await Promise.all([list(one), list(other)]);
    for (const items of lists) expect(items.filter(({ current }) => current)).toHaveLength(1);
    expect(lists.map((items) => items.map(({ current }) => current))).toEqual([
      [false, true],
      [true, false],
    ]);
    expect(new Set(lists.flat().map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['control characters', { 'user-agent': ' a\tb\u0085c\u009b31md ' }, 'a b c 31md'],
    ['5000 characters', { 'user-agent': 'x'.repeat(5000) }, 'x'.repeat(256)],
    ['nothing but blanks', { 'user-agent': '\t' }, null],
    ['no header', {}, null],
  ])('a User-Agent of %s is shown in one line, or not', async (_, headers, shown) => {
    const { email, token } = await scene.member();
    const body = { email, password: PASSWORD };
    const login = await raw(scene, { method: 'POST', path: '/api/auth/login', headers, body });
    expect(login.status).toBe(200);
    expect((await list({ token }))[0]!.user_agent).toBe(shown);
  });

  it('R58, R54: who ends one session has ended it at once; the others live', async () => {
    const [one, two] = [await scene.member(), await scene.member()];
    const gone = await scene.signIn(one.email, PASSWORD);
    const ended = await end(await idOf(gone), one);
    expect([ended.status, Object.keys(ended.json)]).toEqual([200, ['message']]);
    expect(await aliveOf(gone, one, two)).toEqual([false, true, true]);
    expect(await list(one)).toHaveLength(1);
  });

  it('one’s own session can be ended like any other', async () => {
    const member = await scene.member();
    expect((await end(await idOf(member), member)).status).toBe(200);
    expect(await aliveOf(member)).toEqual([false]);
  });

  it('somebody else’s session, one that is over, one that never was and no id at all are one 404', async () => {
    const [mine, other] = [await scene.member(), await scene.member()];
    const gone = await scene.signIn(mine.email, PASSWORD);
    const goneId = await idOf(gone);
    await end(goneId, mine);
    const [myId, otherId] = [await idOf(mine), await idOf(other)];
    const ids = [otherId, goneId, randomUUID(), myId.toUpperCase(), 'x', '%00', '%F0%9F%98%80', `${myId}%20`];
    const answers = await Promise.all(ids.map((id) => end(id, mine)));
    expect(outcome(answers[0]!)).toEqual([404, 'session.not_found']);
    const [first, ...others] = answers.map(fingerprint);
    for (const one of others) expect(one).toEqual(first);
    expect(await aliveOf(mine, other)).toEqual([true, true]);
  });

  it('R58: revoke-others leaves the session that asks, and everybody else’s', async () => {
    const [mine, other] = [await scene.member(), await scene.member()];
    const more = [await scene.signIn(mine.email, PASSWORD), await scene.signIn(mine.email, PASSWORD)];
    const ended = await endOthers(mine);
    expect([ended.status, Object.keys(ended.json)]).toEqual([200, ['message']]);
    expect(await aliveOf(mine, other, ...more)).toEqual([true, true, false, false]);
    expect(await list(mine)).toEqual([expect.objectContaining({ current: true })]);
    expect((await endOthers(mine)).status).toBe(200);
    expect((await scene.login(mine.email, PASSWORD)).status).toBe(200);
  });

  it('what is over is not listed: sessions of an older password, and those whose time has come', async () => {
    const { email, token } = await scene.member();
    await scene.changePassword({ token }, PASSWORD, OTHER_PASSWORD);
    const second = await scene.signIn(email, OTHER_PASSWORD);
    expect(await list(second)).toHaveLength(1);
    scene.advance(7200);
    expect(await list(await scene.signIn(email, OTHER_PASSWORD))).toHaveLength(1);
    expect(await aliveOf(second)).toEqual([false]);
  });

  it('R54: a logout ends this session and no other; it is not to be used again', async () => {
    const one = await scene.member();
    const other = await scene.signIn(one.email, PASSWORD);
    expect((await scene.post('/logout', undefined, { token: one.token })).status).toBe(200);
    expect(await aliveOf(one, other)).toEqual([false, true]);
    const again = await scene.post('/logout', undefined, { token: one.token });
    expect(outcome(again)).toEqual([401, 'session.required']);
  });

  it('who is not signed in is told that, and nothing else', async () => {
    const answers = [
      await scene.get('/api/auth/sessions'),
      await scene.delete(`/sessions/${randomUUID()}`),
      await scene.delete('/sessions/x'),
      await scene.post('/sessions/revoke-others'),
    ];
    const [first, ...others] = answers.map(fingerprint);
    expect(outcome(answers[0]!)).toEqual([401, 'session.required']);
    for (const one of others) expect(one).toEqual(first);
  });
});
