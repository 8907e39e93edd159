import { Logger } from '@nestjs/common';
import { AccountHooks, UsersService, Veto } from '@regstack/nestjs';
import { candidatesIn, hashOf, Listening, Notes, PLANTED, STRAY, TYPED } from './canaries';
import { CapturedLog } from './captured-log';
import { outcome, Scene, someone, tokensIn } from './scene';

describe('secrets', () => {
  let scene: Scene;
  let dump: string;
  const log = new CapturedLog();
  /** Access tokens and device cookies that were given out. */
  const handedOut: string[] = [];
  /** Of links that nobody has used. */
  let open: string[];
  /** Of all links. */
  let mailed: string[];

  /** Of a mail that a server did not take. */
  const tried: string[] = [];

  /** Every flow once, with mistakes. */
  const live = async (): Promise<void> => {
    const moved = someone();
    let member = await scene.member(someone(), PLANTED.registered);
    handedOut.push(member.token, member.deviceCookie.split('=')[1]!);
    await scene.login(member.email, PLANTED.wrong);
    for (const [path, rest] of [
      ['/change-password', { new_password: PLANTED.changed }],
      ['/change-email', { new_email: moved }],
      ['/reauthenticate', {}],
    ] as const) {
      const refused = await scene.post(path, { current_password: PLANTED.wrong, ...rest }, member);
      expect(outcome(refused)).toEqual([400, 'password.wrong_current']);
    }
    await scene.changePassword(member, PLANTED.registered, PLANTED.short);
    await scene.forgot(member.email);
    await scene.reset(await scene.tokenTo(member.email), PLANTED.short);
    await scene.reset(await scene.tokenTo(member.email), PLANTED.reset);
    member = await scene.signIn(member.email, PLANTED.reset);
    await scene.changePassword(member, PLANTED.reset, PLANTED.changed);
    member = await scene.signIn(member.email, PLANTED.changed);
    const undo = await scene.move(member, moved);
    await scene.post('/undo-email-change', { token: undo });
    const twice = someone();
    for (const password of [PLANTED.attempt, PLANTED.registered]) await scene.register(twice, password);
    await scene.resend(twice);
    await scene.verify(await scene.tokenTo(twice), PLANTED.chosen);
  };

  /** The same for what owners, admins and the host do of accounts. */
  const administer = async (): Promise<void> => {
    const users = scene.stage.host.app.get(UsersService, { strict: false });
    const [email, other] = [someone(), someone()];
    const [admin, member] = [
      await scene.admin(someone(), PLANTED.admin),
      await scene.member(email, PLANTED.registered),
    ];
    const { id } = await scene.me(member);
    const profile = { full_name: TYPED.name, attributes: { note: TYPED.attribute } };
    await scene.patch('/me', profile, member);
    await scene.patch(`/admin/users/${id}`, profile, admin);
    await scene.post('/reauthenticate', { current_password: PLANTED.registered }, member);
    const credentials = { email, password: PLANTED.registered };
    const { cookies } = await scene.post('/login?transport=cookie', credentials, {
      headers: { 'user-agent': TYPED.agent },
    });
    for (const one of [admin, member]) handedOut.push(one.token, one.deviceCookie.split('=')[1]!);
    handedOut.push(...cookies.map((cookie) => cookie.split('=')[1]!));
    for (const path of [
      '/sessions',
      '/admin/stats',
      '/admin/users',
      '/admin/audit',
      '/admin/pending-registrations',
      '/admin/outbox',
    ])
      await scene.ask('GET', path, undefined, admin);
    await users.setPassword(id as string, PLANTED.byHost);
    const again = await scene.signIn(email, PLANTED.byHost);
    for (const current_password of [PLANTED.wrong, PLANTED.byHost])
      await scene.post('/account/delete', { current_password }, again);
    await scene.register(other, PLANTED.attempt);
    await scene.delete(`/admin/users/${id}`, undefined, admin);
  };

  /** Secrets in every place where a client may put one by mistake. */
  const blunder = async (): Promise<void> => {
    const { token, email } = await scene.member(someone(), PLANTED.registered);
    const headers = {
      authorization: `Bearer ${STRAY.bearer}`,
      cookie: `regstack-session=${STRAY.cookie}; regstack-device=${STRAY.cookie}; other=${STRAY.cookie}`,
      'x-request-id': STRAY.bearer,
    };
    for (const path of ['/me', '/sessions', '/admin/users', '/nothing'])
      for (const query of [
        '',
        `?access_token=${STRAY.query}`,
        `?password=${STRAY.query}&cursor=${STRAY.query}`,
      ]) {
        await scene.ask('GET', path + query, undefined, { headers });
        await scene.ask('GET', path + query, undefined, { token });
      }
    for (const path of [
      '/login',
      '/register',
      '/verify',
      '/reset-password',
      '/change-password',
      '/account/delete',
    ]) {
      const body = { email, password: [STRAY.field], token: STRAY.field, [STRAY.field]: STRAY.field };
      await scene.post(path, body, { token });
      await scene.post(path, body, { headers });
      await scene.post(`${path}?password=${STRAY.query}`, STRAY.broken, { token });
      await scene.patch(path, body, { token });
    }
  };

  /** One live link of each kind. */
  const leaveOpen = async (): Promise<string[]> => {
    const [pending, several, to] = [someone(), someone(), someone()];
    await scene.register(pending, PLANTED.attempt);
    for (let n = 0; n < 2; n++) await scene.register(several, PLANTED.attempt);
    await scene.resend(several);
    const owner = await scene.member(someone(), PLANTED.registered);
    const undo = (await scene.move(owner, to))!;
    const mover = await scene.signIn(to, PLANTED.registered);
    handedOut.push(mover.token, mover.deviceCookie.split('=')[1]!);
    const next = someone();
    await scene.changeEmail(mover, next);
    await scene.forgot(to);
    return [
      await scene.tokenTo(pending),
      await scene.tokenTo(several),
      undo,
      await scene.tokenTo(next),
      await scene.tokenTo(to),
    ];
  };

  beforeAll(async () => {
    const providers = [{ provide: AccountHooks, useClass: Listening }];
    scene = await Scene.start({ enableAdminRouter: true, attributes: Notes, providers });
    log.capture();
    await live();
    await administer();
    await blunder();
    open = await leaveOpen();
    const { email } = await scene.member();
    const deliver = jest.spyOn(scene.stage.mail, 'deliver');
    deliver.mockImplementationOnce(async (mail) => {
      tried.push(...tokensIn(mail));
      throw new Error(`no server takes this: ${mail.text}`);
    });
    await scene.forgot(email);
    await scene.stage.quiet();
    deliver.mockRestore();
    mailed = tried.concat(scene.stage.mail.sent.flatMap(tokensIn));
    dump = await scene.stage.dump();
  });
  afterAll(async () => {
    log.release();
    await scene.close();
  });

  /** What was typed as a secret, mailed as one or given out as one. */
  const secrets = (): string[] => [
    ...Object.values(PLANTED),
    ...Object.values(STRAY),
    ...mailed,
    ...handedOut,
    // Of a token of a session the last part is what makes it one.
    ...handedOut.flatMap((token) => token.split('.').slice(2)),
  ];
  const leaksIn = (text: string, what: readonly string[] = secrets()): string[] =>
    what.filter((secret) => text.includes(secret));
  const events = (): string => JSON.stringify(scene.stage.events);
  const logged = (): string => log.lines.map(({ whole }) => whole).join('\n');
  /** Of ours: what the host says about a path that is nobody's is its own. */
  const problems = (): string =>
    scene.answers
      .filter(({ json }) => json?.code !== undefined)
      .map(({ text, headers }) => [text, ...[...headers].flat()].join('\n'))
      .join('\n');

  it('R27: no column holds a password, a token or the content of a mail', () => {
    expect(leaksIn(dump)).toEqual([]);
    for (const { text, html } of scene.stage.mail.sent)
      for (const body of [text, html]) expect(dump).not.toContain(body.slice(0, 80));
    // It does hold what was looked for in another form: the hashes of the links that are open.
    for (const token of open) expect(dump).toContain(hashOf(token));
  });

  it('R27: nothing in the database is a token, whatever way of ours it is tried with', async () => {
    const candidates = candidatesIn(dump);
    // A token works when its hash is stored: of none of them it is.
    expect([...candidates].filter((one) => candidates.has(hashOf(one)))).toEqual([]);
    const stored = [...candidates].filter((one) => open.some((token) => hashOf(token) === one));
    expect(stored).toHaveLength(open.length);
    const routes = ['/verify', '/reset-password', '/confirm-email-change', '/undo-email-change'];
    for (const token of stored)
      for (const path of routes) {
        const body = path === '/reset-password' ? { token, new_password: PLANTED.chosen } : { token };
        expect((await scene.post(path, body)).json.code).toBe('token.invalid');
      }
    // And all of them were alive.
    const [pending, several, undo, next, reset] = open as [string, string, string, string, string];
    expect((await scene.verify(pending)).status).toBe(200);
    expect((await scene.verify(several, PLANTED.chosen)).status).toBe(200);
    expect((await scene.reset(reset, PLANTED.reset)).status).toBe(200);
    expect((await scene.post('/confirm-email-change', { token: next })).status).toBe(400);
    expect((await scene.post('/undo-email-change', { token: undo })).status).toBe(200);
  });

  it('W46, W47: no answer holds a password or the token of a link, in its body or its headers', () => {
    for (const { text, headers } of scene.answers) {
      const all = [text, ...[...headers].flat()].join('\n');
      for (const secret of [...Object.values(PLANTED), ...mailed]) expect(all).not.toContain(secret);
    }
  });

  it('R73, G17: no event, no line of the log at any level, no hook and no problem holds a secret', () => {
    expect(new Set(scene.stage.events.map(({ name }) => name)).size).toBeGreaterThan(11);
    expect(log.security.length).toBeGreaterThan(60);
    expect(Listening.asked.length).toBeGreaterThan(15);
    expect(tried).toHaveLength(1);
    const others = log.lines.filter(({ context }) => context !== 'RegStackSecurity');
    expect(others.map(({ text }) => text)).toEqual([expect.stringContaining('was not sent at attempt 1')]);
    for (const text of [events(), logged(), problems(), JSON.stringify(Listening.asked)]) {
      expect(leaksIn(text, [...secrets(), ...mailed.map(hashOf)])).toEqual([]);
      expect(text).not.toMatch(/\$sha256\$|passwordHash|authEpoch/);
    }
  });

  it('R72, W46: no line of the log and no problem holds an address, a name or anything else that was typed', () => {
    for (const text of [logged(), problems()]) {
      expect(leaksIn(text, [...Object.values(TYPED), 'example.org'])).toEqual([]);
      expect(text.length).toBeGreaterThan(10_000);
    }
    expect(leaksIn(events(), [TYPED.name, TYPED.attribute])).toHaveLength(2);
  });

  it('each of these searches finds what is there', async () => {
    const leak = PLANTED.chosen;
    const member = await scene.member();
    await scene.patch('/me', { full_name: leak }, member);
    Logger.debug(`a password: ${leak}`);
    Listening.veto = new Veto(`not with ${leak}`);
    await scene.login(someone(), leak);
    Listening.asked.push({ password: leak });
    Listening.veto = null;
    await scene.stage.quiet();
    const texts = [await scene.stage.dump(), events(), logged(), problems(), JSON.stringify(Listening.asked)];
    expect(texts.map((text) => leaksIn(text))).toEqual(texts.map(() => [leak]));
  });
});
