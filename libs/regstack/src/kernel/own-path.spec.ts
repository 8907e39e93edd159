import { randomBytes } from 'node:crypto';
import { ownPath } from './own-path';

/** How many mutated texts are tried: `REGSTACK_TEST_PATHS`; those of a run again: `REGSTACK_TEST_SEED`. */
const COUNT = Number(process.env['REGSTACK_TEST_PATHS'] ?? 50_000);
const SEED = process.env['REGSTACK_TEST_SEED'] ?? randomBytes(4).toString('hex');

const ORIGINS = ['https://app.example.org', 'http://localhost:3000'] as const;
/** Pages of ours that a redirect may leave from. */
const PAGES = [
  '/',
  '/account/login',
  '/v1/account/login/',
  '/account/login?next=//evil.example#//evil.example',
];

/** What mutants are made of: paths that are good, attacks that are known, and the characters that parsers differ about. */
const SEEDS = [
  '/',
  '/orders',
  '/orders/42?a=b&c=d#part',
  '/account/me?done=profile',
  '/a/../b/./c',
  '//evil.example',
  '/\\evil.example',
  '/.//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
];
const PIECES = [
  ...[
    '/',
    '//',
    '\\',
    '.',
    '..',
    '/.',
    '/..',
    '/./',
    '/../',
    '%2e',
    '%2E%2e',
    '%2f',
    '%5c',
    '%00',
    '%09',
    '%',
  ],
  ...['\t', '\n', '\r', '\0', '\v', '\f', ' ', '\u007f', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff'],
  ...['\uff0f', '\uff3c', '\u2044', '\u2215', '\u3002', '\ud83d\ude00', '\ud800', '\u00df', '\u212a'],
  ...[':', '@', '?', '#', ';', '&', '=', '[', ']', '|', '^', '`', '"', "'", '<', '>', '{', '}', '$', '*'],
  ...[
    'http:',
    'https:',
    'HTTPS://',
    'javascript:',
    'data:',
    'file:///',
    'blob:',
    'evil.example',
    'user:pass@evil.example',
  ],
  ...['app.example.org', 'localhost:3000', ':80', ':3000', '[::1]', '0x7f.1', 'a', 'C|', 'C:'],
];

/** Numbers from 0 to below 1, always the same ones of a seed (mulberry32). */
function diceOf(seed: string): () => number {
  let state = Number.parseInt(seed.slice(0, 8), 16) || 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A text with one to five changes. */
function mutant(dice: () => number): string {
  const below = (n: number): number => Math.floor(dice() * n);
  const pick = (from: readonly string[]): string => from[below(from.length)]!;
  let text = dice() < 0.2 ? '' : pick(SEEDS);
  for (let left = 1 + below(5); left > 0; left--) {
    // Most of what counts is at the beginning.
    const at = dice() < 0.5 ? below(Math.min(3, text.length + 1)) : below(text.length + 1);
    const gone = dice() < 0.3 ? below(3) : 0;
    const put = dice() < 0.1 ? String.fromCharCode(below(0x180)) : pick(PIECES);
    text = text.slice(0, at) + put + text.slice(at + gone);
  }
  return dice() < 0.7 && !text.startsWith('/') ? `/${text}` : text;
}

/** What is wrong with a path that was accepted: it leads away, or is none that a header can carry. */
function faultsOf(path: string, origin: string): string[] {
  const away = PAGES.filter((page) => new URL(path, origin + page).origin !== origin);
  return [
    ...away.map((page) => `leads away from ${page}`),
    ...(/^\/[\u0021-\u007e]*$/.test(path) ? [] : ['is no text of a header']),
    ...(new URL(path, origin).href === origin + path ? [] : ['is read as another one']),
  ];
}

describe('ownPath', () => {
  it(
    `G19: no accepted one of ${COUNT} mutants of seed ${SEED} leads away, by the parser of browsers`,
    () => {
      const dice = diceOf(SEED);
      const wrong: string[] = [];
      let accepted = 0;
      for (let n = 0; n < COUNT; n++) {
        const text = mutant(dice);
        const origin = ORIGINS[n % 2]!;
        const path = ownPath(text, origin);
        if (path === null) continue;
        accepted += 1;
        const faults = faultsOf(path, origin);
        if (faults.length > 0)
          wrong.push(`${JSON.stringify(text)} → ${JSON.stringify(path)}: ${faults.join(', ')}`);
      }
      expect(wrong.slice(0, 20)).toEqual([]);
      // Else nothing was tried; and most of it must have been an attack.
      expect(accepted).toBeGreaterThan(COUNT / 20);
      expect(accepted).toBeLessThan(COUNT);
    },
    60_000 + COUNT / 10,
  );

  it.each([
    // Those that the Python project accepted.
    '/\\evil.example',
    '///evil.example/',
    '\\/\\/evil.example',
    '//evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/%2e//evil.example',
    '/%2E%2e//evil.example',
    '/a/..//evil.example',
    '/a/%2e%2e//evil.example',
    '/./\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\n/evil.example',
    '/\t\\evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/ /evil.example',
    '/\u0000/evil.example',
    '/orders\\..\\..\\evil.example',
    '/orders?a=\\',
    'https://evil.example',
    'https:evil.example',
    'https:/evil.example',
    'http:///evil.example',
    '@evil.example',
    '.evil.example',
    ':80@evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'orders',
    '?a=b',
    '#part',
    '',
    `/${'a'.repeat(2048)}`,
  ])('W26: %j is refused', (text) => {
    for (const origin of ORIGINS) expect(ownPath(text, origin)).toBeNull();
  });

  it.each([
    ['/', '/'],
    ['/orders?a=b&c=%2F#part', '/orders?a=b&c=%2F#part'],
    ['/a/../b', '/b'],
    ['/a//evil.example', '/a//evil.example'],
    ['/%2f/evil.example', '/%2f/evil.example'],
    ['/%5cevil.example', '/%5cevil.example'],
    ['/?next=//evil.example', '/?next=//evil.example'],
    ['/user@evil.example', '/user@evil.example'],
    ['/javascript:alert(1)', '/javascript:alert(1)'],
    ['/bücher/\u{1f600}', '/b%C3%BCcher/%F0%9F%98%80'],
    ['/"<x>', '/%22%3Cx%3E'],
    [`/${'a'.repeat(2047)}`, `/${'a'.repeat(2047)}`],
  ])('%j is followed as %j', (text, path) => {
    for (const origin of ORIGINS) expect(ownPath(text, origin)).toBe(path);
  });
});
