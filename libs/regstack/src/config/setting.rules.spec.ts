import { validateSync } from 'class-validator';
import { AreOrigins, IsAssetUrl, IsLine } from './setting.rules';

class Loaded {
  @IsAssetUrl() asset: unknown = '/theme.css';
  @AreOrigins() origins: unknown = [];
  @IsLine() line: unknown = 'Plum';
}

/** The rule that a value breaks, if any. */
const brokenBy = (values: Partial<Loaded>): string[] =>
  validateSync(Object.assign(new Loaded(), values)).map(({ property }) => property);

/** What names nothing that a page may load, or says more than that in a policy or an attribute. */
const HOSTILE = [
  'https://a.example"onload="x',
  "https://a.example'",
  'https://a.example;script-src',
  'https://a;script-src',
  'https://a,b',
  'https://*',
  'https://*.example.org',
  'https://a.example *',
  'https://a.example\nx',
  ' https://a.example',
  'javascript:alert(1)',
  'data:text/css,x',
  'blob:https://a.example/x',
  '//a.example',
  '/\\a.example',
  '\\\\a.example',
  'https:a.example',
  'https:/a.example',
  'https:\\\\a.example',
  'https://user:pass@a.example',
  'https://user@a.example',
  'http://a.example',
  'http://10.0.0.1',
  'http://localhost.a.example',
  'ftp://a.example',
  'https://',
  'null',
  '*',
  "'self'",
  "'unsafe-inline'",
  '',
];

describe('R78: what pages load', () => {
  it.each([
    '/theme.css',
    '/a/b.css?v=1&w=2',
    '/logo%20of%20ours.svg',
    'https://cdn.example.org/theme.css',
    'https://cdn.example.org:8443/theme.css?family=Plum:wght@400#x',
    'HTTPS://cdn.example.org/theme.css',
    'http://localhost:5173/theme.css',
    'http://127.0.0.1/theme.css',
    'http://[::1]:8080/theme.css',
  ])('brand_logo_url and theme_css_url take %s', (asset) => {
    expect(brokenBy({ asset })).toEqual([]);
  });

  it.each<unknown>([
    ...HOSTILE,
    '/theme.css;x',
    '/theme.css"x',
    "/theme.css'x",
    '/a,b',
    '/a b',
    '/<a>',
    '/ä',
    'theme.css',
    1,
    {},
    ['/theme.css'],
  ])('and not %j', (asset) => {
    expect(brokenBy({ asset })).toEqual(['asset']);
  });

  it.each([
    [[]],
    [['https://fonts.example.org']],
    [['https://a.example:8443', 'http://localhost:5173', 'http://127.0.0.1', 'https://[2001:db8::1]']],
    [['https://xn--bcher-kva.example']],
  ])('font_origins takes %j', (origins) => {
    expect(brokenBy({ origins })).toEqual([]);
  });

  it.each<unknown>([
    ...HOSTILE.map((one) => [one]),
    ['https://a.example/'],
    ['https://a.example/fonts'],
    ['https://a.example:443'],
    ['https://A.example'],
    ['https://bücher.example'],
    ['https://a.example?x'],
    ['https://a.example', 'http://b.example'],
    [null],
    [['https://a.example']],
    'https://a.example',
    null,
  ])('and not %j', (origins) => {
    expect(brokenBy({ origins })).toEqual(['origins']);
  });
});

describe('R39: what stands in a line of a page or a header of a mail', () => {
  it.each([
    'Plum',
    'Pflaume & <Söhne> "Co" 😀',
    'שזיף\u200f',
    'برقوق\u200e',
    '{{ x }}',
    '\u{1f468}\u200d\u{1f33e}',
  ])('%j is one line', (line) => expect(brokenBy({ line })).toEqual([]));

  it.each([
    'Plum\r\nBcc: all@example.org',
    'Plum\n',
    'Pl\tum',
    'Pl\u0000um',
    'Pl\u0085um',
    'Plum\u2028Pear',
    'Plum\u2029Pear',
    '\u202eegnarO',
    'Plum\u2066Pear',
    'Plum\ud800',
    7,
    null,
  ])('%j is none', (line) => expect(brokenBy({ line })).toEqual(['line']));
});
