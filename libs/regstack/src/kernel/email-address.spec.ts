import { AccountError } from './errors';
import { canonicalEmail } from './email-address';

describe('canonicalEmail (R38, W19)', () => {
  it.each([
    ['Alice@Example.ORG', 'alice@example.org'],
    ['  alice@example.org\t'.trim(), 'alice@example.org'],
    [' alice@example.org ', 'alice@example.org'],
    ['a.b+tag@example.org', 'a.b+tag@example.org'],
    ['Zoe\u0308@example.org', 'zo\u00eb@example.org'],
    ['mail@B\u00dcCHER.example', 'mail@xn--bcher-kva.example'],
    ['\u7528\u6237@\u4f8b\u5b50.\u6d4b\u8bd5', '\u7528\u6237@xn--fsqu00a.xn--0zwm56d'],
    ["o'brien@example.co.uk", "o'brien@example.co.uk"],
    [`${'x'.repeat(64)}@example.org`, `${'x'.repeat(64)}@example.org`],
  ])('%j is %j', (typed, canonical) => {
    expect(canonicalEmail(typed)).toBe(canonical);
  });

  it.each([
    '',
    'alice',
    '@example.org',
    'alice@',
    'alice@localhost',
    'alice@example',
    'alice@-example.org',
    'alice@example..org',
    'alice@127.0.0.1',
    'alice@[127.0.0.1]',
    'alice@example.123',
    'a@b@example.org',
    '.alice@example.org',
    'alice.@example.org',
    'a..b@example.org',
    '"alice b"@example.org',
    'Alice <alice@example.org>',
    'alice@example.org, bob@example.org',
    'alice @example.org',
    'alice@example.org\n',
    'alice\r\nBcc: bob@example.org',
    'al\0ice@example.org',
    'al\ud800ice@example.org',
    'al\u200bice@example.org',
    '\uff41lice@example.org',
    'p\u0430ypal@example.org',
    'alice@example\u3002org',
    'alice@example.org/',
    'alice@exa mple.org',
    `${'x'.repeat(65)}@example.org`,
    `a@${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}.${'x'.repeat(63)}.org`,
  ])('%j is refused', (typed) => {
    expect(() => canonicalEmail(typed)).toThrow(AccountError);
  });

  it('is idempotent, and equal for the variants of one mailbox (G18, a tenth)', () => {
    const letters = [
      'a',
      'Z',
      '9',
      '\u00e9',
      'e\u0301',
      '\u00d6',
      'o\u0308',
      '.',
      '+',
      '-',
      '_',
      '\u03b1',
      '\u0436',
      "'",
    ];
    const random = seeded(20_260_301);
    let accepted = 0;
    for (let n = 0; n < 100_000; n++) {
      const local = Array.from(
        { length: 1 + Math.floor(random() * 8) },
        () => letters[Math.floor(random() * letters.length)]!,
      );
      const typed = `${local.join('')}@M\u00fcnchen.Example`;
      const canonical = attempt(typed);
      if (canonical === null) continue;
      accepted += 1;
      const variants = [
        canonical,
        typed.toUpperCase(),
        typed.normalize('NFD'),
        typed.normalize('NFC').toLowerCase(),
        ` ${typed} `,
      ];
      for (const variant of variants)
        if (attempt(variant) !== canonical) throw new Error(`${typed} ≠ ${variant}`);
    }
    expect(accepted).toBeGreaterThan(10_000);
  });
});

function attempt(typed: string): string | null {
  try {
    return canonicalEmail(typed);
  } catch {
    return null;
  }
}

/** mulberry32: small, seeded, replayable. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
