import * as fc from 'fast-check';

/** A file that was changed. */
export type Mutation = (file: Buffer) => Buffer;

const VALUES = [
  ...[
    '1e400',
    '-0',
    'nan',
    '-inf',
    '0xffffffffffffffff',
    '9007199254740993',
    '1.5',
    '007',
    '-1',
    '1e3',
    '0b11',
    '+7',
  ],
  ...[
    '1979-05-27',
    '1979-05-27T07:32:00Z',
    '07:32:00',
    'true',
    'TRUE',
    'null',
    '{}',
    '{ a = 1 }',
    '[]',
    '[[]]',
  ],
  ...[
    '[1, "a"]',
    '[ "a", ]',
    '[ { a = 1 } ]',
    '{ __proto__ = 1 }',
    '""',
    `''`,
    '"\\u0000"',
    '"\\ud800"',
    '"\\u202e"',
  ],
  ...[
    '"\\u001b[2J"',
    '"true"',
    '"1"',
    '"a,b"',
    `'${'long'.repeat(30_000)}'`,
    '"""\na\n"""',
    "'''\n\n'''",
    '"\\q"',
    '',
  ],
];

const KEYS = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '"\\u001b[2J"',
    '"\\n    at x (file.js:1:1)"',
  ],
  ...[
    'email',
    'sms',
    'argon2',
    '"email.smtp_host"',
    'email.smtp_host',
    'jwt_secret.x',
    'jwt_secret',
    'app_name',
  ],
  ...[
    'appName',
    'APP_NAME',
    '""',
    '"a b"',
    'ключ',
    'behind_proxy',
    'user_collection',
    'enable_oauth',
    'email.email',
  ],
  ...[
    'REGSTACK_JWT_SECRET',
    'REGSTACK_EMAIL__SMTP_HOST',
    'REGSTACK___PROTO__',
    'REGSTACK_',
    'REGSTACK_EMAIL',
    'PATH',
  ],
  ...['REGSTACK_ARGON2__TIME_COST', 'REGSTACK_TRUSTED_PROXIES', 'REGSTACK_JWT_PREVIOUS_SECRETS'],
];

const LINES = [
  ...[
    '[__proto__]',
    '[email]',
    '[[email]]',
    '[[sms]]',
    '[argon2.x]',
    '[',
    '[]',
    ']',
    '= 1',
    '"',
    "'''",
    '#',
    '\u0000',
  ],
  ...[
    '[constructor.prototype]',
    'email = 1',
    'export REGSTACK_JWT_SECRET=x',
    'REGSTACK_JWT_SECRET',
    '=',
    '\\',
  ],
];

const onText =
  (change: (text: string) => string): Mutation =>
  (file) =>
    Buffer.from(change(file.toString('latin1')), 'latin1');
const onLines = (change: (lines: string[]) => string[]): Mutation =>
  onText((text) => change(text.split('\n')).join('\n'));
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/** The `nth` line that gives something a value, counted around. */
const onSetting = (nth: number, change: (key: string, value: string) => string[]): Mutation =>
  onLines((lines) => {
    const settings = lines.flatMap((line, index) => (/^[^#[=]+=/.test(line) ? [index] : []));
    const at = settings[nth % settings.length];
    if (at === undefined) return lines;
    const [, key = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(lines[at]!) ?? [];
    return lines.toSpliced(at, 1, ...change(key, value));
  });

const place = fc.nat({ max: 2000 });
const byte = fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(...Buffer.from('="\'[]{}#.,\n\r\0 _-\\')));

const bytes: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, byte).map(([at, one]) => edited(at, 1, [one])),
  fc.tuple(place, byte).map(([at, one]) => edited(at, 0, [one])),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(([at, count]) => edited(at, count, [])),
  place.map(
    (at): Mutation =>
      (file) =>
        file.subarray(0, at % (file.length + 1)),
  ),
);

function edited(at: number, removed: number, added: readonly number[]): Mutation {
  return (file) => {
    const here = at % (file.length + 1);
    return Buffer.concat([file.subarray(0, here), Buffer.from(added), file.subarray(here + removed)]);
  };
}

const settings: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(place, fc.constantFrom(...VALUES))
    .map(([nth, value]) => onSetting(nth, (key) => [`${key} = ${utf8(value)}`])),
  fc
    .tuple(place, fc.string({ unit: 'binary' }))
    .map(([nth, value]) => onSetting(nth, (key) => [`${key} = ${utf8(JSON.stringify(value))}`])),
  fc
    .tuple(place, fc.constantFrom(...KEYS))
    .map(([nth, key]) => onSetting(nth, (_, value) => [`${utf8(key)} = ${value}`])),
  fc
    .tuple(place, fc.constantFrom(...KEYS))
    .map(([nth, key]) => onSetting(nth, (old, value) => [`${old} = ${value}`, `${utf8(key)} = ${value}`])),
  place.map((nth) => onSetting(nth, (key, value) => [`${key} = ${value}`, `${key} = ${value}`])),
  // A name that is none, with a secret behind it, is two mistakes: then it is the name that is told.
  place.map((nth) =>
    onSetting(nth, (key, value) => [KEYS.includes(key) ? `${key}=${value}` : `${key}${value}`]),
  ),
  place.map((nth) => onSetting(nth, (key, value) => [`${value} = ${key}`])),
  place.map((nth) => onSetting(nth, (key, value) => [value, key])),
);

const lines: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(place, fc.constantFrom(...LINES))
    .map(([at, line]) => onLines((all) => all.toSpliced(at % all.length, 0, line))),
  place.map((at) => onLines((all) => all.toSpliced(at % all.length, 1))),
  fc.tuple(place, place).map(([from, to]) =>
    onLines((all) => {
      const at = from % all.length;
      return all.toSpliced(at, 1).toSpliced(to % all.length, 0, all[at]!);
    }),
  ),
);

const whole: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constant<Mutation>((file) => Buffer.concat([Buffer.from('\ufeff'), file])),
  fc.constant<Mutation>((file) => Buffer.from(file.toString(), 'utf16le')),
  fc.constant(onText((text) => text.replaceAll('\n', '\r\n'))),
  fc.constant(onText((text) => text.replaceAll('\n', '\r'))),
  fc.constant<Mutation>(() => Buffer.alloc(0)),
  fc.uint8Array({ maxLength: 400 }).map(
    (some): Mutation =>
      () =>
        Buffer.from(some),
  ),
  fc.string({ unit: 'grapheme', maxLength: 200 }).map(
    (some): Mutation =>
      () =>
        Buffer.from(some),
  ),
);

const one = fc.oneof(
  { weight: 4, arbitrary: bytes },
  { weight: 6, arbitrary: settings },
  { weight: 2, arbitrary: lines },
  { weight: 1, arbitrary: whole },
);

/** One change, or several that follow each other. */
export const mutation: fc.Arbitrary<Mutation> = fc.array(one, { minLength: 1, maxLength: 4 }).map(
  (changes): Mutation =>
    (file) =>
      changes.reduce((changed, change) => change(changed), file),
);
