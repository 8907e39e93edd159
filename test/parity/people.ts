/** A person of the sequence: what they are called, and the two halves of an address in its canonical form. */
export interface Person {
  readonly fullName: string | null;
  readonly local: string;
  readonly domain: string;
}

const person = (fullName: string | null, local: string, domain = 'example.org'): Person => ({
  fullName,
  local,
  domain,
});

/** `bücher.example` as it is stored (UTS 46). */
const BOOKS = 'xn--bcher-kva.example';

/**
 * Names and addresses on which stores are known to differ: composed and decomposed, accents, case outside of ASCII, astral letters,
 * right to left, joiners, what means something in SQL, in a pattern or in a document query. Neighbours look alike and are not the same.
 */
export const PEOPLE: readonly Person[] = [
  person('Zoe', 'zoe'),
  person('Zo\u00eb', 'zo\u00eb'),
  person('Zoe\u0308', 'zoe', BOOKS),
  person('Stra\u00dfe', 'stra\u00dfe'),
  person('Strasse', 'strasse'),
  person('\u00c5ngstr\u00f6m', '\u00e5ngstr\u00f6m'),
  person('A\u030angstro\u0308m', 'angstrom'),
  person('Анна', 'анна'),
  person('Anna', 'anna'),
  person('Ἀφροδίτη', 'ἀφροδίτη'),
  person('Αφροδιτη', 'αφροδιτη'),
  person('İpek', 'ipek'),
  person('Ipek', 'i\u0307pek'),
  person('Ipek ı', 'ıpek'),
  person('𐐟𐑌', '𐐷𐑌'),
  person('𐐷𐑌', '𐐸𐑌'),
  person('𠮷野', '𠮷野', 'xn--r8jz45g.jp'),
  person('吉野', '吉野', 'xn--r8jz45g.jp'),
  person('שָׁלוֹם', 'שלום'),
  person('\u202eشهد\u202c', 'شهد'),
  person('नमस्ते', 'नमस्ते'),
  person('ก็ไก่', 'ก็ไก่'),
  person('👩‍👩‍👧‍👦🏳️‍🌈', 'family'),
  person('👩👩👧👦', 'familie'),
  person("O'Brien; DROP TABLE regstack_users; --", "o'brien"),
  person('"quoted" \\ back\\slash', 'o`brien'),
  person('100%_', 'a_b'),
  person('100%x', 'axb'),
  person('%', 'a%b'),
  person('{"$gt":""}', '$gt'),
  person('$where', '$where.{}'),
  person(null, 'nobody'),
  person('null', 'null'),
  person(' 007 ', '007'),
  person('7', '7'),
  person('\ufeffzero\u200bwidth\u2028', 'zero-width'),
  person('ä'.repeat(200), 'l'.repeat(40)),
  person('𝒜'.repeat(200), 'm'.repeat(40)),
  person('Dotted', 'a.b+c'),
  person('Dotless', 'ab+c'),
];

/** Addresses that are refused whatever they stand for. */
export const NO_ADDRESSES: readonly string[] = [
  '',
  'nobody',
  '@example.org',
  'two@@example.org',
  'Ann <ann@example.org>',
  '"quoted"@example.org',
  'аnna@example.org',
  'ａnna@example.org',
  'ﬁn@example.org',
  '👩@example.org',
  'a..b@example.org',
  'anna@localhost',
  'anna@127.0.0.1',
  'anna@example。org',
  'anna\u0000@example.org',
  'anna@exa\ud800mple.org',
  `${'é'.repeat(33)}@example.org`,
  `anna@${'a'.repeat(64)}.org`,
];

/** Numbers of three countries; every `#` is any digit. */
export const NUMBERS: readonly string[] = ['+49151########', '+447400######', '+1201556####'];

/** Numbers that are refused whatever they stand for. */
export const NO_NUMBERS: readonly string[] = [
  '',
  '0151 12345678',
  '+49',
  '+999 151 12345678',
  '+49 900 1 234567',
  '+49 151 12345678 ext. 9',
  'call +49 151 12345678',
  '+49151\u000012345678',
  '+'.repeat(65),
];

/** Passwords that pass the policy, each a different one after NFC. */
export const PASSWORDS: readonly string[] = [
  'plum-Tractor-91-violet',
  'Plum-Tractor-91-violet',
  ' plum-Tractor-91-violet ',
  'p\u00e4ssw\u00f6rter-sind-lang',
  'passworter-sind-lang',
  '🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄🦄',
  'tab\tand\nline\u0001break',
  'שלום-עולם-שלום-עולם',
  '𝒜'.repeat(256),
  'twelve-chars',
];

/** Passwords that no account may have. */
export const NO_PASSWORDS: readonly string[] = [
  '',
  'eleven-char',
  '🦄'.repeat(11),
  'x'.repeat(257),
  'with\0nul-and-more',
  'Password1234',
  'RegStack2026!!',
];
