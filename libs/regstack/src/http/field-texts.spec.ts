import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { AccountError } from '../kernel/errors';
import { PageRenderer } from '../ui/page.renderer';
import { FieldTexts } from './field-texts';

function textsWith(options: RegStackOptions = {}): FieldTexts {
  const config = loadRegStackConfig(
    { jwtSecret: 'a secret of at least thirty-two bytes', ...options },
    { env: {} },
  );
  return new FieldTexts(new PageRenderer(config), config);
}

const refusal = (field: string, message: string): AccountError =>
  new AccountError('request.invalid', { fields: [{ field, message }] });

/** A directory of a host with texts of its own. */
function texts(file: string, content: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'regstack-texts-'));
  mkdirSync(join(folder, 'messages', 'en'), { recursive: true });
  writeFileSync(join(folder, 'messages', 'en', `${file}.json`), JSON.stringify(content));
  return folder;
}

describe('what a page says of a refusal', () => {
  it('an empty field is to be filled in; of another it says the rule', () => {
    const [empty, typed] = [{}, { full_name: 'x' }];
    const required = textsWith().of(refusal('full_name', 'must be text'), empty);
    expect(required.errors).toEqual({ full_name: 'Fill this in.' });
    const rule = textsWith().of(refusal('full_name', 'must be text'), typed);
    expect(rule.errors).toEqual({ full_name: 'It must be text.' });
  });

  it('a text of the host for the field goes before the rule', () => {
    const extraTemplateDirs = [texts('fields', { 'invalid.full_name': 'Tell us your name.' })];
    const { errors } = textsWith({ extraTemplateDirs }).of(refusal('full_name', 'is odd'), {
      full_name: 'x',
    });
    expect(errors).toEqual({ full_name: 'Tell us your name.' });
  });

  it('a refusal by its code says so beside the field, with the bounds of the settings', () => {
    const short = new AccountError('password.too_short', {
      fields: [{ field: 'new_password', message: 'must have at least 10 characters' }],
    });
    const { errors } = textsWith({ passwordMinLength: 10 }).of(short, {});
    expect(errors).toEqual({ new_password: 'Use at least 10 characters.' });
  });

  it('a sentence of the host or of a hook goes before our text; ours goes before the default', () => {
    const extraTemplateDirs = [texts('errors', { 'hook.refused': 'Ours.' })];
    const [plain, withTexts] = [textsWith(), textsWith({ extraTemplateDirs })];
    const [usual, own] = [
      new AccountError('hook.refused'),
      new AccountError('hook.refused', { detail: 'Only on invitation.' }),
    ];
    expect(withTexts.of(usual, {}).summary).toBe('Ours.');
    expect([plain, withTexts].map((one) => one.of(own, {}).summary)).toEqual([
      'Only on invitation.',
      'Only on invitation.',
    ]);
    const never = new AccountError('session.not_found');
    expect(plain.of(never, {}).summary).not.toBe('');
  });
});
