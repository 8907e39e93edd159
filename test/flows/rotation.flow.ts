import { type KeyReport, KeyRotation } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { SETTINGS } from '../support/host';
import { Enrolments } from './enrolments';
import type { AppMember } from './factors';
import { whileMails } from './outbox.faults';
import { outcome, Scene, someone } from './scene';

const [OLD, NEW] = [SETTINGS.jwtSecret, 'another secret of at least thirty-two bytes'] as const;
const ROTATED = { jwtSecret: NEW, jwtPreviousSecrets: [OLD] };
const NOTHING = { authenticatorApps: 0, messages: 0, recoveryCodeSets: 0 };

describe('R61: the secret is changed, and the former one goes', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeEach(async () => {
    scene = await Scene.start();
    factors = new Enrolments(scene);
  });
  afterEach(() => scene.close());

  const rotation = (): KeyRotation => scene.stage.host.app.get(KeyRotation, { strict: false });
  const report = (): Promise<KeyReport> => rotation().report();
  /** Nothing waits any more: a message whose lease was lost to a move of the clock is due again after it. */
  const drained = async (): Promise<void> => {
    const { outbox } = scene.stage.host.app.get(Store, { strict: false });
    for (await scene.stage.quiet(); (await outbox.counts()).queued > 0; await scene.stage.quiet())
      scene.advance(60);
  };
  const members = async (count: number): Promise<AppMember[]> => {
    const all: AppMember[] = [];
    for (let n = 0; n < count; n++) all.push(await factors.enrolApp(await scene.member()));
    await drained();
    return all;
  };
  const renewCodes = async (member: AppMember): Promise<readonly string[]> => {
    const signedIn = await factors.signIn(member, factors.nextCode(member));
    const { json } = await factors.newRecoveryCodes(signedIn, { code: factors.nextCode(member) });
    return json.recovery_codes as string[];
  };

  it('apps are put under the new one while people sign in with them, and a mail that waits too; then it may go, but for recovery codes', async () => {
    const all = await members(6);
    const [alice, bob] = all as [AppMember, AppMember];
    const email = someone();
    let fresh: readonly string[] = [];
    await whileMails('waiting', scene, async () => {
      await scene.register(email);
      await scene.stage.quiet();
      await scene.stage.enter(ROTATED);
      const stored = { authenticatorApps: 6, messages: 1, recoveryCodeSets: 6 };
      expect(await report()).toMatchObject({
        secrets: [
          { isCurrent: true, ...NOTHING, mayGo: false },
          { isCurrent: false, ...stored, mayGo: false },
        ],
        ...{ missing: NOTHING, unknownRecoveryCodeSets: 0 },
      });
      const tokens = await Promise.all(all.map((member) => factors.begin(member)));
      const seen: (readonly [number, number])[] = [];
      const [first, second, ...answers] = await Promise.all([
        rotation().reencrypt((done, total) => seen.push([done, total])),
        rotation().reencrypt(),
        ...all.map(({ secret }, n) => factors.confirm(tokens[n]!, factors.code(secret))),
      ]);
      expect(answers.map(({ status }) => status)).toEqual(all.map(() => 200));
      expect(first.authenticatorApps + second.authenticatorApps).toBe(6);
      expect([first.messages + second.messages, first.unreadable + second.unreadable]).toEqual([1, 0]);
      expect([seen[0], seen.at(-1)]).toEqual([
        [0, seen[0]![1]],
        [seen[0]![1], seen[0]![1]],
      ]);
      // What was used up stays used up.
      const used = await factors.confirm(await factors.begin(bob), factors.code(bob.secret));
      expect(outcome(used)).toEqual([400, 'mfa.code_wrong']);
      expect((await report()).secrets[1]).toMatchObject({ ...NOTHING, recoveryCodeSets: 6, mayGo: false });
      fresh = await renewCodes(alice);
      expect((await report()).secrets).toMatchObject([{ recoveryCodeSets: 1 }, { recoveryCodeSets: 5 }]);
      await scene.stage.enter({ jwtSecret: NEW });
    });
    expect(await report()).toMatchObject({
      secrets: [{ authenticatorApps: 6 }],
      missing: { ...NOTHING, recoveryCodeSets: 5 },
    });
    for (const member of all) await factors.signIn(member, factors.nextCode(member));
    await factors.signIn(alice, fresh[0]!);
    const late = await factors.confirm(await factors.begin(bob), bob.recoveryCodes[0]!);
    expect(outcome(late)).toEqual([400, 'mfa.code_wrong']);
    await renewCodes(bob);
    expect((await report()).missing).toEqual({ ...NOTHING, recoveryCodeSets: 4 });
    scene.advance(3600);
    expect((await scene.verify(await scene.stage.mail.tokenTo(email))).status).toBe(200);
  });

  it('a mail whose key is missing stops no start; it goes out once its secret is named again', async () => {
    const email = someone();
    await whileMails('waiting', scene, () => scene.register(email));
    await scene.stage.enter({ jwtSecret: NEW });
    expect((await report()).missing).toEqual({ ...NOTHING, messages: 1 });
    expect(await rotation().reencrypt()).toEqual({ authenticatorApps: 0, messages: 0, unreadable: 0 });
    expect((await report()).missing).toEqual({ ...NOTHING, messages: 1 });
    await scene.stage.enter(ROTATED);
    expect(await rotation().reencrypt()).toMatchObject({ messages: 1 });
    expect((await report()).secrets[1]).toMatchObject({ ...NOTHING, mayGo: true });
    await scene.stage.enter({ jwtSecret: NEW });
    scene.advance(3600);
    expect((await scene.verify(await scene.stage.mail.tokenTo(email))).status).toBe(200);
  });

  it('an app that is enrolled over the change is under the new one', async () => {
    const member = await scene.member();
    const { json } = await factors.startApp(member);
    const { secret, pending_token } = json as { secret: string; pending_token: string };
    await scene.stage.enter(ROTATED);
    const confirmed = await factors.confirmApp(member, pending_token, factors.code(secret));
    expect(confirmed.status).toBe(200);
    await drained();
    expect((await report()).secrets).toMatchObject([
      { authenticatorApps: 1, recoveryCodeSets: 1 },
      { ...NOTHING, mayGo: true },
    ]);
  });

  it('an app that is enrolled while the secret under it goes is enrolled anew', async () => {
    const member = await scene.member();
    const { json } = await factors.startApp(member);
    const { secret, pending_token } = json as { secret: string; pending_token: string };
    await scene.stage.enter({ jwtSecret: NEW });
    const again = await scene.signIn(member.email, member.password);
    const confirmed = await factors.confirmApp(again, pending_token, factors.code(secret));
    expect(outcome(confirmed)).toEqual([400, 'mfa.challenge_expired']);
    expect((await factors.enrolApp(again)).secret).not.toBe(secret);
  });
});
