import { PASSWORD } from '../support/demo';
import { Enrolments, type FullMember } from './enrolments';
import { aNumber, type AppMember } from './factors';
import { type Member, OTHER_PASSWORD, outcome, Scene, someone, tokensIn } from './scene';

const NOTHING = { phone_number: null, is_mfa_enabled: false };

describe('second factors: planted before the first proof of a mailbox (P10)', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, requireVerification: false });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  /** Registers the address of somebody else and puts both factors of their own on the account. */
  const plant = async (): Promise<FullMember> => {
    const email = someone();
    await scene.register(email);
    return factors.enrolBoth(await scene.signIn(email, PASSWORD));
  };

  it.each<[by: string, prove: (email: string) => Promise<string>]>([
    [
      'a verify link',
      async (email) => {
        await scene.resend(email);
        expect((await scene.verify(await scene.tokenTo(email))).status).toBe(200);
        return PASSWORD;
      },
    ],
    [
      'a reset',
      async (email) => {
        await scene.forgot(email);
        expect((await scene.reset(await scene.tokenTo(email))).status).toBe(200);
        return OTHER_PASSWORD;
      },
    ],
  ])('P10: go with the proof by %s', async (_, prove) => {
    const planter = await plant();
    expect(await factors.methodsOf(planter)).toEqual(['totp', 'sms', 'recovery_code']);
    const password = await prove(planter.email);
    expect(await scene.isSignedIn(planter.token)).toBe(false);
    const owner = await scene.signIn(planter.email, password);
    expect(await scene.me(owner)).toMatchObject({ ...NOTHING, is_verified: true });
    // None of it counts again with the first factor of the owner.
    const app = await factors.enrolApp(owner);
    expect(await factors.methodsOf(app)).toEqual(['totp', 'recovery_code']);
    const token = await factors.begin(app);
    for (const code of [planter.recoveryCodes[0]!, factors.nextCode(planter)])
      expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.code_wrong']);
  });

  it('a sign-in of the planter that waits for its second step is over then', async () => {
    const planter = await plant();
    const [token, code] = [await factors.begin(planter), planter.recoveryCodes[0]!];
    await scene.resend(planter.email);
    await scene.verify(await scene.tokenTo(planter.email));
    expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.challenge_expired']);
  });

  it('a later proof of the mailbox takes no factor', async () => {
    const email = someone();
    await scene.register(email);
    await scene.resend(email);
    await scene.verify(await scene.tokenTo(email));
    const owner = await scene.signIn(email, PASSWORD);
    const app = await factors.enrolApp(owner);
    await scene.forgot(app.email);
    await scene.reset(await scene.tokenTo(app.email));
    const after = { ...app, password: OTHER_PASSWORD };
    expect(await factors.methodsOf(after)).toEqual(['totp', 'recovery_code']);
    await factors.signIn(after, app.recoveryCodes[0]!);
    await factors.signIn(after, factors.code(app.secret));
  });
});

