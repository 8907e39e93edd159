import { setHeader, type Trick, utf8 } from '../draft';

/** A value per header; the canary stands where nothing may ever come back. */
const HEADERS: readonly (readonly [name: string, value: (canary: string) => string])[] = [
  ...[
    'empty',
    '',
    'a b',
    'example.org:99999',
    '127.0.0.1:1, other',
    '[::1',
    'a@b',
    '../..',
    'x'.repeat(4000),
  ].map((host) => ['Host', () => host] as const),
  ['Host', (canary) => canary],
  ['Host', (canary) => utf8(`\u00e4.${canary}`)],
  ['X-Forwarded-For', (canary) => canary],
  ['X-Forwarded-For', () => '127.0.0.1, ::1, 999.1.1.1, , [, fe80::1%eth0'],
  ['X-Forwarded-For', () => '1.1.1.1,'.repeat(1500)],
  ['X-Forwarded-Host', (canary) => canary],
  ['X-Forwarded-Host', () => 'a.example, b.example\t'],
  ['X-Forwarded-Proto', () => 'javascript'],
  ['X-Forwarded-Port', () => '-1'],
  ['X-Forwarded-Prefix', (canary) => `/${canary}`],
  ['Forwarded', (canary) => `for="[::1";host=${canary};proto=`],
  ['X-Real-IP', () => '::ffff:127.0.0.1%0'],
  ...['DELETE', 'GET', 'TRACE', '__proto__', 'x'.repeat(3000)].flatMap((method) =>
    ['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'].map(
      (name) => [name, () => method] as const,
    ),
  ),
  ['X-Original-URL', () => '/api/auth/me'],
  ['X-Rewrite-URL', (canary) => `/${canary}`],
  ['X-Request-Id', (canary) => canary],
  ['Traceparent', (canary) => `00-${canary}`],
  // Users see it in the list of their sessions.
  ['User-Agent', () => `<script>\u0080\u00ff{{7*7}}${'x'.repeat(3000)}`],
  ['Referer', (canary) => `http://example.org/?${canary}`],
  ...['null', 'http://example.org', '', 'http://', 'http://a b', '\u00ff'].map(
    (origin) => ['Origin', () => origin] as const,
  ),
  ['Origin', (canary) => `http://${canary}`],
  ...['cross-site', 'none', '', 'same-origin, cross-site', 'SAME-ORIGIN'].map(
    (site) => ['Sec-Fetch-Site', () => site] as const,
  ),
  ...['', '*', 'text/html', ';q=2', 'a/b;q=x', '*/*;q=0', 'a/b,'.repeat(1500)].map(
    (accept) => ['Accept', () => accept] as const,
  ),
  ['Accept', (canary) => canary],
  ['Accept-Encoding', () => 'gzip;q=9, br;q=-1, *'],
  ['Accept-Charset', () => 'utf-7'],
  ['Accept-Language', () => 'x-'.repeat(2000)],
  ['Accept-Version', (canary) => canary],
  ['Range', () => 'bytes=0-0,-1,5-2,a-b'],
  ['If-None-Match', () => '*'],
  ['If-Match', (canary) => `"${canary}"`],
  ['If-Modified-Since', () => 'Thu, 99 Foo 99999 99:99:99'],
  ['Connection', () => 'content-length, content-type, authorization, host'],
  ['Upgrade', () => 'websocket'],
  ['Upgrade', () => 'h2c'],
  ['TE', () => 'trailers, x;q=9'],
  ['Via', () => '1.1 a, 9.9 b'],
  ['Max-Forwards', () => '-1'],
  ['Date', () => 'never'],
  ['From', (canary) => canary],
  ['Link', (canary) => `<${canary}>`],
  ['__proto__', (canary) => canary],
  ['constructor', (canary) => canary],
  ['toString', (canary) => canary],
  ['X-Latin-1', (canary) => `\u0080\u00ff${canary}`],
  ['X-Canary', (canary) => canary],
];

/** Tricks with the headers that nobody needs to read. */
export const HEADER_TRICKS: readonly Trick[] = [
  ...HEADERS.map(([name, value], n): Trick => ({
    name: `header: ${name} ${n}`,
    stage: 'head',
    play: (draft, { canary }) => setHeader(draft, name, value(canary)),
  })),
  {
    name: 'header: two hundred',
    stage: 'head',
    play: (draft, { canary }) =>
      void draft.headers.push(...Array.from({ length: 200 }, (_, n): [string, string] => [`X-${n}`, canary])),
  },
];
