import { UsersService } from '@regstack/nestjs';
import { Enrolments, type Owner } from './enrolments';
import { aNumber } from './factors';
import { OTHER_PASSWORD, outcome, Scene } from './scene';

const OVER = [400, 'mfa.challenge_expired'];
const STRANGER = [401, 'session.required'];
const WAIT_SECONDS = 600;

/** Every route that needs a session, with a body that would do. */
const ROUTES: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/me'],
  ['PATCH', '/me', { full_name: 'Mallory' }],
  ['GET', '/sessions'],
  ['DELETE', '/sessions/01890000-0000-7000-8000-000000000000'],
  ['POST', '/sessions/revoke-others'],
  ['POST', '/logout'],
  ['POST', '/change-password', { new_password: OTHER_PASSWORD }],
  ['POST', '/change-email', { new_email: 'mallory@example.org' }],
  ['POST', '/reauthenticate', {}],
  ['DELETE', '/account', {}],
  ['POST', '/account/delete', {}],
  ['POST', '/mfa/challenge'],
  ['POST', '/mfa/recovery-codes', {}],
  ['DELETE', '/phone', {}],
  ['POST', '/phone/delete', {}],
  ['DELETE', '/mfa/totp', {}],
  ['POST', '/mfa/totp/delete', {}],
  ['GET', '/admin/stats'],
  ['GET', '/admin/users'],
  ['GET', '/admin/audit'],
  ['GET', '/admin/outbox'],
];
const ENROLMENT = ['/phone/start', '/phone/confirm', '/mfa/totp/start', '/mfa/totp/confirm'];

