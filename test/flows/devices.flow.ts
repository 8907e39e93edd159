import { PASSWORD } from '../support/demo';
import { OTHER_PASSWORD, outcome, Scene, WRONG_PASSWORD } from './scene';

const LOCKED = [429, 'login.locked'];
const WINDOW = 900;
const DAY = 86_400;
const DEVICE_SECONDS = 15_552_000;

describe('known devices and strangers', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.close());

  /** Fills the window of this device, or of the strangers. */
  const lock = async (email: string, cookie?: string): Promise<void> => {
    expect(await scene.guess(email, 5, { cookie })).toEqual([401, 401, 401, 401, 401]);
  };
  const signIn = async (email: string, cookie?: string): Promise<unknown[]> =>
    outcome(await scene.login(email, PASSWORD, { cookie }));

  it('a sign-in makes the device known, by a cookie that no script and no other site gets', async () => {
    const { email } = await scene.member();
    const { headers } = await scene.login(email, PASSWORD);
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^regstack-device=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect((await scene.login(email, WRONG_PASSWORD)).cookies).toEqual([]);
  });

  it('R17, W18: an outsider who locks the address does not lock out its devices, and learns nothing of them', async () => {
    const { email, deviceCookie } = await scene.member();
    await lock(email);
    expect(await signIn(email)).toEqual(LOCKED);
    const { status, cookies } = await scene.login(email, PASSWORD, { cookie: deviceCookie });
    expect(status).toBe(200);
    // The same device with a newer cookie, and no help to strangers.
    await lock(email, cookies[0]);
    expect(await signIn(email, deviceCookie)).toEqual(LOCKED);
    expect(await signIn(email)).toEqual(LOCKED);
  });

  it('a device with a full window is refused and does not fall through to the strangers', async () => {
    const { email, deviceCookie } = await scene.member();
    await lock(email, deviceCookie);
    expect(await signIn(email, deviceCookie)).toEqual(LOCKED);
    expect(await signIn(email)).toEqual([200, undefined]);
    expect(await signIn(email, deviceCookie)).toEqual(LOCKED);
  });

  it('each device has a window of its own', async () => {
    const { email, deviceCookie } = await scene.member();
    const second = await scene.signIn(email, PASSWORD);
    expect(second.deviceCookie).not.toBe(deviceCookie);
    await lock(email, deviceCookie);
    expect(await signIn(email, second.deviceCookie)).toEqual([200, undefined]);
  });

  it('R21: a success on a device clears its own window and not the strangers’, nor theirs the device’s', async () => {
    const { email, deviceCookie } = await scene.member();
    await scene.guess(email, 4);
    for (let round = 0; round < 2; round++) {
      await scene.guess(email, 4, { cookie: deviceCookie });
      expect(await signIn(email, deviceCookie)).toEqual([200, undefined]);
    }
    expect(await scene.guess(email, 2)).toEqual([401, 429]);

    scene.advance(WINDOW);
    await scene.guess(email, 4, { cookie: deviceCookie });
    for (let round = 0; round < 2; round++) {
      await scene.guess(email, 4);
      expect(await signIn(email)).toEqual([200, undefined]);
    }
    expect(await scene.guess(email, 2, { cookie: deviceCookie })).toEqual([401, 429]);
  });

  it('R21: a success on one’s own account frees no other, whoever’s device it comes from', async () => {
    const [own, other] = [await scene.member(), await scene.member()];
    const cookie = own.deviceCookie;
    for (let n = 0; n < 5; n++) {
      expect(await scene.guess(other.email, 1, { cookie })).toEqual([401]);
      expect(await signIn(own.email, cookie)).toEqual([200, undefined]);
    }
    expect(await signIn(other.email, cookie)).toEqual(LOCKED);
  });

  it('a cookie of somebody else, a forged one and an old one are a stranger’s', async () => {
    const [member, other] = [await scene.member(), await scene.member()];
    const [header, claims, signature] = member.deviceCookie.split('=')[1]!.split('.') as [
      string,
      string,
      string,
    ];
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const none = Buffer.from('{"alg":"none","typ":"device+jwt"}').toString('base64url');
    const strangers = [
      other.deviceCookie,
      `regstack-device=${header}.${claims}.${flipped}`,
      `regstack-device=${none}.${claims}.`,
      `regstack-device=${member.token}`,
      'regstack-device=',
    ];
    await lock(member.email);
    for (const cookie of strangers) expect(await signIn(member.email, cookie)).toEqual(LOCKED);
    // A device is no session.
    const bearer = member.deviceCookie.split('=')[1]!;
    expect(await scene.isSignedIn(bearer)).toBe(false);

    scene.advance(DEVICE_SECONDS - 1);
    await lock(member.email);
    expect(await signIn(member.email, member.deviceCookie)).toEqual([200, undefined]);
    scene.advance(1);
    expect(await signIn(member.email, member.deviceCookie)).toEqual(LOCKED);
  });

  it('R16, R17: cookies that a thief kept from before a reset share a day, and the owner’s device has another', async () => {
    const { email } = await scene.member();
    const kept: string[] = [];
    for (let n = 0; n < 21; n++) kept.push((await scene.signIn(email, PASSWORD)).deviceCookie);
    await scene.forgot(email);
    await scene.reset(await scene.tokenTo(email));
    const { token, deviceCookie } = await scene.signIn(email, OTHER_PASSWORD);
    for (const cookie of kept.slice(1)) await lock(email, cookie);
    const { status, headers } = await scene.login(email, OTHER_PASSWORD, { cookie: kept[0]! });
    expect([status, Number(headers.get('retry-after'))]).toEqual([429, DAY]);
    expect((await scene.login(email, OTHER_PASSWORD, { cookie: deviceCookie })).status).toBe(200);
    expect(
      (await scene.post('/reauthenticate', { current_password: OTHER_PASSWORD }, { token })).status,
    ).toBe(200);
  });

  it('a cookie that comes twice was planted', async () => {
    const { email, deviceCookie } = await scene.member();
    const cookie = `${deviceCookie}; regstack-device=x`;
    expect(outcome(await scene.login(email, PASSWORD, { cookie }))).toEqual([400, 'request.malformed']);
  });

  it('R17: a finished reset opens every window, of devices too; theirs are known as before', async () => {
    const { email, deviceCookie } = await scene.member();
    await lock(email);
    await lock(email, deviceCookie);
    await scene.forgot(email);
    expect((await scene.reset(await scene.tokenTo(email))).status).toBe(200);
    for (const cookie of [undefined, deviceCookie])
      expect((await scene.login(email, OTHER_PASSWORD, { cookie })).status).toBe(200);
    await lock(email);
    expect((await scene.login(email, OTHER_PASSWORD, { cookie: deviceCookie })).status).toBe(200);
  });

  it.each([
    ['strangers', false],
    ['a device', true],
  ])('R20: Retry-After tells %s the second in which the window ends', async (_, isKnown) => {
    const { email, deviceCookie } = await scene.member();
    const cookie = isKnown ? deviceCookie : undefined;
    await lock(email, cookie);
    scene.advance(100);
    const { headers } = await scene.login(email, PASSWORD, { cookie });
    expect(headers.get('retry-after')).toBe('800');
    scene.advance(799);
    expect(await signIn(email, cookie)).toEqual(LOCKED);
    scene.advance(1);
    expect(await signIn(email, cookie)).toEqual([200, undefined]);
  });

  it.each([
    ['strangers', false],
    ['devices', true],
  ])(
    'R16: %s have a hundred failures in a day, over all windows, whoever signs in between; time or a reset ends that',
    async (_, isKnown) => {
      const { email, deviceCookie } = await scene.member();
      const cookie = isKnown ? deviceCookie : undefined;
      for (let window = 0; window < 20; window++) {
        expect(await scene.guess(email, 4, { cookie })).toEqual([401, 401, 401, 401]);
        // Clears the window, and not the day.
        if (window % 10 === 0) expect(await signIn(email, cookie)).toEqual([200, undefined]);
        expect(await scene.guess(email, 1, { cookie })).toEqual([401]);
        scene.advance(WINDOW);
      }
      // However often it is asked: no window is told that ends before the day does.
      const left = String(DAY - 20 * WINDOW);
      for (let n = 0; n < 6; n++) {
        const locked = await scene.login(email, PASSWORD, { cookie });
        expect([...outcome(locked), locked.headers.get('retry-after')]).toEqual([...LOCKED, left]);
      }
      scene.advance(DAY - 20 * WINDOW - 1);
      expect(await signIn(email, cookie)).toEqual(LOCKED);
      if (isKnown) scene.advance(1);
      else {
        await scene.forgot(email);
        expect((await scene.reset(await scene.tokenTo(email), PASSWORD)).status).toBe(200);
      }
      expect(await signIn(email, cookie)).toEqual([200, undefined]);
    },
  );
});
