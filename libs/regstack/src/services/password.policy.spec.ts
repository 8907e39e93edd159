import { createHash } from 'node:crypto';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { AccountError, type ErrorCode } from '../kernel/errors';
import { CommonPasswords } from './common-passwords';
import { type PasswordContext, PasswordPolicy } from './password.policy';

const common = new CommonPasswords();
const ALICE: PasswordContext = { email: 'alice.margin@mail.example.org', fullName: 'Alicia Margin-Oak' };

function policy(options: RegStackOptions = {}): PasswordPolicy {
  const jwtSecret = 'a secret of at least thirty-two bytes';
  return new PasswordPolicy(loadRegStackConfig({ jwtSecret, ...options }, { env: {} }), common);
}

/** The code of the refusal, null where it passes. Every refusal names the field, and never shows the password. */
function verdict(password: string, context = ALICE, subject = policy()): ErrorCode | null {
  try {
    subject.check(password, context, 'new_password');
    return null;
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    expect(error.fields).toEqual([{ field: 'new_password', message: expect.stringMatching(/^must /) }]);
    expect(JSON.stringify([error.message, error.fields])).not.toContain(password);
    return error.code;
  }
}

const eight = policy({ passwordMinLength: 8 });

describe('PasswordPolicy', () => {
  it('counts code points, and takes the minimum but not one less (R01)', () => {
    expect(verdict('plum-91-oxe')).toBe('password.too_short');
    expect(verdict('plum-91-oxen')).toBeNull();
    expect(verdict('🍇🍈🍉🍊🍋🍌🍍', ALICE, eight)).toBe('password.too_short');
    expect(verdict('🍇🍈🍉🍊🍋🍌🍍🍎', ALICE, eight)).toBeNull();
  });

  it('takes 256 code points, and refuses 257 (R02)', () => {
    const long = createHash('sha512').update('x').digest('hex').repeat(2);
    expect(verdict(long)).toBeNull();
    expect(verdict(`${long}x`)).toBe('password.too_long');
  });

  it.each([
    'plumtractorviolet',
    'PLUMTRACTORVIOLET',
    '918273640546372819',
    '  plum  tractor  ',
    'ΩΑΒΓδεζηθικλ',
  ])('asks for no kinds of characters: %j (R03)', (password) => expect(verdict(password)).toBeNull());

  it.each(['1qaz2wsx3edc', '1QAZ2wsx3EDC', '１ｑａｚ２ｗｓｘ３ｅｄｃ', 'qwertyuiop123', 'concentration'])(
    'refuses what is common, in any case and width: %j (R05)',
    (password) => {
      expect(verdict(password)).toBe('password.too_common');
      expect(verdict(password, ALICE, policy({ passwordBlocklist: false }))).toBeNull();
    },
  );

  it('asks the list down to the floor of the length (R05)', () => {
    expect(verdict('sunshine', ALICE, eight)).toBe('password.too_common');
    expect(verdict('iloveyou2', ALICE, eight)).toBe('password.too_common');
  });

  it.each([
    ['the address', 'alice.margin@mail.example.org'],
    ['the address in other letters, and a little more', 'ALICE.Margin@mail.example.org-1234'],
    ['the local part', 'alice.margin2026!'],
    ['parts of the local part', 'margin&alice--12'],
    ['the domain', 'Example.Example1'],
    ['a name of the domain', 'mail-mail-mail-1'],
    ['the name', 'Alicia Margin!!!'],
    ['a word of the name, in other letters', 'ＡＬＩＣＩＡ-2026!'],
    ['the app', 'AppName2026!!'],
    ['the app, written apart', 'App Name 2026!'],
    ['a common password beside a word', 'AliciaPassword1'],
  ])('refuses %s: %j (R06)', (_, password) => {
    for (const passwordMinLength of [8, 12]) {
      const subject = policy({ appName: 'AppName', passwordMinLength });
      const apart = policy({ appName: 'App Name', passwordMinLength });
      expect(verdict(password, ALICE, password.startsWith('App Name') ? apart : subject)).toBe(
        'password.too_personal',
      );
    }
  });

  it.each([
    [
      'a word with enough beside it',
      'plum-Tractor-91-violet',
      { email: 'violet.plum@example.org', fullName: null },
    ],
    ['words of three letters', 'ann-lee-ox-ann-lee', { email: 'ann.lee@a-b.example', fullName: 'Ann Lee' }],
    ['the last part of the domain', 'info-info-info', { email: 'x@firm.info', fullName: '' }],
  ])('takes %s: %j (R06)', (_, password, context) => {
    expect(verdict(password, context)).toBeNull();
  });

  it('looks for the words whether or not the list is asked (R06)', () => {
    const without = policy({ passwordBlocklist: false });
    expect(verdict('AliceAlice2026', ALICE, without)).toBe('password.too_personal');
    expect(verdict('AliciaPassword1', ALICE, without)).toBeNull();
  });

  it('passes 10,000 random passwords of 16 characters (R05, R06)', () => {
    const subject = policy();
    for (let n = 0; n < 10_000; n++) {
      const password = createHash('sha256').update(`${n}`).digest('base64').slice(0, 16);
      expect([password, verdict(password, ALICE, subject)]).toEqual([password, null]);
    }
  });
});
