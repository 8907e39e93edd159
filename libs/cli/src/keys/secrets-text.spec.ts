import { announce, type Secrets, switchTo, without } from './secrets';
import { secretsIn, withSecrets } from './secrets-text';

const [A, B, C] = ['a', 'b', 'c'].map((one) => one.repeat(40)) as [string, string, string];
const only = (current: string): Secrets => ({ current, announced: null, former: [] });

describe('the text of a secrets file', () => {
  it.each([
    [`REGSTACK_JWT_SECRET=${A}\n`, only(A)],
    [`  REGSTACK_jwt_secret = "${A}"  \r\n`, only(A)],
    [`\ufeffREGSTACK_JWT_SECRET='${A}'`, only(A)],
    [`REGSTACK_JWT_SECRET=${A}\nREGSTACK_JWT_PREVIOUS_SECRETS=${B}, ${C},\n`, { ...only(A), former: [B, C] }],
    [`REGSTACK_JWT_PREVIOUS_SECRETS=["${B}"]\nREGSTACK_JWT_SECRET=${A}`, { ...only(A), former: [B] }],
    ['# REGSTACK_JWT_SECRET=x\n', null],
  ])('is read as the library reads it: case %#', (text, secrets) => {
    expect(secretsIn(text)).toEqual(secrets);
  });

  it.each([
    ['# keep\n\n', '\n', '\nREGSTACK_EMAIL__SMTP_PASSWORD="x # y"\n# end'],
    ['# keep\r\n', '\r\n', '\r\n\r\nREGSTACK_DATABASE_URL=postgres://u:p@h/d\r\n'],
    ['', '\n', ''],
    ['\ufeff# \u00e4\n', '\n', '\n'],
  ])('keeps every other line, byte for byte: case %#', (before, end, after) => {
    const text = `${before}REGSTACK_JWT_SECRET=${A}${after}`;
    const switched = switchTo(B, only(A));
    const rotated = withSecrets(text, switched);
    expect(rotated).toBe(
      `${before}REGSTACK_JWT_SECRET=${B}${end}REGSTACK_JWT_PREVIOUS_SECRETS=["${A}"]${after}`,
    );
    expect(withSecrets(rotated, without(new Set([A]), switched))).toBe(
      `${before}REGSTACK_JWT_SECRET=${B}${after || end}`,
    );
  });

  it('tells the announced secret from those that were current once', () => {
    const text = `REGSTACK_JWT_SECRET=${A}\nREGSTACK_JWT_PREVIOUS_SECRETS=${B}\n`;
    const announced = withSecrets(text, announce(secretsIn(text)!, C));
    expect(secretsIn(announced)).toEqual({ current: A, announced: C, former: [B] });
    const switched = withSecrets(announced, switchTo(C, secretsIn(announced)!));
    expect(switched).toBe(`REGSTACK_JWT_SECRET=${C}\nREGSTACK_JWT_PREVIOUS_SECRETS=["${A}","${B}"]\n`);
  });

  it('a secret with anything in it can become a former one', () => {
    const odd = `[${A},"' # $\\u`;
    const text = `REGSTACK_JWT_SECRET=${odd}\n`;
    const rotated = withSecrets(text, switchTo(B, secretsIn(text)!));
    expect(secretsIn(rotated)).toEqual({ current: B, announced: null, former: [odd] });
  });
});
