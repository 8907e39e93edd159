import type { UserLoggedInEvent } from '@regstack/nestjs';
import type { Answer } from './answers';
import { Enrolments } from './enrolments';
import type { AppMember } from './factors';
import { type Member, OTHER_PASSWORD, outcome, Scene, WRONG_PASSWORD } from './scene';
import { tracesOf } from './traces';

const SMS = { enableSms2fa: true, rateLimitDisabled: true } as const;
const ON = { ...SMS, mfaTrustedDeviceDays: 30 } as const;
const DAY = 86_400;
const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

interface Trust {
  readonly id: string;
  readonly current: boolean;
}

describe('second factors: trusted devices', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start(ON);
    factors = new Enrolments(scene);
  });
  afterEach(() => scene.stage.enter(ON));
  afterAll(() => scene.close());

  /** A sign-in by an app that asks for trust; without a cookie on a new device. */
  const trusting = async (member: AppMember, cookie?: string, trust_device = true): Promise<AppMember> => {
    const head = { ...(cookie !== undefined && { cookie }), headers: FIREFOX };
    const token = await factors.begin(member, head);
    const done = await factors.confirm(token, factors.nextCode(member), { trust_device }, head);
    return { ...member, token: done.json.access_token as string, deviceCookie: done.cookies[0]! };
  };
  const trusted = async (): Promise<AppMember> => trusting(await factors.enrolApp(await scene.member()));

  const login = (member: Pick<Member, 'email' | 'password'>, cookie?: string): Promise<Answer> =>
    scene.login(member.email, member.password, cookie === undefined ? {} : { cookie });
  /** Whether a sign-in there waits for a second factor. */
  const isAsked = async (member: Pick<Member, 'email' | 'password'>, cookie?: string): Promise<boolean> => {
    const { json, text } = await login(member, cookie);
    if (json.status === undefined && json.access_token === undefined) throw new Error(text);
    return json.status === 'mfa_required';
  };
  const listOf = async ({ token }: Member): Promise<readonly Trust[]> =>
    (await scene.get('/api/auth/sessions', { token })).json.trusted_devices as Trust[];

  it('a device that was trusted is asked for no code, and others are', async () => {
    const member = await trusted();
    scene.stage.events.splice(0);
    const done = await login(member, member.deviceCookie);
    expect([done.status, Object.keys(done.json)]).toEqual([
      200,
      ['access_token', 'token_type', 'expires_in'],
    ]);
    expect(await scene.isSignedIn(done.json.access_token)).toBe(true);
    const [event] = scene.stage.events as unknown as readonly [UserLoggedInEvent];
    expect([event.name, event.proofs]).toEqual(['user.logged_in', ['password', 'trusted_device']]);
    // The cookie that this sign-in gave is as good.
    expect(await isAsked(member, done.cookies[0]!)).toBe(false);
    expect(await isAsked(member)).toBe(true);
    const wrong = await scene.login(member.email, WRONG_PASSWORD, { cookie: member.deviceCookie });
    expect(outcome(wrong)).toEqual([401, 'login.invalid_credentials']);
  });

  it('none is trusted that was not asked for, by a number neither', async () => {
    const member = await factors.enrolApp(await scene.member());
    const without = await trusting(member, undefined, false);
    expect(await isAsked(member, without.deviceCookie)).toBe(true);
    expect(await listOf(without)).toEqual([]);
    const token = await factors.begin(member);
    const odd = await factors.confirm(token, factors.nextCode(member), { trust_device: 'yes' });
    expect([...outcome(odd), odd.json.errors[0].field]).toEqual([422, 'request.invalid', 'trust_device']);
  });

  it('a number is not texted there', async () => {
    const member = await factors.enrolPhone(await scene.member());
    const token = await factors.begin(member);
    const code = await factors.codeTo(member.number);
    const { cookies } = await factors.confirm(token, code, { trust_device: true });
    const texts = await factors.textsTo(member.number);
    expect(await isAsked(member, cookies[0]!)).toBe(false);
    expect(await factors.textsTo(member.number)).toEqual(texts);
  });

  it('it ends to the second', async () => {
    const member = await trusted();
    scene.advance(30 * DAY - 1);
    expect(await isAsked(member, member.deviceCookie)).toBe(false);
    scene.advance(1);
    expect(await isAsked(member, member.deviceCookie)).toBe(true);
    // Asked for again, it begins anew.
    const again = await trusting(member, member.deviceCookie);
    expect(await isAsked(member, again.deviceCookie)).toBe(false);
    expect(await listOf(again)).toHaveLength(1);
  });

  it('they are listed, newest first, and each is ended by its id', async () => {
    const first = await trusted();
    scene.advance(1);
    const second = await trusting(first);
    const list = (await scene.get('/api/auth/sessions', second)).json;
    expect(Object.keys(list)).toEqual(['items', 'trusted_devices']);
    const createdAt = scene.stage.clock.now();
    expect(list.trusted_devices[0]).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      created_at: createdAt.toISOString(),
      expires_at: new Date(createdAt.getTime() + 30 * DAY * 1000).toISOString(),
      ip: '127.0.0.1',
      user_agent: FIREFOX['user-agent'],
      current: true,
    });
    const ids = (await listOf(first)).map(({ id }) => id);
    expect((await listOf(first)).map(({ current }) => current)).toEqual([false, true]);
    const end = (id: string, { token }: Member) => scene.delete(`/sessions/${id}`, undefined, { token });
    const stranger = await trusted();
    expect(outcome(await end(ids[1]!, stranger))).toEqual([404, 'session.not_found']);
    expect(await isAsked(first, first.deviceCookie)).toBe(false);
    expect((await end(ids[1]!, second)).status).toBe(200);
    expect(outcome(await end(ids[1]!, second))).toEqual([404, 'session.not_found']);
    expect([await isAsked(first, first.deviceCookie), await isAsked(first, second.deviceCookie)]).toEqual([
      true,
      false,
    ]);
    // The session on that device is another matter.
    expect(await scene.isSignedIn(first.token)).toBe(true);
    expect((await listOf(second)).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('to end the others ends the trust in them, and not in the device that asks', async () => {
    const first = await trusted();
    const second = await trusting(first);
    expect((await scene.post('/sessions/revoke-others', {}, { token: first.token })).status).toBe(200);
    expect([await isAsked(first, first.deviceCookie), await isAsked(first, second.deviceCookie)]).toEqual([
      false,
      true,
    ]);
    expect((await listOf(first)).map(({ current }) => current)).toEqual([true]);
  });

  it.each<[what: string, change: (member: AppMember) => Promise<unknown>]>([
    ['the password is changed', (member) => scene.changePassword(member, member.password, OTHER_PASSWORD)],
    [
      'the password is set by a mailed link',
      async ({ email }) => {
        await scene.forgot(email);
        return scene.reset(await scene.tokenTo(email));
      },
    ],
    ['recovery codes are replaced', (one) => factors.newRecoveryCodes(one, { code: factors.nextCode(one) })],
    ['a number is enrolled', (one) => factors.enrolPhone(one, undefined, { code: factors.nextCode(one) })],
    [
      'the account is disabled and enabled',
      async ({ email }) => {
        await scene.disable(email);
        await factors.enableByHost(email);
      },
    ],
  ])('no device is trusted any more once %s', async (_, change) => {
    const member = await trusted();
    const other = await trusting(member);
    await change(member);
    const { status } = await login(member);
    const password = status === 200 ? member.password : OTHER_PASSWORD;
    for (const { deviceCookie } of [member, other])
      expect(await isAsked({ ...member, password }, deviceCookie)).toBe(true);
    const back = await trusting({ ...member, password }, undefined, false);
    expect(await listOf(back)).toEqual([]);
  });

  it('it is of one user on one device: cookies of others, forged and made up ones are asked', async () => {
    const [member, other] = [await trusted(), await trusted()];
    const [name, token] = member.deviceCookie.split('=') as [string, string];
    const [header, claims, signature] = token.split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"device+jwt"}').toString('base64url');
    const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    const untrusted = await trusting(member, undefined, false);
    const forged = [
      other.deviceCookie,
      untrusted.deviceCookie,
      `${name}=${header}.${claims}.${flipped}`,
      `${name}=${none}.${claims}.`,
      `${name}=${member.token}`,
      `${name}=`,
    ];
    for (const cookie of forged) expect(await isAsked(member, cookie)).toBe(true);
    // Somebody else signs in on that device: it stays theirs to prove, and theirs alone.
    expect(await isAsked(other, member.deviceCookie)).toBe(true);
    const guest = await trusting(other, member.deviceCookie);
    expect([await isAsked(other, guest.deviceCookie), await isAsked(member, guest.deviceCookie)]).toEqual([
      false,
      true,
    ]);
    expect(await isAsked(member, member.deviceCookie)).toBe(false);
  });

  it('R46: who is signed in there proves a factor all the same', async () => {
    const member = await trusted();
    const { json } = await login(member, member.deviceCookie);
    const here = { ...member, token: json.access_token as string };
    expect(outcome(await factors.removeApp(here))).toEqual([403, 'mfa.proof_required']);
    expect(outcome(await factors.startApp(here))).toEqual([403, 'mfa.proof_required']);
  });

  it('R47: in a broken state it is no way in, and without factors it hinders nothing', async () => {
    const member = await trusted();
    await factors.byHand(member.email, { totp: null });
    expect(outcome(await login(member, member.deviceCookie))).toEqual([403, 'mfa.unavailable']);
    await factors.service.reset(await factors.idAt(member.email));
    expect(await isAsked(member, member.deviceCookie)).toBe(false);
  });

  it('where none is trusted nothing is kept, listed or skipped, whatever was kept before', async () => {
    const member = await trusted();
    await scene.stage.enter(SMS);
    expect(await isAsked(member, member.deviceCookie)).toBe(true);
    const other = await trusting(await factors.enrolApp(await scene.member()));
    expect(await isAsked(other, other.deviceCookie)).toBe(true);
    const { json } = await scene.get('/api/auth/sessions', { token: other.token });
    expect(Object.keys(json)).toEqual(['items']);
    await scene.stage.enter(ON);
    expect(await isAsked(other, other.deviceCookie)).toBe(true);
    expect(await isAsked(member, member.deviceCookie)).toBe(false);
  });

  it('R40: an account that is deleted leaves none', async () => {
    const member = await trusted();
    const { id } = await scene.me(member);
    const claims = member.deviceCookie.split('.')[1]!;
    const { jti } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { jti: string };
    const [{ id: trustId }] = (await listOf(member)) as [Trust];
    expect(tracesOf(await scene.stage.rows(), id, jti, trustId)).toHaveLength(3);
    const gone = await scene.delete(
      '/account',
      { current_password: member.password },
      { token: member.token },
    );
    expect(gone.status).toBe(200);
    await scene.stage.quiet();
    expect(tracesOf(await scene.stage.rows(), id, jti, trustId, member.email)).toEqual([]);
  });
});
