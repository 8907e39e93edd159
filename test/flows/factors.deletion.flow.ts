import { Store } from '@regstack/nestjs/testing';
import { Enrolments } from './enrolments';
import { aNumber } from './factors';
import { outcome, Scene } from './scene';
import { tracesOf } from './traces';

describe('second factors: the end of an account that has them', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, mfaTrustedDeviceDays: 30, rateLimitDisabled: true });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  it('R40: no id, address, number or secret is left, nor what was under way; all of it is dead', async () => {
    const member = await factors.enrolBoth(await scene.member());
    const id = await factors.idAt(member.email);
    const trusting = await factors.confirm(await factors.begin(member), factors.nextCode(member), {
      trust_device: true,
    });
    expect(trusting.status).toBe(200);
    // A sign-in with a code on its way, a proof, and an enrolment of each kind.
    const waiting = await factors.begin(member);
    await scene.post('/login/mfa-resend', { mfa_pending_token: waiting });
    const next = aNumber();
    const phone = await factors.startPhone(member, next, { code: member.recoveryCodes[0] });
    const app = await factors.startApp(member, { code: member.recoveryCodes[1] });
    await factors.challenge(member);
    const code = await factors.codeTo(next);
    await scene.stage.quiet();
    const { users } = scene.stage.host.app.get(Store, { strict: false });
    const { totp } = (await users.findCredentials(id))!;
    const traces = [
      id,
      member.email,
      member.number.slice(1),
      next.slice(1),
      ...totp!.sealedSecret.split('.').slice(1),
    ];
    expect(tracesOf(await scene.stage.rows(), ...traces)).toEqual(traces);

    const body = { current_password: member.password };
    expect((await scene.delete('/account', body, { token: member.token })).status).toBe(200);
    await scene.stage.quiet();
    expect(tracesOf(await scene.stage.rows(), ...traces)).toEqual([]);

    for (const token of [member.token, trusting.json.access_token as string])
      expect(await scene.isSignedIn(token)).toBe(false);
    expect(outcome(await factors.confirm(waiting, member.recoveryCodes[2]!))).toEqual([
      400,
      'mfa.challenge_expired',
    ]);
    for (const setup of [phone, app])
      expect(outcome(await factors.confirmPhone(member, setup.json.pending_token, code))).toEqual([
        401,
        'session.required',
      ]);
    expect(await factors.service.methodsFor(id)).toEqual([]);
    // Whoever comes next by this address begins without any.
    const again = await scene.member(member.email);
    expect(await scene.me(again)).toMatchObject({ phone_number: null, is_mfa_enabled: false });
  });
});
