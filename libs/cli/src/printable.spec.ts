import { printable, printableJson } from './printable';

const HOSTILE = [
  '\u001b[2J',
  '\u009b31m',
  'a\nb',
  '\u202eevil',
  '\u2028',
  '\u{e0001}',
  '\u007f',
  '\ud800',
  '\r',
];

describe('printable', () => {
  it.each(HOSTILE)('shows what a terminal would obey: case %#', (text) => {
    expect(printable(text)).toMatch(/^[\x20-\x7e]+$/);
  });

  it('leaves people their names', () => {
    expect(printable('Zoë 李 Çelik-O’Brien')).toBe('Zoë 李 Çelik-O’Brien');
  });
});

describe('printableJson', () => {
  it.each(HOSTILE)('says the same to a program, and nothing to a terminal: case %#', (text) => {
    const json = printableJson({ text });
    expect(json).toMatch(/^[\x20-\x7e\n]+$/);
    expect(JSON.parse(json)).toEqual({ text });
  });
});
