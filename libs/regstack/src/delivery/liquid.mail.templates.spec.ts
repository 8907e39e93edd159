import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadRegStackConfig } from '../config/load-config';
import { BootError } from '../kernel/boot.error';
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
      'mail/registration-verify.subject.liquid',
      'One\r\nBcc: two@example.org {{ app_name }}',
    );
    const { subject } = await templates({ extraTemplateDirs: [folder] }).render(
      'registration-verify',
      VALUES,
    );
    expect(subject).toBe('One Bcc: two@example.org RegStack');
  });

  it('extra_template_dirs: a template of the host wins over ours of the same name, and the rest stay ours', async () => {
    const folder = hostFolder('mail/registration-verify.text.liquid', 'Ours: {{ link }}');
    const { text, html } = await templates({ extraTemplateDirs: [folder] }).render(
      'registration-verify',
      VALUES,
    );
    expect(text).toBe('Ours: https://x.example/?token=a&b=c');
    expect(html).toContain('Confirm your e-mail address');
  });

  it.each([
    ['mail/parts/link.text.liquid', 'text', 'Mine: {{ link }} of {{ app_name }}'],
    [
      'mail/layout.html.liquid',
      'html',
      '<title>{{ subject }}</title>Mine: {% block content %}{% endblock %}',
    ],
  ] as const)('extra_template_dirs: %s is replaced for all mails', async (name, part, content) => {
    const folder = hostFolder(name, content);
    const mail = await templates({ extraTemplateDirs: [folder] }).render('registration-verify', VALUES);
    expect(mail[part]).toContain('Mine: ');
    expect(mail[part]).toContain(part === 'text' ? 'b=c of RegStack' : '<title>Confirm your e-mail');
  });

  it('templates/ names one of ours, for one of the host that replaces a block of it', async () => {
    const content =
      "{% layout 'templates/mail/registration-verify.html.liquid' %}{% block heading %}Mine{% endblock %}";
    const folder = hostFolder('mail/registration-verify.html.liquid', content);
    const { html } = await templates({ extraTemplateDirs: [folder] }).render('registration-verify', VALUES);
    expect(html).toMatch(/<h1[^>]*>Mine<\/h1>/);
    expect(html).toContain('Somebody, hopefully you');
  });

  it.each([
    ['mail/registration-taken.html.liquid', '{% if %}{{ broken'],
    ['mail/layout.text.liquid', '{% block content %}'],
    ['mail/parts/link.html.liquid', '{{ link | nothing: }}{% endif %}'],
    ['mail/password-reset.text.liquid', "{% render 'mail/parts/nowhere.text.liquid' %}"],
    ['mail/password-reset.text.liquid', "{% layout 'mail/nowhere.text.liquid' %}"],
  ])('%s that cannot be read is found at boot', (name, content) => {
    const folder = hostFolder(name, content);
    const named = content.includes('nowhere') ? 'nowhere' : name;
    expect(() => templates({ extraTemplateDirs: [folder] })).toThrow(BootError);
    expect(() => templates({ extraTemplateDirs: [folder] })).toThrow(named);
  });
});

function hostFolder(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-templates-'));
  mkdirSync(join(folder, dirname(name)), { recursive: true });
  writeFileSync(join(folder, name), content);
  return folder;
}
