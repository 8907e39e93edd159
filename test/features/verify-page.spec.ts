import { createHash } from 'node:crypto';
import { Demo, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp, linkIn } from '../support/fake-smtp';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

describe('the verify page', () => {
  let smtp: FakeSmtp;
  let demo: Demo;
  beforeAll(async () => {
    smtp = await FakeSmtp.start();
    demo = await Demo.start(smtpEnv(smtp));
  });
  afterAll(async () => {
    await demo.stop();
    await smtp.down();
  });

  const registered = async (): Promise<{ email: string; link: string; token: string }> => {
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    const link = linkIn(await smtp.waitFor(email));
    return { email, link, token: new URL(link).searchParams.get('token')! };
  };
  const get = (path: string, cookie = '', method = 'GET') =>
    fetch(new URL(path, demo.url), { method, headers: { cookie }, redirect: 'manual' });
  const press = (
    form: Record<string, string>,
    cookie: string,
    headers: Record<string, string> = { origin: demo.url },
  ) =>
    fetch(`${demo.url}/account/verify`, {
      method: 'POST',
      headers: { cookie, ...headers },
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
  const canLogIn = async (email: string): Promise<boolean> =>
    (await demo.call('POST', '/login', { email, password: PASSWORD })).status === 200;

  it('moves the token out of the URL, shows a button, verifies when it is pressed, and forgets the token', async () => {
    const { email, link, token } = await registered();
    const opened = await get(link);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/account/verify']);
    expect(opened.headers.get('set-cookie')).toBe(
      `regstack-link-verify=${token}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax`,
    );
    const cookie = `regstack-link-verify=${token}`;

    const page = await get('/account/verify', cookie);
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain(`name="token_hash" value="${hashOf(token)}"`);
    expect(html).not.toContain(token);

    const pressed = await press({ token_hash: hashOf(token) }, cookie);
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/account/verify?done']);
    expect(pressed.headers.get('set-cookie')).toBe(
      'regstack-link-verify=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax',
    );
    expect(await (await get('/account/verify?done')).text()).toContain('Your address is confirmed');
    expect(await canLogIn(email)).toBe(true);

    const again = await press({ token_hash: hashOf(token) }, cookie);
    expect([again.status, again.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
    expect(await again.text()).toContain('This link was used already');
  });

  it('R34: opening, HEAD and prefetching change nothing, however often', async () => {
    const { email, link, token } = await registered();
    for (let n = 0; n < 10; n++) {
      await get(link);
      await get(link, '', 'HEAD');
      await get('/account/verify', `regstack-link-verify=${token}`);
      await get('/account/verify', `regstack-link-verify=${token}`, 'HEAD');
    }
    expect(await canLogIn(email)).toBe(false);
    expect((await demo.call('POST', '/verify', { token })).status).toBe(200);
  });

  it('a page opened from one link never spends another’s token', async () => {
    const [one, other] = [await registered(), await registered()];
    const pressed = await press({ token_hash: hashOf(one.token) }, `regstack-link-verify=${other.token}`);
    expect(pressed.status).toBe(400);
    expect([await canLogIn(one.email), await canLogIn(other.email)]).toEqual([false, false]);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a lone null origin', { origin: 'null' }],
    ['no origin at all', {}],
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['same-site', { 'sec-fetch-site': 'same-site' }],
    ['none', { 'sec-fetch-site': 'none' }],
  ])('R62: a post from %s is refused', async (_, headers) => {
    const { email, token } = await registered();
    const pressed = await press({ token_hash: hashOf(token) }, `regstack-link-verify=${token}`, headers);
    expect(pressed.status).toBe(403);
    expect(await pressed.text()).toContain('came from another site');
    expect(await canLogIn(email)).toBe(false);
  });

  it('a browser that says same-origin needs no Origin', async () => {
    const { email, token } = await registered();
    const headers = { 'sec-fetch-site': 'same-origin' };
    expect(
      (await press({ token_hash: hashOf(token) }, `regstack-link-verify=${token}`, headers)).status,
    ).toBe(303);
    expect(await canLogIn(email)).toBe(true);
  });

  it('a cookie of ours that comes twice refuses: one of them was planted', async () => {
    const { token } = await registered();
    const cookie = `regstack-link-verify=${token}; regstack-link-verify=${'A'.repeat(43)}`;
    expect((await get('/account/verify', cookie)).status).toBe(400);
    expect((await press({ token_hash: hashOf(token) }, cookie)).status).toBe(400);
  });

  it('R78: what stands in the URL never stands on the page', async () => {
    const attack = '"><script>alert(1)</script>';
    const opened = await get(`/account/verify?token=${encodeURIComponent(attack)}`);
    expect([opened.status, opened.headers.get('location')]).toEqual([303, '/account/verify']);
    expect(opened.headers.get('set-cookie')).toContain('regstack-link-verify=; ');
    for (const query of ['?token=a&token=b', '?token[x]=1', '?next=javascript:alert(1)']) {
      expect(await (await get(`/account/verify${query}`)).text()).not.toMatch(/<script|javascript:|alert\(/);
    }
  });

  it('R76: every page, errors too, carries the headers that keep it safe', async () => {
    for (const path of ['/account/verify', '/account/verify?done']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('the verify page with other settings', () => {
  it('over https cookies are __Host- and Secure, and pages ask for https', async () => {
    const demo = await Demo.start({ REGSTACK_BASE_URL: 'https://app.example.org' });
    const token = 'A'.repeat(43);
    const opened = await fetch(`${demo.url}/account/verify?token=${token}`, { redirect: 'manual' });
    expect(opened.headers.get('set-cookie')).toBe(
      `__Host-regstack-link-verify=${token}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure`,
    );
    const page = await fetch(`${demo.url}/account/verify?done`);
    expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000');
    await demo.stop();
  });

  it('verify_url_template: the mail leads to the host’s own page, and ours is gone', async () => {
    const smtp = await FakeSmtp.start();
    const template = 'https://shop.example.org/welcome?token={token}';
    const demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_VERIFY_URL_TEMPLATE: template });
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    expect(linkIn(await smtp.waitFor(email))).toMatch(
      /^https:\/\/shop\.example\.org\/welcome\?token=[\w-]{43}$/,
    );
    expect((await fetch(`${demo.url}/account/verify?done`)).status).toBe(404);
    await demo.stop();
    await smtp.down();
  });

  it('ui_prefix moves the pages and the links, app_name names them', async () => {
    const smtp = await FakeSmtp.start();
    const demo = await Demo.start({
      ...smtpEnv(smtp),
      REGSTACK_UI_PREFIX: '/me',
      REGSTACK_APP_NAME: 'Plum & Co',
    });
    const email = someone();
    await demo.call('POST', '/register', { email, password: PASSWORD });
    const mail = await smtp.waitFor(email);
    expect(linkIn(mail)).toContain(`${demo.url}/me/verify?token=`);
    expect(mail.subject).toBe('Confirm your e-mail address for Plum & Co');
    expect(mail.html).toContain('Plum &amp; Co');
    expect(await (await fetch(`${demo.url}/me/verify?done`)).text()).toContain('Plum &amp; Co');
    await demo.stop();
    await smtp.down();
  });
});
