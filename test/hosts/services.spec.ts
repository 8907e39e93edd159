import {
  canonicalEmail,
  type KnownDevice,
  LockoutService,
  SessionAuthenticator,
  SessionsService,
  TokenService,
  UsersService,
} from '@regstack/nestjs';
import { type Member, type Scene, someone } from '../flows/scene';
import { openShop } from './shop';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';

describe('services, for the code of a host', () => {
  let scene: Scene;
  beforeAll(async () => {
    ({ scene } = await openShop());
  });
  afterAll(() => scene.close());

  const service = <T>(type: new (...dependencies: never[]) => T): T =>
    scene.stage.host.app.get<T>(type, { strict: false });
  const idOf = async ({ email }: Member): Promise<string> =>
    (await service(UsersService).findByEmail(email))!.id;
  const signedIn = (...members: Member[]): Promise<boolean[]> =>
    Promise.all(members.map(({ token }) => scene.isSignedIn(token)));

  describe('SessionsService', () => {
    /** A user with three sessions, oldest first. */
    const three = async () => {
      const first = await scene.member();
      const others = [];
      for (let n = 0; n < 2; n++) {
        scene.advance(1);
        others.push(await scene.signIn(first.email, first.password));
      }
      const id = await idOf(first);
      const listed = await service(SessionsService).listFor(id);
      return { id, members: [first, ...others], ids: listed.map((one) => one.id).toReversed() };
    };

    it('lists the live ones, newest first, as they may be shown', async () => {
      const { id, members } = await three();
      const sessions = service(SessionsService);
      const listed = await sessions.listFor(id);
      expect(listed).toHaveLength(3);
      expect(Object.keys(listed[0]!).toSorted()).toEqual([
        'createdAt',
        'expiresAt',
        'id',
        'ip',
        'lastSeenAt',
        'userAgent',
      ]);
      const times = listed.map(({ createdAt }) => createdAt.getTime());
      expect(times).toEqual(times.toSorted((a, b) => b - a));
      await scene.post('/logout', {}, members[1]!);
      expect(await sessions.listFor(id)).toHaveLength(2);
      await service(UsersService).disable(id);
      expect(await sessions.listFor(id)).toEqual([]);
      for (const nobody of [UNKNOWN, 'nonsense', '']) expect(await sessions.listFor(nobody)).toEqual([]);
    });

    it('end ends one, of its owner only', async () => {
      const [{ id, members, ids }, other] = [await three(), await scene.member()];
      const sessions = service(SessionsService);
      expect(await sessions.end(await idOf(other), ids[0]!)).toBe(false);
      for (const nonsense of [UNKNOWN, 'nonsense', '', "' OR ''='"])
        expect(await sessions.end(id, nonsense)).toBe(false);
      expect(await sessions.end(id, ids[0]!)).toBe(true);
      expect(await sessions.end(id, ids[0]!)).toBe(false);
      expect(await signedIn(...members, other)).toEqual([false, true, true, true]);
    });

    it('endOthers leaves the one that is named, and other users', async () => {
      const [{ id, members, ids }, other] = [await three(), await scene.member()];
      await service(SessionsService).endOthers(id, ids[1]!);
      expect(await signedIn(...members, other)).toEqual([false, true, false, true]);
    });

    it('endAll ends all of them, and mailed links; who signs in again may', async () => {
      const { id, members } = await three();
      const { email, password } = members[0]!;
      await scene.forgot(email);
      const link = await scene.tokenTo(email);
      expect(await service(SessionsService).endAll(id)).toBe(true);
      expect(await signedIn(...members)).toEqual([false, false, false]);
      expect((await scene.reset(link)).json.code).toBe('token.invalid');
      expect(await signedIn(await scene.signIn(email, password))).toEqual([true]);
      for (const nobody of [UNKNOWN, 'nonsense'])
        expect(await service(SessionsService).endAll(nobody)).toBe(false);
    });
  });

  describe('LockoutService', () => {
    const address = () => canonicalEmail(someone());
    const DEVICE: KnownDevice = { id: 'device', knownSince: 0, authEpoch: 0 };
    const spend = async (email: ReturnType<typeof address>, device: KnownDevice | null, times = 5) => {
      const isLast = [];
      for (let n = 0; n < times; n++)
        isLast.push((await service(LockoutService).reserve(email, device)).isLast);
      return isLast;
    };
    const locked = (seconds: number) => ({ code: 'login.locked', retryAfterSeconds: seconds });

    it('counts attempts, tells the last, and refuses with the time until the window ends', async () => {
      const email = address();
      expect(await spend(email, null)).toEqual([false, false, false, false, true]);
      scene.advance(100);
      await expect(spend(email, null, 1)).rejects.toMatchObject(locked(800));
      scene.advance(800);
      expect(await spend(email, null, 1)).toEqual([false]);
    });

    it('a known device and strangers are counted apart', async () => {
      const email = address();
      await spend(email, null);
      expect(await spend(email, DEVICE)).toEqual([false, false, false, false, true]);
      await expect(spend(email, DEVICE, 1)).rejects.toMatchObject({ code: 'login.locked' });
      expect(await spend(email, { ...DEVICE, id: 'another' }, 1)).toEqual([false]);
    });

    it('a refund takes one back, clear takes all', async () => {
      const [email, lockout] = [address(), service(LockoutService)];
      await spend(email, null, 4);
      await (await lockout.reserve(email, null)).refund();
      const last = await lockout.reserve(email, null);
      expect(last.isLast).toBe(true);
      await last.clear();
      expect(await spend(email, null)).toEqual([false, false, false, false, true]);
    });

    it('chargeStrangers counts for strangers and never refuses; forgive forgets', async () => {
      const [email, lockout] = [address(), service(LockoutService)];
      for (let n = 0; n < 7; n++) await lockout.chargeStrangers(email);
      await expect(spend(email, null, 1)).rejects.toMatchObject({ code: 'login.locked' });
      expect(await spend(email, DEVICE, 1)).toEqual([false]);
      await lockout.forgive(email);
      expect(await spend(email, null, 1)).toEqual([false]);
    });
  });

  describe('TokenService and SessionAuthenticator', () => {
    it('read the token of a session; one is for what the token says, the other for what is true now', async () => {
      const member = await scene.member();
      const id = await idOf(member);
      const claims = service(TokenService).verify(member.token);
      expect(claims).toMatchObject({ userId: id, authEpoch: expect.any(Number) as number });
      const found = await service(SessionAuthenticator).authenticate(member.token);
      expect(found).toMatchObject({ sessionId: claims!.sessionId, user: { id, email: member.email } });
      expect(await service(SessionAuthenticator).authenticate(member.token, 'cookie')).toBeNull();
      await service(SessionsService).endAll(id);
      expect(service(TokenService).verify(member.token)).toEqual(claims);
      expect(await service(SessionAuthenticator).authenticate(member.token)).toBeNull();
    });

    it('a token that the host signs for no session opens nothing', async () => {
      const id = await idOf(await scene.member());
      const [createdAt, expiresAt] = [scene.stage.clock.now(), new Date('2199-01-01T00:00:00Z')];
      const token = service(TokenService).sign({
        id: UNKNOWN,
        userId: id,
        authEpoch: 0,
        createdAt,
        expiresAt,
      });
      expect(service(TokenService).verify(token)).toMatchObject({ sessionId: UNKNOWN, userId: id });
      expect(service(TokenService).verify(token, 'cookie')).toBeNull();
      expect(await scene.isSignedIn(token)).toBe(false);
    });
  });
});
