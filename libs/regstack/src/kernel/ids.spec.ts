import { newId } from './ids';

describe('newId', () => {
  it('is a UUIDv7 (RFC 9562): version, variant, time in front', () => {
    const id = newId(new Date(0x017f22e279b0));
    expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('sorts by time, and by turn within a millisecond, and does not repeat', () => {
    const ids = Array.from({ length: 1000 }, (_, n) => newId(new Date(1_700_000_000_000 + n)));
    expect(ids.toSorted()).toEqual(ids);
    const now = new Date();
    const atOnce = Array.from({ length: 1000 }, () => newId(now));
    expect(new Set(atOnce).size).toBe(1000);
    expect(atOnce.toSorted()).toEqual(atOnce);
  });
});
