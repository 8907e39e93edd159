import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegStackConfig } from '../config/load-config';
import { channelOf } from '../ports/outbox.repository';
import { SMS_KINDS } from '../ports/sms.templates';
import { LiquidSmsTemplates } from './liquid.sms.templates';

const VALUES = { code: '012345', validFor: '5 minutes' };

const templates = (options: { appName?: string; extraTemplateDirs?: string[] } = {}): LiquidSmsTemplates =>
  new LiquidSmsTemplates(loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} }));

function hostFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-templates-'));
  mkdirSync(join(folder, 'sms'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, 'sms', name), content);
  return folder;
}

describe('LiquidSmsTemplates', () => {
  it.each(SMS_KINDS)('%s: the code first, its life, the app, in one line and one message', async (kind) => {
    const text = await templates({ appName: 'Plum' }).render(kind, VALUES);
    expect(text).toMatch(/^012345 is your code /);
    expect(text).toContain('5 minutes');
    expect(text).toContain('Plum');
    expect(text).not.toMatch(/\n|{{|}}|http/);
    // GSM 03.38 has all of it: 160 characters are one message.
    expect(text).toMatch(/^[A-Za-z0-9 .,:]*$/);
    expect(text.length).toBeLessThanOrEqual(160);
  });

  it('no purpose has the words of another: who is asked for a code must see what for', async () => {
    const texts = await Promise.all(SMS_KINDS.map((kind) => templates().render(kind, VALUES)));
    expect(new Set(texts).size).toBe(SMS_KINDS.length);
  });

  it.each([
    '{{ code }}',
    '{% raw %}',
    '<b>&"',
    "O'Brien & Söhne 😀",
    '{{ "x" | append: code }}',
    '__proto__',
  ])('the name of an app is text, whatever it is: %s', async (appName) => {
    const text = await templates({ appName }).render('sms-sign-in', VALUES);
    expect(text).toBe(
      `012345 is your code to sign in to ${appName}. It can be used for 5 minutes. Tell it to nobody.`,
    );
  });

  it('extra_template_dirs: a template of the host wins over ours of the same name, and the rest stay ours', async () => {
    const folder = hostFolder({ 'sms-sign-in.liquid': '\n {{ app_name }}: {{ code }}, {{ validFor }}\n' });
    const own = templates({ extraTemplateDirs: [folder] });
    expect(await own.render('sms-sign-in', VALUES)).toBe('RegStack: 012345, 5 minutes');
    expect(await own.render('sms-proof', VALUES)).toBe(await templates().render('sms-proof', VALUES));
  });

  it('of several directories the first that has it wins', async () => {
    const [one, other] = ['one', 'other'].map((text) => hostFolder({ 'sms-sign-in.liquid': text }));
    const first = templates({ extraTemplateDirs: [hostFolder({}), one!, other!] });
    expect(await first.render('sms-sign-in', VALUES)).toBe('one');
  });

  it('a template sees nothing but its values', async () => {
    const names = ['config', 'jwtSecret', 'constructor', 'code.constructor', 'app_name.length'];
    const content = names.map((name) => `[{{ ${name} }}]`).join('');
    const folder = hostFolder({ 'sms-proof.liquid': content });
    expect(await templates({ extraTemplateDirs: [folder] }).render('sms-proof', VALUES)).not.toMatch(
      /\[[^\]\d]+\]/,
    );
  });

  it.each(SMS_KINDS)('a template that cannot be parsed is found at boot: %s', (kind) => {
    const folder = hostFolder({ [`${kind}.liquid`]: '{% if %}{{ broken' });
    expect(() => templates({ extraTemplateDirs: [folder] })).toThrow(new RegExp(kind));
  });
});

describe('channelOf', () => {
  it.each(SMS_KINDS)('%s leaves by SMS', (kind) => expect(channelOf(kind)).toBe('sms'));
  it.each(['factor-added', 'sms', '', 'by-sms-', 'SMS-sign-in'])('%s leaves by mail', (kind) =>
    expect(channelOf(kind)).toBe('mail'),
  );
});
