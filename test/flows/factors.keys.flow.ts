import { SETTINGS } from '../support/host';
import { Enrolments } from './enrolments';
import { outcome, Scene } from './scene';

const [OLD, NEW, NEWEST] = [
  SETTINGS.jwtSecret,
  'another secret of at least thirty-two bytes',
  'a third secret of at least thirty-two bytes!',
] as const;
const ON = { enableSms2fa: true } as const;
const ROTATED = { ...ON, jwtSecret: NEW, jwtPreviousSecrets: [OLD] };

describe('second factors: another jwt_secret', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeEach(async () => {
    scene = await Scene.start(ON);
    factors = new Enrolments(scene);
  });
  afterEach(() => scene.close());

  it('R53: apps, recovery codes and codes on their way work as long as the former one is named', async () => {
    const member = await factors.enrolBoth(await scene.member());
    const waiting = await factors.begin(member);
    await scene.post('/login/mfa-resend', { mfa_pending_token: waiting });
    await scene.stage.quiet();
    await scene.stage.enter(ROTATED);
    expect((await factors.confirm(waiting, await factors.codeTo(member.number))).status).toBe(200);
    await factors.signIn(member, factors.nextCode(member));
    const [used] = member.recoveryCodes as [string];
    await factors.signIn(member, used);
    const token = await factors.begin(member);
    expect(outcome(await factors.confirm(token, used))).toEqual([400, 'mfa.code_wrong']);
    // What is enrolled now is under the new one.
    const again = await factors.enrolApp(member, { code: factors.nextCode(member) });
    await scene.stage.enter({ ...ON, jwtSecret: NEW });
    await factors.signIn(again, factors.nextCode(again));
    await factors.signIn(again, again.recoveryCodes[0]!);
  });

  it('the app does not start without a key that the secret of an app needs', async () => {
    const member = await factors.enrolApp(await scene.member());
    for (const settings of [
      { ...ON, jwtSecret: NEW },
      { ...ON, jwtSecret: NEWEST, jwtPreviousSecrets: [NEW] },
    ])
      await expect(scene.stage.enter(settings)).rejects.toThrow('jwt_previous_secrets');
    // Nothing was lost by it, also not over two rotations.
    await scene.stage.enter({ ...ON, jwtSecret: NEWEST, jwtPreviousSecrets: [NEW, OLD] });
    await factors.signIn(member, factors.nextCode(member));
    await factors.signIn(member, member.recoveryCodes[0]!);
  });

  it('it starts where nobody has an app: a number needs no key, and once the app is gone nor does it', async () => {
    const phone = await factors.enrolPhone(await scene.member());
    const app = await factors.enrolApp(await scene.member());
    await factors.removeApp(app, { code: app.recoveryCodes[0] });
    await scene.stage.enter({ ...ON, jwtSecret: NEW });
    await factors.signIn(phone, () => factors.codeTo(phone.number));
  });
});
