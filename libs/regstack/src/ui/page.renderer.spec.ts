import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegStackConfig } from '../config/load-config';
import { PageRenderer, type PageName, type PageValues } from './page.renderer';

describe('what all pages are made of', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'views-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const render = async (view: PageName, values: PageValues = {}): Promise<string> => {
    const settings = { jwtSecret: 'a secret of at least thirty-two bytes', appName: 'Plum' };
    const config = loadRegStackConfig(
      { ...settings, passwordMinLength: 14, extraTemplateDirs: [folder] },
      { env: {} },
    );
    const frame = { ui: '/account', files: '/files', can: {}, typed: {}, errors: {} };
    return new PageRenderer(config).render(view, { ...frame, ...values });
  };

  /** A page of these parts only. */
  const parts = (liquid: string, values?: PageValues): Promise<string> => {
    writeFileSync(join(folder, 'error.liquid'), liquid);
    return render('error', values);
  };

  /** The attributes of an element, by the start of its tag. */
  const tag = (html: string, start: string): string =>
    html.slice(html.indexOf(start), html.indexOf('>', html.indexOf(start)) + 1);

  it('a refused form: the title says so, and the summary has the focus and leads to each field', async () => {
    const errors = { email: 'Fill this in.', password: 'Use at least <12> characters.' };
    const html = await render('login/login', { summary: 'Look again.', errors });
    expect(html).toContain('<title>Error: Sign in · Plum</title>');
    expect(tag(html, '<div class="summary"')).toBe('<div class="summary" tabindex="-1" autofocus>');
    expect(html).toContain('<p role="alert">Look again.</p>');
    expect(html).toContain('<a href="#email">E-mail address: Fill this in.</a>');
    expect(html).toContain('<a href="#password">Password: Use at least &lt;12&gt; characters.</a>');
    for (const name of ['email', 'password']) {
      expect(tag(html, `<input id="${name}"`)).toContain(
        `aria-invalid="true" aria-describedby="${name}-error"`,
      );
      expect(html).toContain(`<p class="error" id="${name}-error">`);
    }
  });

  it('nothing is said to be wrong where nothing is', async () => {
    const html = await render('login/login');
    expect(html).toContain('<title>Sign in · Plum</title>');
    expect(html).not.toMatch(/class="summary"|class="error"|aria-invalid|role="alert"/);
  });

  it('a summary says how long to wait', async () => {
    expect(await render('login/login', { summary: 'Too often.', retry_after: 150 })).toContain(
      'Too often. Try again in 3 minutes.',
    );
  });

  it('a field: what was typed before what there is, a hint, and no help from the keyboard with an address', async () => {
    const email = await parts(
      `{% render 'field', name: 'email', label: 'E', type: 'email', hint: 'H', value: 'old', typed: typed, errors: errors %}`,
      { typed: { email: '"new"' }, errors: { email: 'Wrong' } },
    );
    expect(tag(email, '<input')).toBe(
      '<input id="email" name="email" type="email" value="&#34;new&#34;" required autocapitalize="off" spellcheck="false"' +
        ' aria-invalid="true" aria-describedby="email-error email-hint">',
    );
    expect(email).toContain('<p class="hint" id="email-hint">H</p>');
  });

  it('a new password says how long it has to be, and is never shown again', async () => {
    const html = await parts(
      `{% render 'field', name: 'new', label: 'N', type: 'password', autocomplete: 'new-password', errors: errors %}`,
    );
    expect(html).toContain('At least 14 characters.');
    expect(tag(html, '<input')).toMatch(/minlength="14".* aria-describedby="new-hint" data-password="14">$/);
    expect(tag(html, '<input')).not.toContain('value=');
  });

  it('of several fields of one name the summary leads to the one with the error', async () => {
    const html = await parts(
      `{% include 'summary' %}{% render 'field', name: 'code', id: 'one', label: 'A' %}{% render 'field', name: 'code', id: 'two', label: 'B', errors: errors %}`,
      { summary: 'Look again.', errors: { code: 'Wrong' } },
    );
    expect(html).toContain('href="#code"');
    expect([...html.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id)).toEqual(['one', 'code']);
    expect([...html.matchAll(/<label for="(\w+)"/g)].map(([, id]) => id)).toEqual(['one', 'code']);
  });

  it('a box: its label can be pressed, and what was ticked stays so', async () => {
    const liquid = `{% render 'checkbox', name: 'trust', label: 'T', typed: typed, errors: errors %}`;
    expect(await parts(liquid)).not.toContain('checked');
    const html = await parts(liquid, { typed: { trust: 'true' }, errors: { trust: 'Tick this.' } });
    expect(tag(html, '<input')).toBe(
      '<input id="trust" name="trust" type="checkbox" value="true" checked aria-invalid="true" aria-describedby="trust-error">',
    );
    expect(html).toContain('<label for="trust"><input');
  });

  it('the navigation is for who is signed in, and says where they are', async () => {
    const user = { email: 'a@example.org', is_superuser: true };
    const can = { profile: true, sessions: true, admin: true };
    const html = await render('account/me', { user, can });
    expect([...html.matchAll(/<a href="([^"]+)" aria-current="page">/g)].map(([, href]) => href)).toEqual([
      '/account/me',
    ]);
    expect(html).toContain('href="/account/admin"');
    expect(await render('account/me', { user: { ...user, is_superuser: false }, can })).not.toContain(
      '/admin"',
    );
    expect(await render('login/login', { can })).not.toContain('<nav');
  });

  it('the skip link comes first and leads to the page', async () => {
    const html = await render('login/login');
    expect(html.slice(html.indexOf('<body>'))).toMatch(/^<body>\s*<a class="skip" href="#content">/);
    expect(tag(html, '<main')).toContain('id="content" tabindex="-1"');
  });

  it('who has to wait sees how long, in words and for the script', async () => {
    const html = await render('locked', { detail: 'Too often.', retry_after: 90, code: 'login.locked' });
    expect(html).toContain(
      'You can try again in <time datetime="PT90S" data-countdown="90">90 seconds</time>.',
    );
    expect(await render('locked', { detail: 'Too often.' })).not.toContain('<time');
  });
});
