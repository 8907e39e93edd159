import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { RegStackModule, type RegStackOptions } from '@regstack/nestjs';
import { Host, replacements, SETTINGS } from '../support/host';

const CSS = 'text/css; charset=utf-8';
const FILES = {
  'core.css': CSS,
  'theme.css': CSS,
  'account.js': 'text/javascript; charset=utf-8',
};

describe('theming: the pages in the colours, words and views of a host', () => {
  const folders: string[] = [];
  let host: Host | undefined;
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const start = async (
    settings: RegStackOptions = {},
    prepare?: (app: INestApplication) => unknown,
  ): Promise<void> => {
    const { providers } = replacements();
    const all = { ...SETTINGS, appName: 'Plum', enableUiRouter: true, ...settings, providers };
    host = await Host.start({ imports: [RegStackModule.forRoot(all)] }, prepare);
  };

  /** A directory of a host with these files. */
  const folderOf = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'theming-'));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  };

  const startWith = (files: Readonly<Record<string, string>>): Promise<void> =>
    start({ extraTemplateDirs: [folderOf(files)] });

  const login = () => host!.call('GET', '/account/login');
  const sheetsOf = (html: string): string[] =>
    [...html.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)].map(([, href]) => href!);

  /** The sources of a directive of a policy. */
  const sources = (headers: Headers, directive: string): string | undefined =>
    headers
      .get('content-security-policy')!
      .split('; ')
      .find((one) => one.startsWith(`${directive} `));

  it('R78: a style sheet of another origin is linked after ours; its origin may give styles, and nothing else', async () => {
    await start({ themeCssUrl: 'https://cdn.example.org/plum/theme.css?a=1&b=2' });
    const { text, headers } = await login();
    const sheets = sheetsOf(text);
    expect(sheets.map((href) => href.split(/[/?]/)[2])).toEqual([
      ...Object.keys(FILES).filter((name) => name.endsWith('.css')),
      'cdn.example.org',
    ]);
    expect(sheets.at(-1)).toBe('https://cdn.example.org/plum/theme.css?a=1&amp;b=2');
    const origin = 'https://cdn.example.org';
    expect(sources(headers, 'style-src')).toBe(`style-src 'self' ${origin}`);
    expect(headers.get('content-security-policy')!.split(origin)).toHaveLength(2);
  });

  it('a logo and fonts of other origins are let in by the policy, each for what it is', async () => {
    const fonts = ['https://fonts.example.org', 'https://static.example.org'];
    await start({ brandLogoUrl: 'https://img.example.org/logo.svg', fontOrigins: fonts });
    const { text, headers } = await login();
    expect(text).toContain('<img src="https://img.example.org/logo.svg" alt="Plum">');
    expect(sources(headers, 'img-src')).toBe("img-src 'self' https://img.example.org");
    expect(sources(headers, 'font-src')).toBe(`font-src 'self' ${fonts.join(' ')}`);
    expect(sources(headers, 'style-src')).toBe(`style-src 'self' ${fonts.join(' ')}`);
    expect(sources(headers, 'script-src')).toBe("script-src 'self'");
  });

  it('paths are on this origin: the policy names no other', async () => {
    await start({ themeCssUrl: '/theme.css', brandLogoUrl: '/logo.svg', brandTagline: 'Books & <more>' });
    const { text, headers } = await login();
    expect(sheetsOf(text).at(-1)).toBe('/theme.css');
    expect(text).toContain('<img src="/logo.svg" alt="Plum">');
    expect(text).toContain('<p class="tagline">Books &amp; &lt;more&gt;</p>');
    expect(headers.get('content-security-policy')).not.toMatch(/https?:/);
  });

  it('without any of them: the name of the app, and our files only', async () => {
    await start();
    const { text } = await login();
    expect(text).toContain('<p class="brand">Plum</p>');
    expect(text).not.toMatch(/<img|class="tagline"/);
    expect(sheetsOf(text)).toHaveLength(2);
  });

  it('a view of the host takes the place of a page, another of a part of every page', async () => {
    await startWith({
      'login/login.liquid':
        '<h1>Of the host, {{ app_name }}</h1><a href="{{ ui }}/forgot">{{ form_token.size }}</a>',
      'brand.liquid': '<p class="own">{{ app_name | upcase }}</p>',
    });
    expect((await login()).text).toBe('<h1>Of the host, Plum</h1><a href="/account/forgot">43</a>');
    expect((await host!.call('GET', '/account/verify?done')).text).toContain('<p class="own">PLUM</p>');
  });

  it('a view of the host changes one block of a page, around what it was or instead of it', async () => {
    await startWith({
      'login/login.liquid': `{% layout 'views/login/login' %}
        {% block title %}Members{% endblock %}
        {% block content %}{{ block.super | raw }}<p>Our terms have changed.</p>{% endblock %}`,
    });
    const { text } = await login();
    expect(text).toContain('<title>Members · Plum</title>');
    expect(text).toContain('name="password"');
    expect(text.indexOf('Our terms have changed.')).toBeGreaterThan(text.indexOf('name="password"'));
    expect(sheetsOf(text)).toHaveLength(2);
  });

  it('a text of the host takes the place of one of ours; it is text, whatever it looks like', async () => {
    await startWith({
      'messages/en/login.json': '{ "title": "Welcome <back>", "of_ours": "New" }',
      'login/notice.liquid': `{{ 'login.of_ours' | t }}`,
    });
    const { text } = await login();
    expect(text).toContain('<h1>Welcome &lt;back&gt;</h1>');
    expect(text).toContain('Forgot your password?');
  });

  it.each([
    [
      'a page',
      { 'login/login.liquid': '{% if %}' },
      /a template cannot be read: .*login\/login\.liquid, line:1/,
    ],
    ['a part', { 'field.liquid': '\n{% nothing %}' }, /a template cannot be read: .*field\.liquid, line:2/],
    ['one of its own', { 'own/part.liquid': '{{ a' }, /a template cannot be read: .*own\/part\.liquid/],
    ['a text', { 'messages/en/login.json': '{ "title": ' }, /login\.json: cannot be read as JSON/],
    ['a list', { 'messages/en/login.json': '["title"]' }, /login\.json: must be an object of texts/],
    ['a number', { 'messages/en/login.json': '{ "title": 1 }' }, /login\.json: must be an object of texts/],
  ])('what the host has broken ends the boot and is named: %s', async (_, files, message) => {
    await expect(startWith(files)).rejects.toThrow(message);
    await expect(startWith(files)).rejects.toThrow(/RegStack refuses to start/);
  });

  it('templates of mails beside them are none of the pages', async () => {
    await startWith({ 'mail/registration-verify.subject.liquid': 'Of the host' });
    expect((await login()).status).toBe(200);
  });

  describe.each([
    ['as it comes', {}, '', '/regstack-static'],
    ['under a prefix of its own', { staticPrefix: '/assets/accounts' }, '', '/assets/accounts'],
    ['under a global prefix', {}, 'shop', '/shop/regstack-static'],
    ['under both', { staticPrefix: '/assets' }, 'a/b', '/a/b/assets'],
  ])('the files of the pages, %s', (_, settings, globalPrefix, path) => {
    beforeEach(() => start(settings, (app) => app.setGlobalPrefix(globalPrefix)));

    it('are where the pages look for them, of their type, and kept for ever', async () => {
      const prefix = globalPrefix && `/${globalPrefix}`;
      const { text } = await host!.call('GET', `${prefix}/account/login`);
      const linked = [...text.matchAll(/(?:href|src)="([^"]+\?v=[\w-]{12})"/g)].map(([, href]) => href!);
      expect(linked.map((href) => href.split('?')[0])).toEqual(
        Object.keys(FILES).map((one) => `${path}/${one}`),
      );
      for (const href of linked) {
        const { status, headers, text: body } = await host!.call('GET', href);
        const name = href.split('?')[0]!.slice(path.length + 1) as keyof typeof FILES;
        expect([status, headers.get('content-type')]).toEqual([200, FILES[name]]);
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
        expect(headers.get('set-cookie')).toBeNull();
        expect(body).toMatch(name.endsWith('.js') ? /^\/\/\/ <reference/ : /^(\/\*|:root)/);
      }
    });

    it('are not kept under another version, which may be one that is still to come', async () => {
      for (const query of ['', '?v=', '?v=another12345', '?v[]=another12345', '?v=core.css&v=another12345']) {
        const { status, headers } = await host!.call('GET', `${path}/core.css${query}`);
        expect([query, status, headers.get('cache-control')]).toEqual([query, 200, 'no-cache']);
      }
    });

    it('are the only ones: nothing else is to be had, whichever way it is asked for', async () => {
      for (const name of [
        '',
        'layout.liquid',
        'Core.css',
        'core.css%00',
        '../static-files.ts',
        '../../package.json',
        '..%2fstatic-files.ts',
        '%2e%2e%2fstatic-files.ts',
        '%2e%2e/static-files.ts',
        '..%5c..%5cpackage.json',
        '%252e%252e%252fstatic-files.ts',
        '/etc/passwd',
        '%2fetc%2fpasswd',
        '?core.css',
        'constructor',
        '__proto__',
      ]) {
        const { status, body } = await raw(host!.url, `${path}/${name}`);
        expect([name, status]).toEqual([name, 404]);
        expect(body).not.toMatch(/StaticFiles|"dependencies"|root:|<!doctype/);
      }
    });
  });
});

/** A request whose path is sent as it is written. */
function raw(url: string, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.once('end', () => resolve({ status: response.statusCode!, body }));
    })
      .once('error', reject)
      .end();
  });
}
