import { brokenJson } from './json-value';

const MAX = 64;

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { in: value };
  return value;
};

class Named {
  value = 1;
}

describe('brokenJson', () => {
  it.each([
    null,
    true,
    0,
    -1.5,
    '',
    'Zoë 😀 \u2028',
    [],
    {},
    [1, 'two', [null]],
    { a: { b: [] } },
    { 'a.b': 1, a$: 2 },
    Object.assign(Object.create(null) as object, { a: 1 }),
    JSON.parse('{"__proto__":{"a":1}}') as unknown,
  ])('keeps %j', (value) => {
    expect(brokenJson(value, MAX)).toBe(false);
  });

  it.each([
    ['undefined', undefined],
    ['undefined within', [undefined]],
    ['NaN', Number.NaN],
    ['Infinity', { a: Number.POSITIVE_INFINITY }],
    ['a BigInt', 1n],
    ['a symbol', Symbol('a')],
    ['a function', () => {}],
    ['a Date', new Date()],
    ['a Map', new Map()],
    ['bytes', Buffer.from('a')],
    ['an object of a class', new Named()],
    ['NUL', 'a\0b'],
    ['NUL in a key', { 'a\0b': 1 }],
    ['half a character', '\ud83d'],
    ['half a character in a key', { '\udc00': 1 }],
    ['a key of MongoDB', { $set: 1 }],
    ['a key of MongoDB, deeper', [{ a: { $where: '1' } }]],
    ['a type of BSON', { _bsontype: 'ObjectId' }],
  ])('refuses %s', (_, value) => {
    expect(brokenJson(value, MAX)).toBe(true);
  });

  it('counts bytes of UTF-8 as JSON writes them', () => {
    expect(brokenJson('x'.repeat(MAX - 2), MAX)).toBe(false);
    expect(brokenJson('x'.repeat(MAX - 1), MAX)).toBe(true);
    expect(brokenJson('ä'.repeat((MAX - 2) / 2), MAX)).toBe(false);
    expect(brokenJson('ä'.repeat(MAX / 2), MAX)).toBe(true);
    expect(brokenJson('\n'.repeat((MAX - 2) / 2), MAX)).toBe(false);
    expect(brokenJson('\n'.repeat(MAX / 2), MAX)).toBe(true);
  });

  it('is bounded in depth, and ends on what contains itself', () => {
    expect(brokenJson(nested(17), 1024)).toBe(false);
    expect(brokenJson(nested(18), 1024)).toBe(true);
    const ring: unknown[] = [];
    ring.push(ring);
    expect(brokenJson(ring, 1024)).toBe(true);
  });
});
