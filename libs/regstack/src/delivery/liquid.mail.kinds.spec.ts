import { loadRegStackConfig } from '../config/load-config';
import type { RegStackConfig } from '../config/regstack.config';
import { MAIL_KINDS, type MailKind, type MailValues } from '../ports/mail.templates';
import { LiquidMailTemplates } from './liquid.mail.templates';
import { mailSamples } from './message.samples';

/** Names as no configuration has them are put in behind its back. */
const configOf = (changes: Partial<RegStackConfig> = {}): RegStackConfig =>
  Object.assign({}, loadRegStackConfig({ jwtSecret: 'x'.repeat(32), appName: 'Plum' }, { env: {} }), changes);
const plum = new LiquidMailTemplates(configOf());
const samples = mailSamples(configOf());

const CASES = MAIL_KINDS.flatMap((kind) => samples[kind].map((values, n) => [kind, n, values] as const));
const NOTICES = CASES.filter(([, , values]) => 'when' in values);

const render = (kind: MailKind, values: MailValues[MailKind], templates = plum) =>
  templates.render(kind, values as never);

/** What somebody reads of it. */
const words = (html: string): string =>
  html
    .replace(/<head>.*<\/head>|<div style="display:none.*?<\/div>|<[^>]+>/gs, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.:;])/g, '$1')
    .trim();

describe('every mail', () => {
  it.each(CASES)(
    '%s, %s: names the app, in one line of subject, in text and HTML',
    async (kind, _, values) => {
      const { subject, text, html } = await render(kind, values);
      expect(subject).toMatch(/^[A-Z].* Plum( .*)?$/);
      for (const part of [subject, text, html]) {
        expect(part).toContain('Plum');
        expect(part).not.toMatch(/{{|{%|%}|undefined|null|\[object|NaN/);
      }
      expect(html).toContain(`<title>${subject}</title>`);
    },
  );

  it.each(CASES)(
    '%s, %s: the text has no gaps, and the HTML says the same words',
    async (kind, _, values) => {
      const { text, html } = await render(kind, values);
      expect(text).toMatch(/^[A-Z0-9][^]*[^\n]\n\n-- \nPlum\n$/);
      expect(text).not.toMatch(/\n{3}|\n\n$| \n(?!Plum)/);
      const [body] = text.split('\n\n-- \n');
      for (const line of body!.split('\n').filter(Boolean)) expect(words(html)).toContain(line);
    },
  );

  it.each(NOTICES)('%s, %s: tells when, who or from where, and what to do', async (kind, _, values) => {
    const { when, by, ip, device } = values as MailValues['password-changed'];
    const { text, html } = await render(kind, values);
    const facts = by ? [`By: ${by}`] : [`IP address: ${ip ?? 'unknown'}`, `Device: ${device}`];
    for (const fact of [`When: ${when}`, ...facts]) {
      expect(text.split('\n')).toContain(fact);
      expect(words(html)).toContain(fact);
    }
    expect(text.includes('IP address:')).toBe(!by);
    expect(text).toMatch(/If it was not you|If you do not know why|at the wish of/);
  });

  it.each(NOTICES.filter(([, , values]) => !('link' in values)))(
    '%s, %s: leads nowhere, so that nobody gets used to following notices',
    async (kind, _, values) => {
      const { text, html } = await render(kind, values);
      for (const part of [text, html]) expect(part).not.toMatch(/https?:|href=/);
    },
  );

  it.each(CASES)('%s, %s: R39: a name is text and not markup', async (kind, _, values) => {
    const appName = `<b>{{ when }}</b> & "Co" {% raw %}'`;
    const hostile = new LiquidMailTemplates(configOf({ appName, brandTagline: `</div>${appName}` }));
    const { subject, text, html } = await render(kind, values, hostile);
    expect(subject).toContain(appName);
    expect(text).toContain(`\n-- \n${appName}\n</div>${appName}\n`);
    expect(html).toContain('&lt;b&gt;{{ when }}&lt;/b&gt; &amp; &#34;Co&#34; {% raw %}&#39;');
    expect(html).toContain('&lt;/div&gt;&lt;b&gt;');
    expect(html).not.toMatch(/<b>|&amp;(lt|amp|#)/);
  });

  it.each([
    ['a header', 'Plum\r\nBcc: all@example.org', 'Plum Bcc: all@example.org'],
    ['lines of Unicode', 'Plum\u2028and\u2029Pear\u0085Co', 'Plum and Pear Co'],
    ['a turned direction', 'Plum \u202egro.elpmaxe\u202c \u2067x\u2069', 'Plum gro.elpmaxe x'],
    ['controls', 'Pl\u0000um\u001b[31m', 'Pl um [31m'],
  ])('R39: %s in a name does not leave the subject', async (_, appName, shown) => {
    const { subject } = await render(
      ...(['password-reset', samples['password-reset'][0]!] as const),
      named(appName),
    );
    expect(subject).toBe(`Set a new password at ${shown}`);
  });

  it.each([
    'Pflaume & Söhne 😀',
    'שזיף \u200f',
    'برقوق\u200e',
    'Plum\u200bPear',
    '\u{1f468}\u200d\u{1f33e}',
    'W'.repeat(200),
  ])('other names stay as they are: %s', async (appName) => {
    const { subject, text } = await render(
      'password-changed',
      samples['password-changed'][0]!,
      named(appName),
    );
    expect(subject).toBe(`Your password at ${appName} was changed`);
    expect(text).toContain(`your account at ${appName} was changed`.slice(5));
  });

  it('how many recovery codes are left is said in good English', async () => {
    const left = samples['recovery-code-used'].map((values) => render('recovery-code-used', values));
    const texts = (await Promise.all(left)).map(({ text }) => text);
    expect(texts[0]).toContain('7 of them are left: make new ones before the last one is gone.');
    expect(texts[1]).toContain('1 of them is left: make new ones before');
    expect(texts[2]).toContain('0 of them are left: make new ones now.');
  });
});

describe('the logo', () => {
  it.each([
    ['/logo.png', 'https://app.example.org/logo.png'],
    ['https://cdn.example.org/l.png?a=1&b=2', 'https://cdn.example.org/l.png?a=1&amp;b=2'],
  ])('%s takes the place of the name, as a whole URL', async (brandLogoUrl, src) => {
    const html = await withLogo(brandLogoUrl);
    expect(html).toContain(`<img src="${src}" alt="Plum"`);
  });

  it.each(['/logo.svg', 'https://cdn.example.org/LOGO.SVG?v=1', null])(
    '%s is none that mails can show: the name stays',
    async (brandLogoUrl) => {
      const html = await withLogo(brandLogoUrl);
      expect(html).not.toContain('<img');
      expect(html).toMatch(/<div[^>]*>Plum<\/div>/);
    },
  );
});

const named = (appName: string): LiquidMailTemplates => new LiquidMailTemplates(configOf({ appName }));

async function withLogo(brandLogoUrl: string | null): Promise<string> {
  const templates = new LiquidMailTemplates(configOf({ brandLogoUrl, baseUrl: 'https://app.example.org' }));
  return (await render('password-changed', samples['password-changed'][0]!, templates)).html;
}
