import { createHmac } from 'node:crypto';
import type { AppMember } from './factors';
import { DONE, SecondSteps, WRONG } from './second-steps';
import { outcome, Scene } from './scene';

const STEP = 30;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 6238 by the letter: HMAC-SHA-1 over the time step, dynamic truncation, six digits. */
function totp(key: Buffer, seconds: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / STEP)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const binary = mac.readUInt32BE(mac.at(-1)! & 0xf) & 0x7fffffff;
  return String(binary % 10 ** 6).padStart(6, '0');
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (one) => BASE32.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

describe('codes of an authenticator app', () => {
  let scene: Scene;
  let steps: SecondSteps;
  let member: AppMember;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true });
    steps = new SecondSteps(scene);
  });
  afterAll(() => scene.close());
  beforeEach(async () => {
    member = await steps.enrolApp(await scene.member());
    // Two steps after the one that enrolled the app, at the beginning of a step.
    scene.advance(2 * STEP - (seconds() % STEP));
  });

  const seconds = (): number => scene.stage.clock.now().getTime() / 1000;
  const signIn = (code: string) => steps.signInWith(member, code);
  const reauthenticate = async (code: string) => {
    const body = { current_password: member.password, code };
    return outcome(await scene.post('/reauthenticate', body, { token: member.token }));
  };

  it('RFC 6238: the codes are those of the standard', async () => {
    // Appendix B, the last six digits.
    const key = Buffer.from('12345678901234567890');
    const known = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
    expect(known.map((time) => totp(key, time))).toEqual([
      '287082',
      '081804',
      '050471',
      '005924',
      '279037',
      '353130',
    ]);
    const secret = fromBase32(member.secret);
    expect(secret).toHaveLength(20);
    for (const moment of [0, 3600, 86_400]) {
      scene.advance(moment);
      expect(await signIn(totp(secret, seconds()))).toEqual(DONE);
    }
  });

  it.each([-1, 0, 1])('RFC 6238: a clock that is %d steps off does', async (off) => {
    expect(await signIn(steps.code(member.secret, off))).toEqual(DONE);
  });

  it.each([-2, 2, -10, 10])('RFC 6238: one that is %d steps off does not', async (off) => {
    scene.advance(STEP);
    expect(await signIn(steps.code(member.secret, off))).toEqual(WRONG);
    expect(await signIn(steps.code(member.secret))).toEqual(DONE);
  });

  it('a step lasts to its last second, and the one before it as long', async () => {
    const code = steps.code(member.secret);
    scene.advance(2 * STEP - 1);
    const late = await steps.begin(member);
    expect(outcome(await steps.confirm(late, code))).toEqual(DONE);
    scene.advance(1);
    const next = steps.code(member.secret);
    scene.advance(2 * STEP);
    expect(await signIn(next)).toEqual(WRONG);
  });

  it('R42: one step is good once, and none before it any more', async () => {
    const [before, now, after] = [-1, 0, 1].map((off) => steps.code(member.secret, off));
    expect(await signIn(now!)).toEqual(DONE);
    expect(await signIn(now!)).toEqual(WRONG);
    expect(await signIn(before!)).toEqual(WRONG);
    expect(await signIn(after!)).toEqual(DONE);
    scene.advance(STEP);
    expect(await signIn(after!)).toEqual(WRONG);
  });

  it('R42: that holds over all uses: what signed in proves nothing, and what was a proof signs nobody in', async () => {
    const first = steps.code(member.secret);
    expect(await signIn(first)).toEqual(DONE);
    expect(await reauthenticate(first)).toEqual(WRONG);
    const remove = (code: string) =>
      scene.delete('/mfa/totp', { current_password: member.password, code }, { token: member.token });
    expect(outcome(await remove(first))).toEqual(WRONG);
    scene.advance(STEP);
    const second = steps.code(member.secret);
    expect(await reauthenticate(second)).toEqual(DONE);
    expect(outcome(await remove(second))).toEqual(WRONG);
    expect(await signIn(second)).toEqual(WRONG);
    scene.advance(STEP);
    expect(outcome(await remove(steps.code(member.secret)))).toEqual(DONE);
  });

  it('R42: the code that enrolled an app does nothing after it', async () => {
    const plain = await scene.member();
    const body = { current_password: plain.password };
    const { json } = await scene.post('/mfa/totp/start', body, { token: plain.token });
    const code = steps.code(json.secret as string);
    const confirm = { pending_token: json.pending_token as string, code };
    expect((await scene.post('/mfa/totp/confirm', confirm, { token: plain.token })).status).toBe(200);
    expect(await steps.signInWith(plain, code)).toEqual(WRONG);
    expect(await steps.signInWith(plain, steps.code(json.secret as string, 1))).toEqual(DONE);
  });

  it('the code of somebody else’s app is wrong', async () => {
    const other = await steps.enrolApp(await scene.member());
    expect(await signIn(steps.code(other.secret))).toEqual(WRONG);
    expect(await steps.signInWith(other, steps.code(other.secret))).toEqual(DONE);
  });
});
