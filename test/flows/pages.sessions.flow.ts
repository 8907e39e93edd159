import { Browser } from './browser';
import { SecondSteps } from './second-steps';
import type { Member } from './scene';
import { Scene } from './scene';
import type { ShownForm, ShownPage } from './shown-page';

const ON = { enableUiRouter: true } as const;
const SESSIONS = '/account/sessions';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

describe('pages: sessions', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start(ON);
  });
  afterEach(() => scene.stage.enter(ON));
  afterAll(() => scene.close());

  const signedIn = async ({ email, password }: Pick<Member, 'email' | 'password'>): Promise<Browser> => {
    const browser = new Browser(scene);
    await browser.signIn(email, password);
    return browser;
  };

  /** The rows of the lists, each with the form that ends it. */
  const rowsOn = (page: ShownPage): { text: string; isCurrent: boolean; form: ShownForm }[] => {
    const rows = [...page.html.matchAll(/<tr>\s*<th scope="row">([\s\S]*?)<\/tr>/g)].map(([, row]) => row!);
    const forms = page.forms.filter(({ names }) => names.includes('id'));
    expect(forms).toHaveLength(rows.length);
    return rows.map((text, n) => ({ text, isCurrent: text.includes('This device'), form: forms[n]! }));
  };

  it('R58: says where somebody is signed in, in words of ours, and ends one of them', async () => {
    const member = await scene.member();
    const attack = '<script>alert(1)</script>';
    const userAgents = [FIREFOX, attack, 'x'.repeat(5000)];
    const tokens = [];
    for (const userAgent of userAgents) {
      scene.advance(1);
      const head = { headers: { 'user-agent': userAgent } };
      const { json } = await scene.login(member.email, member.password, head);
      tokens.push(json.access_token as string);
    }
    scene.advance(1);
    const browser = await signedIn(member);
    const page = await browser.open(SESSIONS);
    expect([page.title, page.html.includes(attack), page.html.includes('xxxxxx')]).toEqual([
      'Where you are signed in',
      false,
      false,
    ]);
    const rows = rowsOn(page);
    expect(rows.map(({ isCurrent }) => isCurrent)).toEqual([true, false, false, false, false]);
    expect(rows.map(({ text }) => /^[^<]*/.exec(text)![0].trim())).toEqual([
      'an unknown device',
      'an unknown device',
      'an unknown device',
      'Firefox on Linux',
      'an unknown device',
    ]);
    expect(rows[0]!.text).toMatch(/127\.0\.0\.1|::1/);
    expect(rows[0]!.text).toMatch(/Jan.*2100.*UTC/);

    await browser.send(rows[3]!.form);
    expect(browser.page.path).toBe(`${SESSIONS}?done=session_ended`);
    expect(rowsOn(browser.page)).toHaveLength(4);
    expect(await Promise.all(tokens.map((token) => scene.isSignedIn(token)))).toEqual([false, true, true]);
    await browser.send(rows[3]!.form);
    expect([browser.page.status, browser.page.alert]).toEqual([404, 'That device was signed out already.']);
    expect(rowsOn(browser.page)).toHaveLength(4);
  });

  it('one’s own: that is signing out', async () => {
    const browser = await signedIn(await scene.member());
    const { form } = rowsOn(await browser.open(SESSIONS)).find(({ isCurrent }) => isCurrent)!;
    await browser.send(form);
    expect([browser.page.path, browser.cookieOf('session'), await browser.isSignedIn()]).toEqual([
      '/account/login?done=signed_out',
      null,
      false,
    ]);
  });

  it('R58: all others; and nobody else’s, whatever id is sent', async () => {
    const [member, other] = [await scene.member(), await scene.member()];
    const [browser, theirs] = [await signedIn(member), await signedIn(other)];
    const { form } = rowsOn(await theirs.open(SESSIONS))[0]!;
    await browser.open(SESSIONS);
    await browser.send(rowsOn(browser.page)[0]!.form, { id: form.values.id! });
    expect([browser.page.status, await theirs.isSignedIn()]).toEqual([404, true]);
    await browser.send(browser.form({ action: `${SESSIONS}/revoke-others` }));
    expect([browser.page.path, browser.page.done]).toEqual([
      `${SESSIONS}?done=others_ended`,
      'You are signed out everywhere else.',
    ]);
    expect(rowsOn(browser.page).map(({ isCurrent }) => isCurrent)).toEqual([true]);
    expect(browser.page.find({ action: `${SESSIONS}/revoke-others` })).toBeNull();
    expect([
      await browser.isSignedIn(),
      await scene.isSignedIn(member.token),
      await theirs.isSignedIn(),
    ]).toEqual([true, false, true]);
  });

  it('R58: who signed in too long ago proves it again first, and comes back; nothing is ended before', async () => {
    const member = await scene.member();
    const browser = await signedIn(member);
    await browser.open(SESSIONS);
    const [row] = rowsOn(browser.page).filter(({ isCurrent }) => !isCurrent);
    const others = browser.form({ action: `${SESSIONS}/revoke-others` });
    scene.advance(901);
    expect((await browser.open(SESSIONS)).status).toBe(200);
    for (const form of [row!.form, others]) {
      const stale = await browser.post(form.action, form.values);
      expect([stale.status, stale.headers.get('location')]).toEqual([
        303,
        `/account/reauthenticate?next=${encodeURIComponent(SESSIONS)}`,
      ]);
    }
    expect(await scene.isSignedIn(member.token)).toBe(true);
  });

  it('R62: a form without its token ends nothing; a path of a form leads to the list', async () => {
    const member = await scene.member();
    const browser = await signedIn(member);
    await browser.open(SESSIONS);
    const [row] = rowsOn(browser.page).filter(({ isCurrent }) => !isCurrent);
    const refused = await browser.post(row!.form.action, { ...row!.form.values, form_token: null });
    expect([refused.status, await scene.isSignedIn(member.token)]).toEqual([403, true]);
    for (const path of ['end', 'revoke-others'])
      expect((await browser.open(`${SESSIONS}/${path}`)).path).toBe(SESSIONS);
    expect(await scene.isSignedIn(member.token)).toBe(true);
    expect((await new Browser(scene).open(SESSIONS)).path).toBe('/account/login?next=%2Faccount%2Fsessions');
  });

  it('R49: trusted devices, whose trust is ended like a session', async () => {
    await scene.stage.enter({ ...ON, mfaTrustedDeviceDays: 30 });
    const steps = new SecondSteps(scene);
    const member = await steps.enrolApp(await scene.member());
    const browser = await signedIn(member);
    expect(browser.page.text).not.toContain('Trusted devices');
    const fields = { code: steps.code(member.secret), trust_device: 'true' };
    await browser.send(browser.form({ has: 'code' }), fields);
    const page = await browser.open(SESSIONS);
    expect(page.text).toContain('Trusted devices');
    const trusted = rowsOn(page).at(-1)!;
    expect([trusted.isCurrent, trusted.text.includes('Ask for a code again')]).toEqual([true, true]);
    await browser.send(trusted.form);
    expect([browser.page.path, browser.page.text.includes('Trusted devices')]).toEqual([
      `${SESSIONS}?done=session_ended`,
      false,
    ]);
    await browser.send(browser.form({ action: '/account/logout' }));
    expect((await browser.signIn(member.email)).path).toBe('/account/mfa-confirm');
  });
});
