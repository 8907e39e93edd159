import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { newId } from '../kernel/ids';
import { Cursors } from './cursors';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';

const SECRET = 'the first secret, thirty-two bytes';
const OTHER = 'the other secret, thirty-two bytes';

const cursors = (options: RegStackOptions = {}, name = 'default'): Cursors => {
  const config = loadRegStackConfig({ jwtSecret: SECRET, ...options }, { env: {} });
  return new Cursors(new KeyRing(config, new InstanceName(name)));
};

describe('Cursors', () => {
  const own = cursors();
  const ids = Array.from({ length: 3 }, () => ({ id: newId(new Date()) }));
  const { id } = ids.at(-1)!;
  const cursor = own.pageOf('users', [...ids, { id: newId(new Date()) }], 3).nextCursor!;
  const expectRefused = (of: Cursors, text: string): void =>
    expect(() => of.read('users', text)).toThrow(
      expect.objectContaining({
        code: 'request.invalid',
        fields: [{ field: 'cursor', message: 'must be the next_cursor of a page' }],
      }) as Error,
    );

  it('names the last row of a page that another follows', () => {
    expect(own.read('users', cursor)).toBe(id);
    expect(own.pageOf('users', ids, 3)).toEqual({ items: ids, nextCursor: null });
    expect(own.pageOf('users', [], 3)).toEqual({ items: [], nextCursor: null });
    expect(own.pageOf('users', ids, 2).items).toEqual(ids.slice(0, 2));
  });

  it('no cursor is the first page', () => {
    expect(own.read('users', undefined)).toBeNull();
  });

  it('fits into a URL as it is', () => {
    expect(cursor).toBe(encodeURIComponent(cursor));
    expect(cursor.length).toBeLessThan(200);
  });

  it('no character of it can be changed, left out or added', () => {
    const variants = new Set<string>();
    for (let at = 0; at <= cursor.length; at++) {
      const [before, here, after] = [cursor.slice(0, at), cursor.slice(at, at + 1), cursor.slice(at + 1)];
      variants.add(before + after);
      for (const other of ['0', 'a', 'B', '-', '.', '%', 'ä', '\0', here.toUpperCase(), here.toLowerCase()])
        variants.add(before + other + after).add(before + other + here + after);
    }
    variants.delete(cursor);
    expect(variants.size).toBeGreaterThan(1000);
    for (const one of variants) expectRefused(own, one);
  });

  it.each([
    '',
    '.',
    '..',
    '...',
    id,
    `${id}.`,
    `${id}..`,
    'null',
    "' OR 1=1 --",
    '{"$gt":""}',
    'x'.repeat(200),
  ])('refuses %j', (text) => expectRefused(own, text));

  it('the signature of one id is none for another', () => {
    const [, kid, mac] = cursor.split('.');
    expectRefused(own, `${ids[0]!.id}.${kid}.${mac}`);
  });

  it('R61: one of a former secret is read; one of a retired secret is not', () => {
    expect(cursors({ jwtSecret: OTHER, jwtPreviousSecrets: [SECRET] }).read('users', cursor)).toBe(id);
    expectRefused(cursors({ jwtSecret: OTHER }), cursor);
  });

  it('one of another instance is refused', () => {
    expectRefused(cursors({}, 'staff'), cursor);
  });

  it('one of another list is refused', () => {
    expect(() => own.read('audit', cursor)).toThrow(
      expect.objectContaining({ code: 'request.invalid' }) as Error,
    );
  });
});
