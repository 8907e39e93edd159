import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { outcome, Scene, someone, tokensIn } from './scene';

/** Every password that is typed here; none of them may be found anywhere afterwards. */
const PLANTED = {
  registered: 'Canary-registered-01',
  wrong: 'Canary-wrong-guess-02',
  reset: 'Canary-reset-to-03-abc',
  changed: 'Canary-changed-to-04',
  attempt: 'Canary-of-attempt-05',
  chosen: 'Canary-chosen-late-06',
  short: 'Canary-7',
} as const;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Every text in a dump that has the form of a token: a database without separators may have glued it to its neighbours. */
const candidatesIn = (dump: string): Set<string> => {
  const found = new Set<string>();
  // What is longer is an encrypted mail; what lies beside it may not be.
  for (const [run] of dump.matchAll(/[\w-]{43,}/g))
    for (const part of run.length > 400 ? [run.slice(0, 200), run.slice(-200)] : [run])
      for (let at = 0; at + 43 <= part.length; at++) found.add(part.slice(at, at + 43));
  return found;
};

describe('secrets', () => {
  let scene: Scene;
  let dump: string;
  const logged: string[] = [];
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
    const body = { email: member.email, password: PLANTED.registered };
    const { cookies } = await scene.post('/login?transport=cookie', body);
    handedOut.push(...cookies.map((one) => one.split('=')[1]!));
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
    scene = await Scene.start();
    const keep = (...parts: unknown[]) => void logged.push(parts.map(String).join(' '));
    Logger.overrideLogger({ log: keep, warn: keep, error: keep, debug: keep, verbose: keep, fatal: keep });
    await live();
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
    Logger.overrideLogger(false);
    await scene.close();
  });

  it('R27: no column holds a password, a token or the content of a mail', () => {
    for (const secret of [...Object.values(PLANTED), ...mailed, ...handedOut])
      expect(dump).not.toContain(secret);
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

  it('no event and no line of the log holds a secret', () => {
    const { events } = scene.stage;
    expect(new Set(events.map(({ name }) => name)).size).toBeGreaterThan(8);
    expect(tried).toHaveLength(1);
    const isOfSecurity = (line: string): boolean => line.endsWith('} RegStackSecurity');
    expect(logged.filter((line) => !isOfSecurity(line))).toEqual([
      expect.stringContaining('was not sent at attempt 1'),
    ]);
    const security = logged.filter(isOfSecurity).join('\n');
    expect(new Set(security.match(/"kind":"[^"]+"/g)).size).toBeGreaterThan(8);
    expect(security).not.toContain('@');
    const told = [JSON.stringify(events), ...logged].join('\n');
    for (const secret of [...Object.values(PLANTED), ...mailed, ...handedOut, ...mailed.map(hashOf)])
      expect(told).not.toContain(secret);
    expect(told).not.toMatch(/\$sha256\$|passwordHash|authEpoch/);
  });
});
