import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { look } from './inspection';

const ROOT = resolve(__dirname, '../..');
const TEMPLATES = join(ROOT, 'libs/regstack/src/delivery/templates');
const WIDTHS = [320, 900];
const RULES = ['color-contrast', 'link-in-text-block', 'link-name', 'image-alt'];

/** Names and addresses as long as they can be, in letters as wide as there are. */
const LONG = {
  REGSTACK_APP_NAME: 'W'.repeat(64),
  REGSTACK_BRAND_TAGLINE: 'M'.repeat(120),
  REGSTACK_BASE_URL: `https://app.example.org/${'w'.repeat(250)}`,
  REGSTACK_UI_PREFIX: `/${'w'.repeat(250)}`,
};

describe.each([
  ['as they come', {}],
  ['with long words', LONG],
])('mails %s', (_, settings) => {
  let folder: string;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mails-'));
    const script = join(ROOT, 'scripts/mail-preview.mjs');
    execFileSync(process.execPath, [script, folder], { env: { PATH: process.env['PATH'], ...settings } });
    browser = await chromium.connect(process.env['REGSTACK_TEST_BROWSER_ENDPOINT']!);
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const filesIn = (directory: string, end: string): string[] =>
    readdirSync(directory)
      .filter((name) => name.endsWith(end))
      .map((name) => name.slice(0, -end.length));

  it('mail:preview writes each of them, and a list', () => {
    const kinds = filesIn(join(TEMPLATES, 'mail'), '.subject.liquid');
    const texts = filesIn(join(TEMPLATES, 'sms'), '.liquid');
    const [pages, plain] = [filesIn(folder, '.html'), filesIn(folder, '.txt')];
    expect(kinds.length).toBeGreaterThan(20);
    expect(pages).toEqual(expect.arrayContaining([...kinds, 'index']));
    expect(plain).toEqual(expect.arrayContaining([...kinds, ...texts]));
    const list = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const name of plain) expect(list).toContain(name);
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name), 'utf8');
      expect(content).not.toMatch(/{{|{%|undefined|\[object|<script/);
      expect(content.length).toBeGreaterThan(40);
    }
  });

  /** All of them below each other: they share their head, and are looked at in one go. */
  const stacked = (): string => {
    const mails = filesIn(folder, '.html').filter((name) => name !== 'index');
    const all = mails.map((name) => [name, readFileSync(join(folder, `${name}.html`), 'utf8')] as const);
    const bodies = all.map(([name, html]) => {
      const body = html.slice(html.indexOf('<body') + '<body'.length, html.indexOf('</body>'));
      return `<div id="${name}"${body}</div>`;
    });
    const [head] = all[0]![1].split('<body');
    return `${head}<body style="margin:0">${bodies.join('')}</body></html>`;
  };

  it.each(['light', 'dark'] as const)(
    '%s: each can be read on a phone and on a wide screen',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.setContent(stacked());
      for (const width of WIDTHS) expect(await look(page, width, RULES)).toEqual([]);
    },
  );
});
