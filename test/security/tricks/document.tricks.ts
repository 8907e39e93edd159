import { each, type Means, type Trick } from '../draft';

const bytes = (...parts: readonly (string | Buffer | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

type Change = (body: Buffer, means: Means) => Buffer;

/** Cut somewhere, with something put in its place. */
const insert =
  (part: string | number[]): Change =>
  (body, { dice }) => {
    const at = dice.below(body.length + 1);
    return bytes(body.subarray(0, at), part, body.subarray(at));
  };

const JSON_CHANGES: Readonly<Record<string, Change>> = {
  truncated: (body, { dice }) => body.subarray(0, dice.below(body.length)),
  'without its last byte': (body) => body.subarray(0, -1),
  'trailing comma': (body) => bytes(body.subarray(0, -1), ',}'),
  'leading comma': (body) => bytes('{,', body.subarray(1)),
  'block comment': insert('/* comment */'),
  'line comment': (body) => bytes('// comment\n', body),
  'trailing text': (body, { canary }) => bytes(body, ` ${canary}`),
  'two documents': (body) => bytes(body, body),
  'JSON lines': (body) => bytes(body, '\n', body, '\n'),
  'in an array': (body) => bytes('[', body, ']'),
  'in a string': (body) => Buffer.from(JSON.stringify(body.toString())),
  'deep around it': (body) => bytes('['.repeat(5000), body, ']'.repeat(5000)),
  '10 000 arrays': () => bytes('['.repeat(10_000), ']'.repeat(10_000)),
  '10 000 open arrays': () => bytes('['.repeat(10_000)),
  '10 000 objects': () => bytes('{"a":'.repeat(10_000), '1', '}'.repeat(10_000)),
  '3000 open objects': () => bytes('{"a":'.repeat(3000)),
  'a million brackets': () => bytes('['.repeat(1_000_000)),
  null: () => bytes('null'),
  true: () => bytes('true'),
  number: () => bytes('1e400'),
  'minus zero': () => bytes('-0'),
  string: (_, { canary }) => bytes(`"${canary}"`),
  'canary alone': (_, { canary }) => bytes(canary),
  'open string of quotes': () => bytes('"', '\\"'.repeat(8000)),
  'single quotes': (body) => bytes(body.toString().replaceAll('"', "'")),
  'padded with blanks': (body) => bytes(' '.repeat(15_000), body),
};

const FORM_CHANGES: Readonly<Record<string, Change>> = {
  'a[b]=c': (body) => bytes(body, '&a[b]=c&a[]=d&a[b][c]=e'),
  '__proto__ in a path': (body) => bytes(body, '&__proto__[x]=1&constructor[prototype][x]=1'),
  'the prototype': (body) => bytes('__proto__=1&', body),
  'escaped __proto__': (body) => bytes('%5f_proto__=1&', body),
  'only separators': () => bytes('&&&=&&=;;&'),
  'no names': (_, { canary }) => bytes(`=${canary}&=${canary}`),
  'broken percent': (body) => bytes(body, '&%=%&%z=%zz&%f=%4'),
  'percent NUL': insert('%00'),
  'percent invalid UTF-8': insert('%C3%28'),
  'percent surrogate': insert('%ED%A0%80'),
  'overlong slash': insert('%C0%AF'),
  semicolons: (body) => bytes(body.toString().replaceAll('&', ';')),
  '10 000 fields': () => bytes('a=1&'.repeat(10_000)),
  '5000 fields': () => bytes(Array.from({ length: 2500 }, (_, n) => `${n}=1`).join('&')),
  'one name 4000 times': () => bytes('a=1&'.repeat(4000)),
  'deep path': () => bytes(`a${'[b]'.repeat(4000)}=1`),
  'JSON in the form': (body) => bytes('{"a":"', body, '"}'),
};

const BYTE_CHANGES: Readonly<Record<string, Change>> = {
  empty: () => Buffer.alloc(0),
  blank: () => bytes(' \r\n\t '),
  BOM: (body) => bytes([0xef, 0xbb, 0xbf], body),
  'BOM twice': (body) => bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], body),
  'UTF-16': (body) => Buffer.from(`\ufeff${body.toString()}`, 'utf16le'),
  'UTF-32': (body) => Buffer.from([...body.subarray(0, 4000)].flatMap((byte) => [0, 0, 0, byte])),
  'invalid UTF-8': insert([0xc3, 0x28]),
  'a lone continuation byte': insert([0x80]),
  'a raw surrogate': insert([0xed, 0xa0, 0x80]),
  'overlong NUL': insert([0xc0, 0x80]),
  'above Unicode': insert([0xf4, 0x90, 0x80, 0x80]),
  'bytes FE FF': insert([0xfe, 0xff]),
  'raw NUL': insert([0]),
  'raw control characters': insert([1, 8, 27, 127]),
  'one byte changed': (body, { dice }) => {
    const copy = Buffer.from(body);
    if (copy.length > 0) copy[dice.below(copy.length)] = dice.below(256);
    return copy;
  },
  'some bytes changed': (body, { dice }) =>
    Buffer.from(body.subarray(0, 4000).map((byte) => (dice.chance(0.1) ? dice.below(256) : byte))),
  noise: (_, { dice }) => Buffer.from(Array.from({ length: dice.below(2000) }, () => dice.below(256))),
  '1 MB of NUL': () => Buffer.alloc(1_000_000),
  '1 MB of FF': () => Buffer.alloc(1_000_000, 0xff),
  'one over 16 KiB': (body) => bytes(body, ' '.repeat(Math.max(0, 16_385 - body.length))),
  'exactly 16 KiB': (body) => bytes(body, ' '.repeat(Math.max(0, 16_384 - body.length))),
};

/** Tricks on the serialised body. JSON goes to forms as well, and the other way round. */
export const DOCUMENT_TRICKS: readonly Trick[] = Object.entries({
  JSON: JSON_CHANGES,
  form: FORM_CHANGES,
  body: BYTE_CHANGES,
}).flatMap(([kind, changes]) =>
  each(kind, 'document', changes, (draft, change, means) => {
    draft.body = change(draft.body, means);
  }),
);
