import { UsersService } from '@regstack/nestjs';
import { type Member, Scene } from './scene';

const HOST = { enableAdminRouter: true };
const ADMIN_DEVICE = { 'user-agent': 'Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0' };

/** What an owner reads who was not asked: who it was, and not where they were. */
const BY_AN_ADMIN = /\n\nWhen: 1 January 2100, \d\d:\d\d UTC\nBy: an administrator\n\n/;

describe('what admins do to an account is told to its owner', () => {
  let scene: Scene;
  let admin: Member;
  let member: Member & { readonly id: string };
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
  });
  afterAll(() => scene.close());
  beforeEach(async () => {
    const joined = await scene.member();
    member = { ...joined, id: (await scene.me(joined)).id as string };
  });

  const ask = (method: string, path: string, body?: unknown) =>
    scene.ask(method, `/admin${path}`, body, { token: admin.token, headers: ADMIN_DEVICE });
  const patch = async (body: unknown): Promise<number> =>
    (await ask('PATCH', `/users/${member.id}`, body)).status;
  /** Subjects of what the member was told after the mail with which their account began. */
  const told = async (): Promise<readonly string[]> => (await scene.subjectsTo(member.email)).slice(1);

  it('P5: who is the last admin is not told of what was refused', async () => {
    const before = await scene.subjectsTo(admin.email);
    const { id } = await scene.me(admin);
    for (const body of [{ is_active: false }, { is_superuser: false }])
      expect((await ask('PATCH', `/users/${id as string}`, body)).status).toBe(409);
    expect(await scene.subjectsTo(admin.email)).toEqual(before);
  });

  it.each([
    [{ is_active: false }, 'Your account at RegStack was disabled'],
    [{ is_superuser: true }, 'You are an administrator at RegStack now'],
  ])('%j: once, with the time, and by an administrator', async (body, subject) => {
    expect([await patch(body), await patch(body)]).toEqual([200, 200]);
    expect(await told()).toEqual([subject]);
    const { text, html } = (await scene.mailsTo(member.email)).at(-1)!;
    expect(text).toMatch(BY_AN_ADMIN);
    for (const part of [text, html]) expect(part).not.toMatch(/127\.0\.0\.1|ChromeOS|IP address|Device/);
    for (const name of [admin.email, member.id]) expect(text + html).not.toContain(name);
  });

  it('the way back is told too', async () => {
    for (const is of [false, true]) await patch({ is_active: is });
    for (const is of [true, false]) await patch({ is_superuser: is });
    expect(await told()).toEqual([
      'Your account at RegStack was disabled',
      'Your account at RegStack can be used again',
      'You are an administrator at RegStack now',
      'You are no administrator at RegStack any more',
    ]);
  });

  it('the end of all sessions is told each time; what leads nowhere and what is no matter of safety is not', async () => {
    for (let n = 0; n < 2; n++)
      expect((await ask('POST', `/users/${member.id}/revoke-sessions`)).status).toBe(200);
    await patch({ full_name: 'Ada', roles: ['editor'], is_active: true, is_superuser: false });
    expect(await told()).toEqual(Array(2).fill('You were signed out everywhere at RegStack'));
  });

  it('a deletion is told as what it was, and is the last that is told', async () => {
    await patch({ is_active: false });
    expect((await ask('DELETE', `/users/${member.id}`)).status).toBe(200);
    expect((await told()).at(-1)).toBe('Your account at RegStack was deleted');
    const { text } = (await scene.mailsTo(member.email)).at(-1)!;
    expect(text).toMatch(BY_AN_ADMIN);
    expect(text).toContain('If you do not know why, ask whoever runs RegStack.');
    expect(text).not.toContain('somebody knew your password');
  });

  it('of many admins who disable at once one is told', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => patch({ is_active: false })));
    expect(new Set(all)).toEqual(new Set([200]));
    expect(await told()).toEqual(['Your account at RegStack was disabled']);
  });

  it('what the code of the host does is told as done by the app', async () => {
    const users = scene.stage.host.app.get(UsersService, { strict: false });
    await users.promote(member.id);
    await users.disable(member.id);
    expect(await told()).toEqual([
      'You are an administrator at RegStack now',
      'Your account at RegStack was disabled',
    ]);
    for (const { text } of (await scene.mailsTo(member.email)).slice(1))
      expect(text).toMatch(/\n\nWhen: [^\n]+ UTC\nBy: the app itself\n\n/);
  });
});
