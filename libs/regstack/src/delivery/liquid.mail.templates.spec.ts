import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegStackConfig } from '../config/load-config';
import { LiquidMailTemplates } from './liquid.mail.templates';

const templates = (options: { appName?: string; extraTemplateDirs?: string[] }): LiquidMailTemplates =>
  new LiquidMailTemplates(
    loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes', ...options }, { env: {} }),
  );

const VALUES = { link: 'https://x.example/?token=a&b=c', validFor: '24 hours' };

describe('LiquidMailTemplates', () => {
  it('renders subject, text and HTML; values are escaped in HTML only', async () => {
    const { subject, text, html } = await templates({ appName: '<Plum> & "Co"' }).render(
      'registration-verify',
      VALUES,
    );
    expect(subject).toBe('Confirm your e-mail address for <Plum> & "Co"');
    expect(text).toContain('https://x.example/?token=a&b=c');
    expect(html).toContain('href="https://x.example/?token=a&amp;b=c"');
    expect(html).toContain('&lt;Plum&gt; &amp; &#34;Co&#34;');
    expect(html).not.toContain('<Plum>');
  });

  it('R39: a subject is one line, whatever a name holds', async () => {
    const folder = hostFolder(
      'registration-verify.subject.liquid',
      'One\r\nBcc: two@example.org {{ app_name }}',
    );
    const { subject } = await templates({ extraTemplateDirs: [folder] }).render(
      'registration-verify',
      VALUES,
    );
    expect(subject).toBe('One Bcc: two@example.org RegStack');
  });

  it('extra_template_dirs: a template of the host wins over ours of the same name, and the rest stay ours', async () => {
    const folder = hostFolder('registration-verify.text.liquid', 'Ours: {{ link }}');
    const { text, html } = await templates({ extraTemplateDirs: [folder] }).render(
      'registration-verify',
      VALUES,
    );
    expect(text).toBe('Ours: https://x.example/?token=a&b=c');
    expect(html).toContain('Confirm your e-mail address');
  });

  it('a template that cannot be parsed is found at boot', () => {
    const folder = hostFolder('registration-taken.html.liquid', '{% if %}{{ broken');
    expect(() => templates({ extraTemplateDirs: [folder] })).toThrow(/registration-taken\.html/);
  });
});

function hostFolder(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-templates-'));
  mkdirSync(join(folder, 'mail'));
  writeFileSync(join(folder, 'mail', name), content);
  return folder;
}
