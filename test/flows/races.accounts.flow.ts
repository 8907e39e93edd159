import { PASSWORD, someone } from '../support/demo';
import {
  CROWD,
  crowd,
  late,
  linkToMove,
  linksTo,
  movedMember,
  passwordOf,
  race,
  raceTrack,
  tally,
  together,
  whoSignsIn,
  winners,
} from './race';
import { type Answer, OTHER_PASSWORD, type Scene } from './scene';

const LOGINS = 8;

describe('races for an account', () => {
  let scene: Scene;
  /** Without verification: accounts whose address was never proved. */
  let open: Scene;
  beforeAll(async () => {
    scene = await raceTrack();
    open = await raceTrack({ requireVerification: false });
  });
  afterAll(() => Promise.all([scene.close(), open.close()]));

  /** The sessions of these answers that are alive. */
  const alive = async (answers: readonly Answer[]): Promise<readonly Answer[]> => {
    const opened = answers.filter(({ status }) => status === 200);
    const states = await Promise.all(opened.map(({ json }) => scene.isSignedIn(json.access_token)));
    return opened.filter((_, n) => states[n]);
  };

  /** Tries until it is let in. */
  const untilSignedIn = async (email: string, password: string): Promise<Answer> => {
    for (let tries = 1; ; tries++) {
      const answer = await scene.login(email, password);
      if (answer.status === 200 || tries === 100) return answer;
    }
  };

  race('R36: the address is that of the mailbox whose link won, of two asked for at once', async () => {
    const { token, email, password: current_password } = await scene.member();
    const mailboxes = [someone(), someone()] as const;
    const ask = (new_email: string) => () =>
      scene.post('/change-email', { new_email, current_password }, { token });
    await together(ask(mailboxes[0]), ask(mailboxes[1]));
    const links = await Promise.all(mailboxes.map(async (one) => (await linksTo(scene, one)).at(-1)));
    const answers = await together(
      ...links.map((link) => () => scene.post('/confirm-email-change', { token: link ?? 'none' })),
    );
    expect(winners(answers)).toHaveLength(1);
    const [winner] = winners(answers);
    expect(answers[winner!]!.json.email).toBe(mailboxes[winner!]);
    const homes = await Promise.all([...mailboxes, email].map((one) => scene.login(one, PASSWORD)));
    expect(winners(homes)).toEqual([winner]);
  });

  race('R38: of two users who move to one address, one gets there and the other stays', async () => {
    const people = [await scene.member(), await scene.member()] as const;
    const goal = someone();
    const links: string[] = [];
    for (const one of people) links.push((await linkToMove(scene, one, goal)).link);
    const answers = await together(
      ...links.map((token) => () => scene.post('/confirm-email-change', { token })),
    );
    expect(tally(answers)).toEqual({ 200: 1, 400: 1 });
    const loser = people[1 - winners(answers)[0]!]!;
    expect(await scene.isSignedIn(loser.token)).toBe(true);
    expect((await scene.login(loser.email, PASSWORD)).status).toBe(200);
    const { json } = await scene.login(goal, PASSWORD);
    const me = await scene.get('/api/auth/me', { token: json.access_token });
    expect(me.json.id).toBe(answers[winners(answers)[0]!]!.json.id);
  });

  race('P10: of the first proof, a reset and a change of the password, one is done', async () => {
    const email = someone();
    await open.post('/register', { email, password: PASSWORD });
    const token = (await open.login(email, PASSWORD)).json.access_token as string;
    const planter = { email, password: PASSWORD, token, deviceCookie: '' };
    const planted = await linkToMove(open, planter);
    await open.post('/resend-verification', { email });
    const proof = await open.tokenTo(email);
    await open.post('/forgot-password', { email });
    const reset = await open.tokenTo(email);
    const [proved, wasReset, wasChanged] = await together(
      () => open.post('/verify', { token: proof }),
      () => open.post('/reset-password', { token: reset, new_password: OTHER_PASSWORD }),
      () => open.post('/change-password', change(PASSWORD, passwordOf(0)), { token }),
      ...Array.from({ length: 4 }, () => () => open.login(email, PASSWORD)),
    );
    expect(winners([proved, wasReset, wasChanged])).toHaveLength(1);
    expect(await open.isSignedIn(token)).toBe(false);
    expect((await open.post('/confirm-email-change', { token: planted.link })).status).toBe(400);
    const choices = [PASSWORD, OTHER_PASSWORD, passwordOf(0)];
    const inside = await Promise.all(choices.map((one) => open.login(email, one)));
    expect(winners(inside)).toEqual(winners([proved, wasReset, wasChanged]));
  });

  race('R37, P11: whoever registers an address first, its reader chooses the password', async () => {
    const email = someone();
    const [attackers, victims, chosen] = [PASSWORD, OTHER_PASSWORD, passwordOf(0)];
    const register = (password: string) => () => scene.post('/register', { email, password });
    const resend = () => scene.post('/resend-verification', { email });
    await together(register(attackers), register(victims), resend, resend);
    await resend();
    const links = await linksTo(scene, email);
    const kinds = await Promise.all(
      links.map((token) => scene.post('/verify', { token, new_password: 'x' })),
    );
    const isMailbox = ({ json }: Answer) => json.code === 'password.too_short';
    const mailboxLink = links.find((_, n) => isMailbox(kinds[n]!));
    const answers = await together(
      ...[...links, ...links].map((token) => () => {
        const body = token === mailboxLink ? { token, new_password: chosen } : { token };
        return scene.post('/verify', body);
      }),
    );
    expect(winners(answers)).toHaveLength(1);
    const used = links[winners(answers)[0]! % links.length];
    const inside = winners(
      await Promise.all([attackers, victims, chosen].map((one) => scene.login(email, one))),
    );
    expect(inside).toHaveLength(1);
    expect(inside[0] === 2).toBe(used === mailboxLink);
  });

  race('R37, P11: a link to the mailbox alone never makes an account of what somebody typed', async () => {
    const email = someone();
    const register = (n: number) => () => scene.post('/register', { email, password: passwordOf(n) });
    const resend = () => scene.post('/resend-verification', { email });
    await together(register(0), register(1));
    const before = (await linksTo(scene, email)).length;
    await together(register(2), resend, resend, register(3), resend);
    const links = (await linksTo(scene, email)).slice(before);
    // Of those asked for, one lives; those of the attempts carry no password, and live until somebody wins.
    const bare = await Promise.all(links.map((token) => scene.post('/verify', { token, new_password: 'x' })));
    const asked = links.filter((_, n) => bare[n]!.json.code === 'password.too_short');
    expect(asked).toHaveLength(1);
    const [without, chosen] = await together(
      () => scene.post('/verify', { token: asked[0] }),
      () => scene.post('/verify', { token: asked[0], new_password: OTHER_PASSWORD }),
    );
    expect([422, 400]).toContain(without.status);
    expect(chosen.status).toBe(200);
    expect(await whoSignsIn(scene, email)).toEqual([]);
    expect((await scene.login(email, OTHER_PASSWORD)).status).toBe(200);
  });

  race(
    'W12: no session of the old password lives after a reset or a change, whatever is in flight',
    async () => {
      const { email, token } = await scene.member();
      await scene.post('/forgot-password', { email });
      const reset = await scene.tokenTo(email);
      const logins = Array.from({ length: LOGINS }, () => late(() => scene.login(email, PASSWORD)));
      const [done, ...inFlight] = await together(
        () => scene.post('/reset-password', { token: reset, new_password: OTHER_PASSWORD }),
        ...logins,
      );
      expect(done.status).toBe(200);
      expect(await alive(inFlight)).toEqual([]);
      expect(await scene.isSignedIn(token)).toBe(false);

      const { json } = await scene.login(email, OTHER_PASSWORD);
      const [changed, ...others] = await together(
        () => scene.post('/change-password', change(OTHER_PASSWORD, PASSWORD), { token: json.access_token }),
        ...Array.from({ length: LOGINS }, () => late(() => scene.login(email, OTHER_PASSWORD))),
      );
      expect(changed.status).toBe(200);
      expect(await alive(others)).toEqual([]);
    },
  );

  race('W12: a session of the new password lives, though the change is still tidying up', async () => {
    const { email } = await scene.member();
    await scene.post('/forgot-password', { email });
    const reset = await scene.tokenTo(email);
    const [done, ...early] = await together(
      () => scene.post('/reset-password', { token: reset, new_password: OTHER_PASSWORD }),
      ...Array.from({ length: LOGINS }, () => () => untilSignedIn(email, OTHER_PASSWORD)),
    );
    expect([done.status, winners(early).length]).toEqual([200, LOGINS]);
    expect(await alive(early)).toHaveLength(LOGINS);
  });

  race('P1: of 32 changes of a password from two sessions, one is done', async () => {
    const { email, token } = await scene.member();
    const other = (await scene.login(email, PASSWORD)).json.access_token as string;
    const answers = await crowd((n) =>
      scene.post('/change-password', change(PASSWORD, passwordOf(n)), { token: n % 2 ? token : other }),
    );
    const { 200: done, 400: wrong = 0, 401: tooLate = 0 } = tally(answers);
    expect([done, wrong + tooLate]).toEqual([1, CROWD - 1]);
    expect(await whoSignsIn(scene, email)).toEqual(winners(answers));
    for (const one of [token, other]) expect(await scene.isSignedIn(one)).toBe(false);
  });

  race('P9: the reader of the mailbox before gets the account, whatever a thief does', async () => {
    const { member, email, undo, token } = await movedMember(scene);
    const thief = { email, password: PASSWORD, token, deviceCookie: '' };
    const next = await linkToMove(scene, thief);
    await scene.post('/forgot-password', { email });
    const reset = await scene.tokenTo(email);
    const grabbed = passwordOf(0);
    const forget = late(() => scene.post('/forgot-password', { email }));
    const toNowhere = { new_email: someone(), current_password: PASSWORD };
    const [undone, ...grabs] = await together(
      late(() => scene.post('/undo-email-change', { token: undo })),
      late(() => scene.post('/change-password', change(PASSWORD, grabbed), { token })),
      late(() => scene.post('/confirm-email-change', { token: next.link })),
      late(() => scene.post('/reset-password', { token: reset, new_password: grabbed })),
      late(() => scene.post('/change-email', toNowhere, { token })),
      ...[forget, forget, forget, forget],
      late(() => scene.login(email, PASSWORD)),
      late(() => scene.login(next.email, PASSWORD)),
    );
    expect([undone.status, undone.json.email]).toEqual([200, member.email]);
    const link = await scene.tokenTo(member.email);
    expect(await alive([{ ...undone, json: { access_token: token } }, ...grabs.slice(-2)])).toEqual([]);
    const mine = await scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD });
    expect(mine.status).toBe(200);
    expect((await scene.login(member.email, OTHER_PASSWORD)).status).toBe(200);
    const places = [email, next.email, member.email];
    const tries = places.flatMap((one) => [PASSWORD, grabbed].map((password) => scene.login(one, password)));
    expect(tally(await Promise.all(tries))).toEqual({ 401: 6 });
  });

  race('P1: a disabled account stays disabled, whatever was reset', async () => {
    const { email, token } = await scene.member();
    await scene.post('/forgot-password', { email });
    const link = await scene.tokenTo(email);
    const disable = async () => ({
      ...(await scene.stage.host.call('POST', '/staff/disable', { email })),
      cookies: [],
    });
    const reset = () => scene.post('/reset-password', { token: link, new_password: OTHER_PASSWORD });
    const [disabled, ...resets] = await together(disable, reset, reset);
    const wasDisabled = disabled.json.changed !== null;
    const wasReset = winners(resets).length;
    expect(wasReset).toBeLessThanOrEqual(1);
    expect(wasReset + Number(wasDisabled)).toBeGreaterThanOrEqual(1);
    const right = wasReset ? OTHER_PASSWORD : PASSWORD;
    const wrong = wasReset ? PASSWORD : OTHER_PASSWORD;
    expect((await scene.login(email, right)).status).toBe(wasDisabled ? 403 : 200);
    expect((await scene.login(email, wrong)).status).toBe(401);
    expect(await scene.isSignedIn(token)).toBe(false);
  });
});

const change = (current: string, next: string) => ({ current_password: current, new_password: next });
