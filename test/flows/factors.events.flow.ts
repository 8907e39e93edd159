import type { AccountEvent } from '@regstack/nestjs';
import { Enrolments, NO_CODE } from './enrolments';
import { aNumber } from './factors';
import { type Member, Scene } from './scene';

const PUBLIC = [
  ...['id', 'email', 'isActive', 'isVerified', 'isSuperuser', 'roles', 'fullName', 'phoneNumber'],
  ...['isMfaEnabled', 'attributes', 'createdAt', 'lastLogin'],
];
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
const ADDED = 'A second factor was added at RegStack';
const REMOVED = 'A second factor was removed at RegStack';

describe('second factors: what is told', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, mfaTrustedDeviceDays: 30 });
    factors = new Enrolments(scene);
  });
  beforeEach(() => void scene.stage.events.splice(0));
  afterAll(() => scene.close());

  const last = (name: AccountEvent['name']): object =>
    scene.stage.events.filter((event) => event.name === name).at(-1)!;
  const newest = async ({ email }: Member) => (await scene.mailsTo(email)).at(-1)!;

  it('the host hears which factor was enrolled, with the user as everybody may see them', async () => {
    const member = await scene.member();
    const app = await factors.enrolApp(member);
    const event = last('user.mfa_enabled') as Record<string, object>;
    expect(Object.keys(event).toSorted()).toEqual(['factor', 'name', 'user']);
    expect(Object.keys(event['user']!)).toEqual(PUBLIC);
    expect(event).toMatchObject({ factor: 'totp', user: { email: member.email, isMfaEnabled: true } });
    const number = aNumber();
    await factors.enrolPhone(app, number, { code: factors.code(app.secret) });
    expect(last('user.mfa_enabled')).toMatchObject({ factor: 'sms', user: { phoneNumber: number } });
    expect(scene.takeEvents().filter((name) => name.startsWith('user.mfa'))).toEqual([
      'user.mfa_enabled',
      'user.mfa_enabled',
    ]);
  });

  it('the host hears which were removed, and whether one is left', async () => {
    const member = await factors.enrolBoth(await scene.member());
    await factors.removeApp(member, { code: member.recoveryCodes[0] });
    const event = last('user.mfa_disabled') as Record<string, object>;
    expect(Object.keys(event).toSorted()).toEqual(['factors', 'name', 'user']);
    expect(Object.keys(event['user']!)).toEqual(PUBLIC);
    expect(event).toMatchObject({ factors: ['totp'], user: { isMfaEnabled: true } });
    await factors.removePhone(member, { code: member.recoveryCodes[1] });
    expect(last('user.mfa_disabled')).toMatchObject({
      factors: ['sms'],
      user: { isMfaEnabled: false, phoneNumber: null },
    });
    const both = await factors.enrolBoth(await scene.member());
    await factors.service.reset(await factors.idAt(both.email));
    // Nobody waits for listeners, and no request came in between.
    await scene.stage.quiet();
    expect(last('user.mfa_disabled')).toMatchObject({
      factors: ['totp', 'sms'],
      user: { isMfaEnabled: false },
    });
  });

  it('nothing is told of what was refused', async () => {
    const member = await factors.enrolBoth(await scene.member());
    scene.stage.events.splice(0);
    const mails = (await scene.mailsTo(member.email)).length;
    await factors.removeApp(member);
    await factors.removePhone(member, { code: NO_CODE });
    await factors.newRecoveryCodes(member, { code: NO_CODE });
    expect(scene.takeEvents()).toEqual([]);
    expect(await scene.mailsTo(member.email)).toHaveLength(mails);
  });

  it('the proofs of a sign-in are told', async () => {
    const member = await factors.enrolBoth(await scene.member());
    const proofs = async (code: string, method?: string): Promise<unknown> => {
      const token = await factors.begin(member);
      await factors.confirm(token, code, { method });
      return last('user.logged_in');
    };
    expect(await proofs(factors.nextCode(member))).toMatchObject({ proofs: ['password', 'totp'] });
    expect(await proofs(member.recoveryCodes[0]!)).toMatchObject({ proofs: ['password', 'recovery_code'] });
    const token = await factors.begin(member);
    await scene.post('/login/mfa-resend', { mfa_pending_token: token });
    await factors.confirm(token, await factors.codeTo(member.number));
    expect(last('user.logged_in')).toMatchObject({ proofs: ['password', 'sms'] });
    scene.stage.events.splice(0);
    await factors.confirm(await factors.begin(member), NO_CODE);
    expect(scene.takeEvents()).toEqual(['user.login_failed']);
  });

  it('each change is mailed, with the end of a number only', async () => {
    const member = await scene.member();
    const app = await factors.enrolApp(member);
    const added = await newest(member);
    expect([added.subject, added.text]).toEqual([ADDED, expect.stringContaining('an authenticator app')]);
    const both = {
      ...app,
      ...(await factors.enrolPhone(app, aNumber(), { code: factors.code(app.secret) })),
    };
    const end = both.number.slice(-2);
    const words = `codes by SMS to the number that ends in ${end}`;
    expect(await newest(member)).toMatchObject({ subject: ADDED, text: expect.stringContaining(words) });
    const next = await factors.enrolPhone(both, aNumber(), { code: factors.nextCode(both) });
    const changed = `the number that ends in ${next.number.slice(-2)}`;
    expect(await newest(member)).toMatchObject({ subject: ADDED, text: expect.stringContaining(changed) });
    await factors.newRecoveryCodes(both, { code: factors.nextCode(both) });
    expect((await newest(member)).subject).toBe('New recovery codes at RegStack');
    const body = { current_password: member.password, code: factors.nextCode(both) };
    await scene.delete('/phone', body, { token: member.token, headers: FIREFOX });
    const gone = await newest(member);
    expect([gone.subject, gone.text]).toEqual([REMOVED, expect.stringContaining(changed)]);
    expect(gone.text).toContain('Device: Firefox on Linux');
    await factors.removeApp(both, { code: factors.nextCode(both) });
    expect(await newest(member)).toMatchObject({
      subject: REMOVED,
      text: expect.stringContaining('an authenticator app'),
    });
    for (const { subject, text, html } of await scene.mailsTo(member.email))
      for (const number of [both.number, next.number])
        for (const part of [subject, text, html]) expect(part).not.toContain(number.slice(4, -2));
  });

  it('what the host takes is mailed as well', async () => {
    const both = await factors.enrolBoth(await scene.member());
    await factors.service.reset(await factors.idAt(both.email));
    const { subject, text } = await newest(both);
    expect(subject).toBe(REMOVED);
    expect(text).toContain('an authenticator app and codes by SMS to the number that ends in');
    const broken = await factors.enrolApp(await scene.member());
    await factors.byHand(broken.email, { totp: null });
    await factors.service.reset(await factors.idAt(broken.email));
    expect((await newest(broken)).text).toContain('no longer asks for a second factor');
  });
});