describe('second factors: enrolled by a thief who has moved an account (P9)', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  /** The owner takes the account back and sets a password by the link that is mailed then. */
  const takeBack = async (email: string, undo: string): Promise<Pick<Member, 'email' | 'password'>> => {
    expect((await scene.post('/undo-email-change', { token: undo })).status).toBe(200);
    const link = tokensIn((await scene.mailsTo(email)).at(-1)!)[0]!;
    expect((await scene.reset(link)).status).toBe(200);
    return { email, password: OTHER_PASSWORD };
  };

  /** A thief with the password, and a code where it takes one, moves the account; answers the way back, and the thief, signed in. */
  const steal = async <T extends Member>(owner: T, code?: string) => {
    const email = someone();
    const undo = (await scene.move(owner, email))!;
    const thief =
      code === undefined
        ? { ...owner, ...(await scene.signIn(email, owner.password)) }
        : await factors.signIn({ ...owner, email }, code);
    return { undo, thief };
  };

  it('P9: app, number and codes go with the undo, and the owner signs in by the password alone', async () => {
    const owner = await scene.member();
    const { undo, thief } = await steal(owner);
    const planted = await factors.enrolBoth(thief);
    expect(await factors.methodsOf(planted)).toEqual(['totp', 'sms', 'recovery_code']);
    const back = await takeBack(owner.email, undo);
    expect(await scene.isSignedIn(planted.token)).toBe(false);
    const home = await scene.signIn(back.email, back.password);
    expect(await scene.me(home)).toMatchObject(NOTHING);
    const app = await factors.enrolApp(home);
    const token = await factors.begin(app);
    for (const code of [planted.recoveryCodes[0]!, factors.nextCode(planted)])
      expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.code_wrong']);
  });

  it('P9: the app from before stays and is asked for; what the thief added goes', async () => {
    const owner: AppMember = await factors.enrolApp(await scene.member());
    const { undo, thief } = await steal(owner, owner.recoveryCodes[0]);
    const phone = await factors.enrolPhone(thief, aNumber(), { code: owner.recoveryCodes[1]! });
    const made = await factors.newRecoveryCodes(phone, { code: owner.recoveryCodes[2] });
    const planted = made.json.recovery_codes as string[];
    expect(await factors.methodsOf(phone)).toEqual(['totp', 'sms', 'recovery_code']);
    const back = await takeBack(owner.email, undo);
    expect(await factors.methodsOf(back)).toEqual(['totp']);
    const token = await factors.begin({ ...owner, ...back });
    for (const code of [planted[0]!, owner.recoveryCodes[5]!])
      expect(outcome(await factors.confirm(token, code))).toEqual([400, 'mfa.code_wrong']);
    const done = await factors.confirm(token, factors.nextCode(owner));
    expect(done.status).toBe(200);
    expect((await scene.me({ token: done.json.access_token })).phone_number).toBeNull();
  });

  it('P9: recovery codes from before stay with the app from before', async () => {
    const owner = await factors.enrolApp(await scene.member());
    const { undo, thief } = await steal(owner, owner.recoveryCodes[0]);
    await factors.enrolPhone(thief, aNumber(), { code: owner.recoveryCodes[1]! });
    const back = await takeBack(owner.email, undo);
    expect(await factors.methodsOf(back)).toEqual(['totp', 'recovery_code']);
    await factors.signIn({ ...owner, ...back }, owner.recoveryCodes[2]!);
  });

  it('P9: a number that the thief has put in the place of the owner’s goes', async () => {
    const owner = await factors.enrolBoth(await scene.member());
    const { undo, thief } = await steal(owner, owner.recoveryCodes[0]);
    const moved = await factors.enrolPhone(thief, aNumber(), { code: owner.recoveryCodes[1]! });
    const back = await takeBack(owner.email, undo);
    const texts = await factors.textsTo(moved.number);
    expect(await factors.methodsOf(back)).toEqual(['totp', 'recovery_code']);
    const home = await factors.signIn({ ...owner, ...back }, factors.nextCode(owner));
    expect((await scene.me(home)).phone_number).toBeNull();
    expect(await factors.textsTo(moved.number)).toEqual(texts);
  });

  it('P9: an app that the thief has put in the place of the owner’s goes, and with the last factor the demand', async () => {
    const owner = await factors.enrolApp(await scene.member());
    const { undo, thief } = await steal(owner, owner.recoveryCodes[0]);
    await factors.enrolApp(thief, { code: owner.recoveryCodes[1]! });
    const back = await takeBack(owner.email, undo);
    const home = await scene.signIn(back.email, back.password);
    expect(await scene.me(home)).toMatchObject(NOTHING);
  });

  it('P9: a factor that the owner had and the thief has removed does not come back', async () => {
    const owner = await factors.enrolBoth(await scene.member());
    const { undo, thief } = await steal(owner, owner.recoveryCodes[0]);
    expect((await factors.removePhone(thief, { code: owner.recoveryCodes[1] })).status).toBe(200);
    const back = await takeBack(owner.email, undo);
    expect(await factors.methodsOf(back)).toEqual(['totp', 'recovery_code']);
  });
});