describe('second factors: tokens of sign-ins that wait for an enrolment', () => {
  let scene: Scene;
  let factors: Enrolments;
  beforeAll(async () => {
    scene = await Scene.start({ enableSms2fa: true, enableAdminRouter: true, mfaPolicy: 'required' });
    factors = new Enrolments(scene);
  });
  afterAll(() => scene.close());

  const wait = async ({ email, password }: Owner): Promise<string> =>
    (await scene.login(email, password)).json.mfa_pending_token as string;

  /** An enrolment of an app that is to be confirmed. */
  const ready = async (owner: Owner, mfa_pending_token?: string) => {
    const token = mfa_pending_token ?? (await wait(owner));
    const { json } = await scene.post('/mfa/totp/start', { mfa_pending_token: token });
    const { secret, pending_token } = json as { secret: string; pending_token: string };
    const confirm = (more: object = {}) => {
      const body = { mfa_pending_token: token, pending_token, code: factors.code(secret), ...more };
      return scene.post('/mfa/totp/confirm', body);
    };
    return { token, secret, pending_token, confirm };
  };

  it('such a token is no session', async () => {
    const owner = await factors.owner();
    const token = await wait(owner);
    for (const [method, path, body] of ROUTES) {
      const whole = body && { current_password: owner.password, mfa_pending_token: token, ...body };
      const answer = await scene.ask(method, path, whole, { token });
      expect([path, ...outcome(answer)]).toEqual([path, ...STRANGER]);
      const inCookie = await scene.ask(method, path, whole, {
        cookie: `regstack-session=${token}`,
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      expect([path, ...outcome(inCookie)]).toEqual([path, ...STRANGER]);
    }
    expect(await scene.isSignedIn(token)).toBe(false);
    // It was alive.
    expect((await (await ready(owner, token)).confirm()).status).toBe(200);
  });

  it('it is no second step, no link and no setup; and what waits for a second step enrols nothing', async () => {
    const owner = await factors.owner();
    const { token, secret, pending_token, confirm } = await ready(owner);
    const code = factors.code(secret);
    const elsewhere = [
      await factors.confirm(token, code),
      await scene.post('/login/mfa-resend', { mfa_pending_token: token }),
      await confirm({ pending_token: token }),
      await confirm({ mfa_pending_token: pending_token }),
      await scene.post('/mfa/totp/start', { mfa_pending_token: pending_token }),
    ];
    expect(elsewhere.map(outcome)).toEqual(elsewhere.map(() => OVER));
    for (const path of ['/verify', '/reset-password', '/confirm-email-change', '/undo-email-change'])
      expect(
        outcome(
          await scene.post(path, {
            token,
            ...(path === '/reset-password' && { new_password: OTHER_PASSWORD }),
          }),
        ),
      ).toEqual([400, 'token.invalid']);
    expect((await confirm()).status).toBe(200);
    scene.advance(30);
    const step = await wait(owner);
    const body = { mfa_pending_token: step };
    expect(outcome(await scene.post('/mfa/totp/start', body))).toEqual(OVER);
    expect(outcome(await scene.post('/phone/start', { ...body, phone_number: aNumber() }))).toEqual(OVER);
    expect((await factors.confirm(step, factors.code(secret))).status).toBe(200);
  });

  it('it is used once', async () => {
    const owner = await factors.owner();
    const { token, confirm } = await ready(owner);
    const other = await wait(owner);
    expect((await confirm()).status).toBe(200);
    expect(outcome(await confirm())).toEqual(OVER);
    for (const mfa_pending_token of [token, other])
      expect(outcome(await scene.post('/mfa/totp/start', { mfa_pending_token }))).toEqual(OVER);
  });

  it('it is good until its last second', async () => {
    const [early, late] = [await ready(await factors.owner()), await ready(await factors.owner())];
    scene.advance(WAIT_SECONDS - 1);
    expect((await early.confirm()).status).toBe(200);
    scene.advance(1);
    expect(outcome(await late.confirm())).toEqual(OVER);
    expect(outcome(await scene.post('/mfa/totp/start', { mfa_pending_token: late.token }))).toEqual(OVER);
  });

  it.each<[what: string, change: (owner: Owner) => Promise<unknown>]>([
    [
      'the password was set anew',
      async ({ email }) => {
        await scene.forgot(email);
        return scene.reset(await scene.tokenTo(email));
      },
    ],
    ['the account was disabled', ({ email }) => scene.disable(email)],
    // As after a crash before the challenges were removed: the epoch alone has ended them.
    ['the credentials were changed, and nothing was tidied up', ({ email }) => factors.byHand(email, {})],
    [
      'the account was deleted',
      async ({ email }) => {
        const users = scene.stage.host.app.get(UsersService, { strict: false });
        return users.delete((await users.findByEmail(email))!.id);
      },
    ],
  ])('it is dead once %s', async (_, change) => {
    const owner = await factors.owner();
    const { token, confirm } = await ready(owner);
    await change(owner);
    expect(outcome(await confirm())).toEqual(OVER);
    expect(outcome(await scene.post('/mfa/totp/start', { mfa_pending_token: token }))).toEqual(OVER);
  });

  it('one person’s token does not confirm the setup of another one', async () => {
    const [one, other] = [await ready(await factors.owner()), await ready(await factors.owner())];
    const { pending_token, secret } = other;
    expect(outcome(await one.confirm({ pending_token, code: factors.code(secret) }))).toEqual(OVER);
    expect((await other.confirm()).status).toBe(200);
  });

  it('the tokens of two sign-ins of one user: the first confirmation ends the other one', async () => {
    const owner = await factors.owner();
    const [first, number] = [await wait(owner), aNumber()];
    const phone = await scene.post('/phone/start', { mfa_pending_token: first, phone_number: number });
    const second = await ready(owner);
    expect((await second.confirm()).status).toBe(200);
    const body = { mfa_pending_token: first, pending_token: phone.json.pending_token };
    const late = await scene.post('/phone/confirm', { ...body, code: await factors.codeTo(number) });
    expect(outcome(late)).toEqual(OVER);
  });

  it.each(ENROLMENT)('%s: a stranger is asked to sign in, whatever the body is', async (path) => {
    for (const body of [undefined, {}, [], { mfa_pending_token: null }, { mfa_pending_token: 7 }, { x: 1 }])
      expect([body, ...outcome(await scene.post(path, body))]).toEqual([body, ...STRANGER]);
    const full = { phone_number: aNumber(), current_password: 'x', pending_token: 'x', code: '123456' };
    expect(outcome(await scene.post(path, full))).toEqual(STRANGER);
    expect(outcome(await scene.post(path, full, { token: 'x' }))).toEqual(STRANGER);
  });

  it.each(ENROLMENT)('%s: a token that was never given out is over', async (path) => {
    for (const mfa_pending_token of ['x', 'A'.repeat(43)]) {
      const setup = path.endsWith('confirm') ? { pending_token: 'x', code: '123456' } : {};
      const body = {
        mfa_pending_token,
        ...setup,
        ...(path === '/phone/start' && { phone_number: aNumber() }),
      };
      expect(outcome(await scene.post(path, body))).toEqual(OVER);
    }
  });
});
