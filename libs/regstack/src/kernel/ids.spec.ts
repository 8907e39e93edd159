import { looksLikeId, newId } from './ids';

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

  it('a clock that goes back makes ids that sort by it, and none twice', () => {
    const [later, earlier] = [new Date(1_700_000_000_001), new Date(1_700_000_000_000)];
    const turns = Array.from({ length: 1000 }, (_, n) => newId(n % 2 === 0 ? later : earlier));
    expect(new Set(turns).size).toBe(1000);
    expect(newId(earlier) < newId(later)).toBe(true);
  });

  it('two thousand in a millisecond keep their order, wherever their count began', () => {
    for (let round = 0; round < 50; round++) {
      const now = new Date(1_700_000_000_000 + round);
      const ids = Array.from({ length: 2048 }, () => newId(now));
      expect(ids.toSorted()).toEqual(ids);
    }
  });
});

describe('looksLikeId', () => {
  it('is true for ours, and for nothing that is not one', () => {
    const id = newId(new Date());
    expect(looksLikeId(id)).toBe(true);
    for (const other of [
      '',
      id.toUpperCase(),
      `${id}\n`,
      ` ${id}`,
      id.slice(1),
      `${id}0`,
      id.replaceAll('-', ''),
    ])
      expect(looksLikeId(other)).toBe(false);
  });
});
