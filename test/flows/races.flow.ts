import { PASSWORD, someone } from '../support/demo';
import {
  crowd,
  linkToMove,
  linksTo,
  movedMember,
  ONE_WINS,
  passwordOf,
  race,
  raceTrack,
  tally,
  together,
  whoSignsIn,
  winners,
} from './race';
import { OTHER_PASSWORD, type Scene } from './scene';

describe('races for a link', () => {
  let scene: Scene;
  /** Without verification: accounts whose address was never proved. */
  let open: Scene;
  beforeAll(async () => {
    scene = await raceTrack();
    open = await raceTrack({ requireVerification: false });
  });
  afterAll(() => Promise.all([scene.close(), open.close()]));

  race('R28, P3: a verify link makes one user, once', async () => {
    const email = someone();
    await scene.post('/register', { email, password: PASSWORD });
    const token = await scene.tokenTo(email);
    const answers = await crowd(() => scene.post('/verify', { token }));
    expect(tally(answers)).toEqual(ONE_WINS);
    const { json } = await scene.login(email, PASSWORD);
    const me = await scene.get('/api/auth/me', { token: json.access_token });
    expect(me.json.id).toBe(answers[winners(answers)[0]!]!.json.id);
  });

  race('R28, P1: of 32 passwords with one reset link, one is set', async () => {
    const { email, token } = await scene.member();
    await scene.post('/forgot-password', { email });
    const link = await scene.tokenTo(email);
    const answers = await crowd((n) =>
      scene.post('/reset-password', { token: link, new_password: passwordOf(n) }),
    );
    expect(tally(answers)).toEqual(ONE_WINS);
    expect(await whoSignsIn(scene, email)).toEqual(winners(answers));
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect(await scene.isSignedIn(token)).toBe(false);
  });

  race('R28, P9: a link to a new address moves once, and one undo link is mailed', async () => {
    const member = await scene.member();
    const { email, link } = await linkToMove(scene, member);
    const before = (await linksTo(scene, member.email)).length;
    expect(tally(await crowd(() => scene.post('/confirm-email-change', { token: link })))).toEqual(ONE_WINS);
    expect((await scene.login(email, PASSWORD)).status).toBe(200);
    expect((await scene.login(member.email, PASSWORD)).status).toBe(401);
    expect(await linksTo(scene, member.email)).toHaveLength(before + 1);
  });

  race('R28, P9: an undo link works once, and one reset link is mailed', async () => {
    const { member, email, undo } = await movedMember(scene);
    const before = (await linksTo(scene, member.email)).length;
    expect(tally(await crowd(() => scene.post('/undo-email-change', { token: undo })))).toEqual(ONE_WINS);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    const [link, ...more] = (await linksTo(scene, member.email)).slice(before);
    expect(more).toEqual([]);
    const reset = await scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD });
    expect(reset.status).toBe(200);
    expect((await scene.login(member.email, OTHER_PASSWORD)).status).toBe(200);
  });

  race('R28, P11: of 32 passwords with one link to a mailbox, one is set', async () => {
    const email = someone();
    await scene.post('/register', { email, password: PASSWORD });
    await scene.post('/register', { email, password: OTHER_PASSWORD });
    await scene.post('/resend-verification', { email });
    const token = await scene.tokenTo(email);
    const answers = await crowd((n) => scene.post('/verify', { token, new_password: passwordOf(n) }));
    expect(tally(answers)).toEqual(ONE_WINS);
    expect(await whoSignsIn(scene, email)).toEqual(winners(answers));
    for (const typed of [PASSWORD, OTHER_PASSWORD])
      expect((await scene.login(email, typed)).status).toBe(401);
  });

  race('R28, P10: a verify link of an account proves it once', async () => {
    const email = someone();
    await open.post('/register', { email, password: PASSWORD });
    const session = (await open.login(email, PASSWORD)).json.access_token as string;
    await open.post('/resend-verification', { email });
    const token = await open.tokenTo(email);
    const answers = await crowd(() => open.post('/verify', { token }));
    expect(tally(answers)).toEqual(ONE_WINS);
    expect(answers[winners(answers)[0]!]!.json.is_verified).toBe(true);
    expect(await open.isSignedIn(session)).toBe(false);
  });

  race('R30: while a newer reset link is mailed, the older is used once or not at all', async () => {
    const { email } = await scene.member();
    await scene.post('/forgot-password', { email });
    const older = await scene.tokenTo(email);
    const useOlder = () => scene.post('/reset-password', { token: older, new_password: OTHER_PASSWORD });
    const [, ...first] = await together(
      () => scene.post('/forgot-password', { email }),
      ...Array.from({ length: 4 }, () => useOlder),
    );
    const newer = await scene.tokenTo(email);
    const useNewer = (n: number) =>
      scene.post('/reset-password', { token: newer, new_password: passwordOf(n) });
    const wasUsed = winners(first).length;
    expect(wasUsed).toBeLessThanOrEqual(1);
    if (newer === older) return expect(wasUsed).toBe(1);
    const [a, b, c, d] = await together(
      () => useNewer(0),
      useOlder,
      () => useNewer(1),
      useOlder,
    );
    expect([b.status, d.status]).toEqual([400, 400]);
    const uses = winners([a, c]).length;
    // The newer one is dead where it was asked for before the older was used.
    expect(uses).toBeLessThanOrEqual(1);
    if (wasUsed === 0) expect(uses).toBe(1);
  });

  race('R30: a newer link to a new address and the older are never both used', async () => {
    const member = await scene.member();
    const { email, link } = await linkToMove(scene, member);
    const [other, { token, password }] = [someone(), member];
    const useOlder = () => scene.post('/confirm-email-change', { token: link });
    const [, ...first] = await together(
      () => scene.post('/change-email', { new_email: other, current_password: password }, { token }),
      useOlder,
      useOlder,
    );
    const newer = (await linksTo(scene, other)).at(-1) ?? 'none';
    const useNewer = () => scene.post('/confirm-email-change', { token: newer });
    const second = await together(useNewer, useOlder, useNewer, useOlder);
    const [used, later] = [winners(first).length, winners(second)];
    expect(used + later.length).toBe(1);
    expect(later.filter((n) => n % 2 === 1)).toEqual([]);
    const home = used === 1 ? email : other;
    expect((await scene.login(home, PASSWORD)).status).toBe(200);
    expect((await scene.login(member.email, PASSWORD)).status).toBe(401);
  });
});
