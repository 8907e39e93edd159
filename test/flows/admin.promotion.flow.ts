import { UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { type AppMember, Factors } from './factors';
import { OTHER_PASSWORD, outcome, Scene, someone } from './scene';

const USED = [400, 'token.invalid'];

describe('an account that the operator makes an admin’s (W11)', () => {
  let scene: Scene;
  let factors: Factors;
  beforeAll(async () => {
    scene = await Scene.start({ enableAdminRouter: true, mfaTrustedDeviceDays: 30 });
    factors = new Factors(scene);
  });
  afterAll(() => scene.close());

  const service = (): UsersService => scene.stage.host.app.get(UsersService, { strict: false });
  const isAdmin = async (token: string): Promise<boolean> =>
    (await scene.ask('GET', '/admin/stats', undefined, { token })).status === 200;
  const signInWithApp = async (member: AppMember, password: string): Promise<string> => {
    const token = await factors.begin({ ...member, password });
    const { json } = await factors.confirm(token, factors.code(member.secret));
    scene.advance(30);
    return json.access_token as string;
  };

  /**
   * Somebody registers an address of their own, puts an app on the account, and moves it to the address of the admin, who takes the link for
   * one of the app's. They keep a session, and every link and sign-in that is open.
   */
  const plant = async (email: string) => {
    const own = someone();
    const undo = (await scene.move(await scene.member(own), email))!;
    const planter = await factors.enrolApp(await scene.signIn(email, PASSWORD));
    await scene.forgot(email);
    const reset = await scene.tokenTo(email);
    const next = someone();
    await scene.changeEmail(planter, next);
    const move = await scene.tokenTo(next);
    const waiting = await factors.begin(planter);
    expect(await scene.isSignedIn(planter.token)).toBe(true);
    return { own, planter, undo, reset, move, waiting };
  };

  it('W11: nothing that was held of it before is worth anything after it', async () => {
    const email = someone();
    const { own, planter, undo, reset, move, waiting } = await plant(email);
    const appointed = await service().promoteExisting({
      email: email.toUpperCase(),
      password: OTHER_PASSWORD,
    });
    expect(appointed).toMatchObject({
      user: { email, isSuperuser: true, isVerified: true, isMfaEnabled: true },
      ...{ endedSessions: 1, keptFactors: ['totp'], removedFactors: [] },
    });
    expect(await scene.isSignedIn(planter.token)).toBe(false);
    expect(outcome(await scene.reset(reset, 'another-Harbour-38-lantern'))).toEqual(USED);
    expect(outcome(await scene.post('/undo-email-change', { token: undo }))).toEqual(USED);
    expect(outcome(await scene.post('/confirm-email-change', { token: move }))).toEqual(USED);
    const code = factors.code(planter.secret);
    expect(outcome(await factors.confirm(waiting, code))).toEqual([400, 'mfa.challenge_expired']);
    expect(outcome(await scene.login(email, PASSWORD))).toEqual([401, 'login.invalid_credentials']);
    // Nobody is held for them, so they may register again.
    expect((await scene.login(own, PASSWORD)).status).toBe(401);
    expect(await scene.member(own)).toMatchObject({ email: own });
    // The password is the operator's, and the factor, which they were told of, is asked for.
    expect(await isAdmin(await signInWithApp(planter, OTHER_PASSWORD))).toBe(true);
    const told = (await scene.subjectsTo(email)).slice(-2).toSorted();
    expect(told).toEqual([expect.stringMatching(/administrator/), expect.stringMatching(/^Your password/)]);
  });

  it('W11: second factors go where that is asked for, and the admin signs in without', async () => {
    const email = someone();
    const { planter } = await plant(email);
    const appointed = await service().promoteExisting({
      ...{ email, password: OTHER_PASSWORD, clearSecondFactors: true },
    });
    expect(appointed).toMatchObject({
      keptFactors: [],
      removedFactors: ['totp'],
      user: { isMfaEnabled: false },
    });
    const { token } = await scene.signIn(email, OTHER_PASSWORD);
    expect(await isAdmin(token)).toBe(true);
    expect(await scene.isSignedIn(planter.token)).toBe(false);
  });

  it('a disabled account stays disabled, with the new password', async () => {
    const { email } = await scene.member();
    await scene.disable(email);
    const appointed = await service().promoteExisting({ email, password: OTHER_PASSWORD });
    expect(appointed).toMatchObject({ endedSessions: 0, user: { isActive: false, isSuperuser: true } });
    expect(outcome(await scene.login(email, OTHER_PASSWORD))).toEqual([403, 'account.disabled']);
    await service().enable(appointed!.user.id);
    expect((await scene.login(email, PASSWORD)).status).toBe(401);
    expect(await isAdmin((await scene.signIn(email, OTHER_PASSWORD)).token)).toBe(true);
  });

  it('an address without an account, one that only waits for its proof among them, is nobody’s', async () => {
    const email = someone();
    await scene.register(email);
    for (const address of [email, someone()])
      expect(await service().promoteExisting({ email: address, password: OTHER_PASSWORD })).toBeNull();
  });

  it('against whoever changes the account at the same moment it is done in the end, or not at all', async () => {
    const member = await scene.member();
    const { email } = member;
    const work = [
      scene.changePassword(member, PASSWORD, 'another-Harbour-38-lantern'),
      service().promoteExisting({ email, password: OTHER_PASSWORD }),
      scene.ask('DELETE', '/account', { current_password: PASSWORD }, member),
    ] as const;
    const [, appointed] = await Promise.all(work);
    const answer = await scene.login(email, OTHER_PASSWORD);
    if (appointed === null) expect(answer.status).toBe(401);
    else if (await service().findByEmail(email))
      expect(await isAdmin(answer.json.access_token as string)).toBe(true);
    for (const password of [PASSWORD, 'another-Harbour-38-lantern'])
      expect((await scene.login(email, password)).status).toBe(401);
  });
});
