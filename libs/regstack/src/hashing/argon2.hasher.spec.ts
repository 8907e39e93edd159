import { availableParallelism } from 'node:os';
import { AccountError } from '../kernel/errors';
import { Argon2Hasher } from './argon2.hasher';

const CHEAP = { memoryKib: 8192, timeCost: 1, parallelism: 1 };

describe('Argon2Hasher', () => {
  const hashers: Argon2Hasher[] = [];
  const hasher = (cost = CHEAP): Argon2Hasher => {
    const made = new Argon2Hasher(cost);
    hashers.push(made);
    return made;
  };
  afterAll(() => Promise.all(hashers.map((one) => one.onApplicationShutdown())));

  it('R09: makes Argon2id PHC strings of its cost with a salt of their own', async () => {
    const [one, two] = await Promise.all([hasher().hash('same'), hasher().hash('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
  });

  it('verifies its own, refuses others, nobody’s and damaged ones', async () => {
    const it = hasher();
    const hash = await it.hash('right');
    expect(await it.verify('right', hash)).toBe(true);
    expect(await it.verify('wrong', hash)).toBe(false);
    expect(await it.verify('right', null)).toBe(false);
    expect(await it.verify('right', 'not a hash')).toBe(false);
    expect(await it.verify('', hash)).toBe(false);
  });

  it('has the lanes that the settings say', async () => {
    const it = hasher({ ...CHEAP, parallelism: 2 });
    const hash = await it.hash('x');
    expect(hash).toContain('m=8192,t=1,p=2');
    expect([await it.verify('x', hash), it.needsRehash(hash), hasher().needsRehash(hash)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('knows which hashes are of another cost', async () => {
    const [old, current] = [hasher(), hasher({ ...CHEAP, timeCost: 2 })];
    const hash = await old.hash('x');
    expect([old.needsRehash(hash), current.needsRehash(hash), current.needsRehash('damaged')]).toEqual([
      false,
      true,
      true,
    ]);
    expect(await current.verify('x', hash)).toBe(true);
  });

  it('R10: never runs on the event loop, and a full queue answers "unavailable" at once', async () => {
    const busy = hasher();
    await busy.onModuleInit();
    let turns = 0;
    const ticking = setInterval(() => (turns += 1), 1).unref();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 * availableParallelism() }, () => busy.hash('x')),
    );
    clearInterval(ticking);
    const refused = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as AccountError] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(outcomes.length - refused.length).toBeGreaterThan(0);
    for (const { code, retryAfterSeconds } of refused)
      expect([code, retryAfterSeconds]).toEqual(['service.unavailable', 1]);
    expect(turns).toBeGreaterThan(2);
  });
});
