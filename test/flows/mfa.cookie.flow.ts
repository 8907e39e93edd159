import type { AppMember } from './factors';
import { DONE, SecondSteps, WRONG } from './second-steps';
import { type Answer, type Head, outcome, Scene } from './scene';

const OURS = 'http://localhost:3000';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const REFUSED = [403, 'request.cross_site'];
const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'cross-site', origin: OURS },
  { 'sec-fetch-site': 'same-site', origin: OURS },
  { 'sec-fetch-site': 'none' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
];

describe('second step of a sign-in by cookie', () => {
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
  });

  const first = (head: Head = { headers: SAME_ORIGIN }): Promise<Answer> =>
    scene.post('/login?transport=cookie', { email: member.email, password: member.password }, head);
  const begin = async (): Promise<string> => (await first()).json.mfa_pending_token as string;
  const end = (token: string, head: Head = { headers: SAME_ORIGIN }): Promise<Answer> =>
    steps.confirm(token, steps.code(member.secret), {}, head);
  const sessionIn = ({ cookies }: Answer): string =>
    cookies.find((one) => one.startsWith('regstack-session='))!;
  const isAlive = async (cookie: string): Promise<boolean> =>
    (await scene.get('/orders', { cookie })).status === 200;

  it('R62: both cookies come with the second step, and the token is in no answer', async () => {
    const waiting = await first();
    expect([waiting.status, waiting.json.status, waiting.cookies]).toEqual([200, 'mfa_required', []]);
    const done = await end(waiting.json.mfa_pending_token);
    expect([done.status, done.json]).toEqual([200, { token_type: 'cookie', expires_in: 7200 }]);
    expect(done.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^regstack-device=.+; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^regstack-session=.+; Path=\/; Max-Age=7200; HttpOnly; SameSite=Lax$/),
    ]);
    expect(await isAlive(sessionIn(done))).toBe(true);
    expect(await scene.isSignedIn(sessionIn(done).split('=')[1]!)).toBe(false);
  });

  it('R59: the session that the browser had lives until the second step, and ends with it', async () => {
    const old = sessionIn(await end(await begin()));
    scene.advance(30);
    const { json } = await first({ cookie: old, headers: SAME_ORIGIN });
    expect(await isAlive(old)).toBe(true);
    const wrong = await steps.confirm(json.mfa_pending_token, steps.wrongFor(member), {}, { cookie: old });
    expect([...outcome(wrong), await isAlive(old)]).toEqual([...WRONG, true]);
    const next = sessionIn(await end(json.mfa_pending_token, { cookie: old, headers: SAME_ORIGIN }));
    expect([await isAlive(old), await isAlive(next)]).toEqual([false, true]);
  });

  it('R62: no page of another site ends it in this browser; that counts as no guess', async () => {
    const token = await begin();
    for (const headers of FOREIGN) {
      const refused = await end(token, { headers });
      expect([...outcome(refused), refused.cookies]).toEqual([...REFUSED, []]);
    }
    expect(outcome(await end(token, { headers: { origin: OURS } }))).toEqual(DONE);
  });

  it('a client that is no browser ends it as well', async () => {
    expect(sessionIn(await end(await begin(), {}))).toMatch(/^regstack-session=./);
  });

  it('what was begun by bearer ends so, wherever it is sent from, and leaves the browser’s session alone', async () => {
    const old = sessionIn(await end(await begin()));
    scene.advance(30);
    const head = { cookie: old, headers: { 'sec-fetch-site': 'cross-site' } };
    const done = await end(await steps.begin(member), head);
    expect([done.status, sessionIn(done), await isAlive(old)]).toEqual([200, undefined, true]);
    expect(await scene.isSignedIn(done.json.access_token as string)).toBe(true);
  });

  it('R17: a device that was known stays the one it was; one that was not gets known', async () => {
    const known = await end(await steps.begin(member), { cookie: member.deviceCookie });
    scene.advance(30);
    const unknown = await end(await steps.begin(member), {});
    const guess = (cookie: string, times: number) => scene.guess(member.email, times, { cookie });
    expect(await guess(known.cookies[0]!, 5)).toEqual([401, 401, 401, 401, 401]);
    // One window for both cookies of the one device; another one for the other.
    expect(await guess(member.deviceCookie, 1)).toEqual([429]);
    expect(await guess(unknown.cookies[0]!, 1)).toEqual([401]);
  });
});
