import { createHash, randomUUID } from 'node:crypto';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import { type Answer, type Opened, OTHER_PASSWORD, outcome, Scene, someone } from './scene';
import { ShownPage } from './shown-page';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** The pages of mailed links, each with a fresh link to it and with what tells that it was used. */
const PAGES = ['verify', 'reset', 'confirm-email-change', 'undo-email-change'] as const;
type PageName = (typeof PAGES)[number];

/** A link, and whether somebody has used it. */
type Mailed = Readonly<{ link: string; token: string; isUsed: () => Promise<boolean> }>;

/** The JSON route that does the same, what else it and the form take, and what tells that it was done. */
const LANDINGS: Readonly<Record<PageName, { route: string; fields: Record<string, string>; done: string }>> =
  {
    verify: { route: '/verify', fields: {}, done: 'Your address is confirmed' },
    reset: {
      route: '/reset-password',
      fields: { new_password: OTHER_PASSWORD },
      done: 'Your password is set',
    },
    'confirm-email-change': {
      route: '/confirm-email-change',
      fields: {},
      done: 'Your new address is confirmed',
    },
    'undo-email-change': { route: '/undo-email-change', fields: {}, done: 'Your account is back' },
  };

describe('pages of mailed links', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.close());

  const signsIn = async (email: string, password = PASSWORD): Promise<boolean> =>
    (await scene.login(email, password)).status === 200;

  /** A link of each kind, just mailed. */
  const MAILED: Readonly<Record<PageName, () => Promise<Mailed>>> = {
    verify: async () => {
      const email = someone();
      await scene.register(email);
      return mailed(email, () => signsIn(email));
    },
    reset: async () => {
      const { email } = await scene.member();
      await scene.forgot(email);
      return mailed(email, () => signsIn(email, OTHER_PASSWORD));
    },
    'confirm-email-change': async () => {
      const to = someone();
      await scene.changeEmail(await scene.member(), to);
      return mailed(to, () => signsIn(to));
    },
    'undo-email-change': async () => {
      const [member, to] = [await scene.member(), someone()];
      await scene.move(member, to);
      return mailed(member.email, async () => !(await signsIn(to)));
    },
  };
  const mailed = async (email: string, isUsed: () => Promise<boolean>): Promise<Mailed> => {
    const link = await scene.linkTo(email);
    return { link, token: new URL(link).searchParams.get('token')!, isUsed };
  };

  /** A link for whoever reads the mail of an address that was registered twice. */
  const severalAttempts = async (): Promise<Mailed & { email: string }> => {
    const email = someone();
    await scene.register(email);
    await scene.register(email);
    await scene.resend(email);
    return { email, ...(await mailed(email, () => signsIn(email, OTHER_PASSWORD))) };
  };

  /** Presses the button of an opened page, with the hash that stands in its form. */
  const press = ({ path, cookie, page }: Opened, fields: Readonly<Record<string, string>> = {}) =>
    scene.submit(
      path,
      { token_hash: /name="token_hash" value="([^"]*)"/.exec(page.text)![1]!, ...fields },
      { cookie },
    );

  describe.each(PAGES)('%s', (name) => {
    const { fields, done } = LANDINGS[name];

    it('W44, R34: the token leaves the URL; opening changes nothing, however often; the button uses the link', async () => {
      const { link, token, isUsed } = await MAILED[name]();
      const { pathname, search, origin } = new URL(link);
      expect([origin, pathname]).toEqual(['http://localhost:3000', `/account/${name}`]);
      const first = await scene.get(pathname + search);
      expect([first.status, first.headers.get('location'), first.text.includes(token)]).toEqual([
        303,
        `/account/${name}`,
        false,
      ]);
      expect(first.headers.getSetCookie()).toEqual([
        `regstack-step-${name}=${token}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax`,
      ]);

      for (let n = 0; n < 10; n++) {
        await scene.open(link);
        await scene.head(pathname + search);
        await scene.head(pathname, { cookie: first.cookies[0]! });
      }
      const opened = await scene.open(link);
      expect([opened.page.status, opened.page.text.includes(token)]).toEqual([200, false]);
      expect(opened.page.text).toContain(`value="${hashOf(token)}"`);
      expect(await isUsed()).toBe(false);

      const pressed = await press(opened, fields);
      expect([pressed.status, pressed.headers.get('location')]).toEqual([303, `/account/${name}?done`]);
      expect(pressed.headers.getSetCookie()).toEqual([
        `regstack-step-${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`,
      ]);
      expect(new ShownPage('', await scene.get(`/account/${name}?done`))).toMatchObject({ title: done });
      expect(await isUsed()).toBe(true);
      for (const late of [await press(opened, fields), (await scene.open(link)).page]) {
        expect([late.status, late.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
        expect(late.text).toContain('This link was used already');
      }
    });

    it('a page opened from one link never spends another’s; a post from elsewhere is refused (R62)', async () => {
      const [one, other] = [await MAILED[name](), await MAILED[name]()];
      const [opened, wrong] = [await scene.open(one.link), await scene.open(other.link)];
      const post = (cookie: string, headers: Readonly<Record<string, string>>) =>
        scene.submit(opened.path, { token_hash: hashOf(one.token), ...fields }, { cookie, headers });
      expect((await press({ ...opened, cookie: wrong.cookie }, fields)).status).toBe(400);
      expect((await press({ ...opened, cookie: '' }, fields)).status).toBe(400);
      expect((await post(`${opened.cookie}; ${wrong.cookie}`, {})).status).toBe(400);
      for (const site of ['cross-site', 'same-site', 'none'])
        expect((await post(opened.cookie, { 'sec-fetch-site': site })).status).toBe(403);
      expect([await one.isUsed(), await other.isUsed()]).toEqual([false, false]);
      expect((await press(opened, fields)).status).toBe(303);
      expect(await other.isUsed()).toBe(false);
    });
  });

  it.each<[string, () => Promise<Mailed>]>([
    ['reset', () => MAILED.reset()],
    ['verify, after several attempts', severalAttempts],
  ])('R11: the password field of %s lets managers in, and says beside it what is wrong', async (_, mail) => {
    const { link, isUsed } = await mail();
    const opened = await scene.open(link);
    expect((await scene.open((await MAILED.verify()).link)).page.text).not.toContain('new_password');
    const [field] = /<input[^>]*name="new_password"[^>]*>/.exec(opened.page.text)!;
    expect(field).toMatch(/type="password".*autocomplete="new-password"/);
    expect(field).not.toMatch(/maxlength|pattern|onpaste|aria-invalid/);
    for (const [password, says] of [
      ['xyz-short-1', 'Use at least 12 characters.'],
      ['x'.repeat(257), 'Use at most 256 characters.'],
      ['1qaz2wsx3edc', 'Choose one that fewer people use.'],
    ] as const) {
      const refused = new ShownPage(opened.path, await press(opened, { new_password: password }));
      expect([refused.status, refused.errorBeside('new_password')]).toEqual([422, says]);
      expect([refused.alert === null, refused.html.includes(password)]).toEqual([false, false]);
    }
    expect(await isUsed()).toBe(false);
    expect((await press(opened, { new_password: OTHER_PASSWORD })).status).toBe(303);
    expect(await isUsed()).toBe(true);
  });

  it('W44: every link of every kind of mail, in text and in HTML, leads to its page', async () => {
    const [unproved, undone] = [someone(), await scene.member()];
    const [{ users }, createdAt] = [
      scene.stage.host.app.get(Store, { strict: false }),
      scene.stage.clock.now(),
    ];
    const made = { id: randomUUID(), email: unproved as never, passwordHash: null, fullName: null };
    await users.create({ ...made, isVerified: false, isSuperuser: false, attributes: {}, createdAt });
    await scene.resend(unproved);
    const token = await scene.move(undone, someone());
    await scene.post('/undo-email-change', { token });
    const links = [
      ...(await Promise.all(PAGES.map(async (name) => (await MAILED[name]()).link))),
      (await severalAttempts()).link,
      await scene.linkTo(unproved),
      await scene.linkTo(undone.email),
    ];
    for (const link of links) {
      const { text, html } = scene.stage.mail.sent.find((mail) => mail.text.includes(link))!;
      for (const body of [text, html])
        expect(new Set(body.match(/https?:[^\s"<]+token=[^\s"<]+/g))).toEqual(new Set([link]));
      expect((await scene.open(link)).page.status).toBe(200);
    }
    // Nothing is mailed with a link that was not looked at here.
    const withLink = scene.stage.mail.sent.filter(({ text }) => text.includes('token='));
    const opened = withLink.filter(({ text }) => links.some((link) => text.includes(link)));
    const [all, seen] = [withLink, opened].map((mails) => new Set(mails.map(({ subject }) => subject)));
    expect(all).toEqual(seen);
  });

  it('R33: whatever host a request names, links and redirects lead to base_url', async () => {
    const headers = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      forwarded: 'host=evil.example',
    };
    const [{ email }, fresh] = [await scene.member(), someone()];
    await scene.postAsHost('evil.example', '/forgot-password', { email }, headers);
    await scene.postAsHost('evil.example', '/register', { email: fresh, password: PASSWORD }, headers);
    for (const link of [await scene.linkTo(email), await scene.linkTo(fresh)]) {
      expect(new URL(link).origin).toBe('http://localhost:3000');
      const { pathname, search } = new URL(link);
      expect((await scene.get(pathname + search, { headers })).headers.get('location')).toBe(pathname);
    }
    expect(JSON.stringify(await scene.mailsTo(email))).not.toMatch(/evil|gopher/);
  });

  it('R78: what stands in the URL never stands on the page', async () => {
    const attack = '"><script>alert(1)</script>';
    for (const name of PAGES) {
      const opened = await scene.get(`/account/${name}?token=${encodeURIComponent(attack)}`);
      expect([opened.status, opened.headers.get('location')]).toEqual([303, `/account/${name}`]);
      expect(opened.cookies).toEqual([`regstack-step-${name}=`]);
      for (const query of ['?token=a&token=b', '?token[x]=1', '?next=javascript:alert(1)', `?done=${attack}`])
        expect((await scene.get(`/account/${name}${query}`)).text).not.toMatch(
          /<script>|javascript:|alert\(/,
        );
    }
  });

  it('R76: every page, errors too, carries the headers that keep it safe', async () => {
    const policy =
      "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    const all = PAGES.flatMap((name) => ['', '?done'].map((query) => scene.get(`/account/${name}${query}`)));
    for (const { headers } of await Promise.all(all)) {
      expect(headers.get('content-security-policy')).toBe(policy);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('R62: without Sec-Fetch-Site the Origin decides: ours and no other', async () => {
    const { link, token, isUsed } = await MAILED.verify();
    const { path, cookie } = await scene.open(link);
    const post = (origin?: string): Promise<Answer> =>
      scene.submit(
        path,
        { token_hash: hashOf(token) },
        { cookie, headers: origin === undefined ? {} : { origin } },
        false,
      );
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3001', undefined]) {
      const { status, text } = await post(origin);
      expect([status, text.includes('came from another site')]).toEqual([403, true]);
    }
    expect(await isUsed()).toBe(false);
    expect((await post('http://localhost:3000')).status).toBe(303);
    expect(await isUsed()).toBe(true);
  });

  it('with other settings: https, another prefix, another name; and a front end of the host', async () => {
    await scene.stage.enter({ baseUrl: 'https://app.example.org', uiPrefix: '/me', appName: 'Plum & Co' });
    const { link, token } = await MAILED.verify();
    expect(link).toBe(`https://app.example.org/me/verify?token=${token}`);
    const { pathname, search } = new URL(link);
    expect((await scene.get(pathname + search)).headers.getSetCookie()).toEqual([
      `__Host-regstack-step-verify=${token}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure`,
    ]);
    const { page } = await scene.open(link);
    expect([page.text.includes('Plum &amp; Co'), page.headers.get('strict-transport-security')]).toEqual([
      true,
      'max-age=31536000',
    ]);
    const { subject, html } = scene.stage.mail.sent.at(-1)!;
    expect([subject, html.includes('Plum &amp; Co')]).toEqual([
      'Confirm your e-mail address for Plum & Co',
      true,
    ]);

    const template = (name: string): string => `https://shop.example.org/${name}?token={token}`;
    await scene.stage.enter({
      verifyUrlTemplate: template('verify'),
      passwordResetUrlTemplate: template('reset'),
      emailChangeUrlTemplate: template('confirm-email-change'),
      emailChangeUndoUrlTemplate: template('undo-email-change'),
    });
    for (const name of PAGES) {
      const host = await MAILED[name]();
      expect(host.link).toBe(template(name).replace('{token}', host.token));
      for (const query of ['', '?done', `?token=${host.token}`])
        expect((await scene.get(`/account/${name}${query}`)).status).toBe(404);
      const hidden = await scene.submit(`/account/${name}`, {
        token_hash: hashOf(host.token),
        ...LANDINGS[name].fields,
      });
      expect(hidden.status).toBe(404);
      const used = await scene.post(LANDINGS[name].route, { token: host.token, ...LANDINGS[name].fields });
      expect([outcome(used)[0], await host.isUsed()]).toEqual([200, true]);
    }
  });
});
