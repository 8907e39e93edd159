import { parseStrictJson } from './strict-json';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));
const codeOf = (text: string | Buffer): unknown => {
  try {
    return parseStrictJson(Buffer.from(text as string));
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('parseStrictJson', () => {
  it.each([
    '{}',
    '[]',
    '"a"',
    '1',
    'null',
    '{"a":{"b":[1,{"c":"x"}]},"d":"{\\"e\\":1,\\"e\\":2}"}',
    '{"a":"b","b":"a","c":{"a":1}}',
  ])('%s reads like JSON.parse', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('an empty body is an empty object', () => {
    expect(parse('')).toEqual({});
  });

  it.each([
    ['{', 'request.malformed'],
    ['{"a":1}x', 'request.malformed'],
    ["{'a':1}", 'request.malformed'],
    ['{"a":1,}', 'request.malformed'],
    ['NaN', 'request.malformed'],
    ['{"a":1,"a":2}', 'request.duplicate_key'],
    ['{"x":[{"a":1,"\\u0061":2}]}', 'request.duplicate_key'],
    ['{"":1,"":2}', 'request.duplicate_key'],
    ['{"x":{"__proto__":1}}', 'request.forbidden_key'],
    ['{"\\u005f_proto__":1}', 'request.forbidden_key'],
    ['['.repeat(17) + ']'.repeat(17), 'request.too_deep'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('bytes that are no UTF-8 are malformed', () => {
    expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('request.malformed');
  });
});
