import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { AccountError, unavailable } from '../kernel/errors';
import { type By, THE_APP } from '../kernel/origin';
import { MemoryStore } from '../persistence/memory/memory.store';
import { FakeClock } from '../testing/fake-clock';
import { BudgetKeys } from './budget-keys';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { type CodeGuess, MfaLimits } from './mfa-limits.service';
import type { SecurityLog } from './security-log';

const BY: By = { actor: null, origin: THE_APP };
const RIGHT = async () => 'proved';
const WRONG = async () => null;

describe('MfaLimits', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  let limits: MfaLimits;
  const told: unknown[][] = [];
  const log = {
    note: (kind: string, _: By, { target, result, reason }: Record<string, unknown>) =>
      void told.push([kind, target, result, reason]),
  } as unknown as SecurityLog;

  const limitsOf = (options: RegStackOptions = {}): MfaLimits => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    const keys = new BudgetKeys(new KeyRing(config, new InstanceName('default')));
    return new MfaLimits(store.budgets, keys, clock, log);
  };
  beforeEach(() => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
    limits = limitsOf();
    told.length = 0;
  });

  const of = (userId: string, purpose: CodeGuess['purpose'] = 'sign_in'): CodeGuess => ({
    userId,
    purpose,
    by: BY,
  });
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'right',
      (error: unknown) => (error instanceof AccountError ? error.code : (error as Error).message),
    );
  const guess = (compare: () => Promise<string | null>, userId = 'alice', purpose?: CodeGuess['purpose']) =>
    codeOf(limits.guess(of(userId, purpose), compare));
  const used = () => [...store.tables.budgets.values()][0]?.used ?? 0;
  const spend = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) expect(await guess(WRONG)).toBe('mfa.code_wrong');
  };

  it('answers what the code proves, and takes the guess back', async () => {
    expect(await limits.guess(of('alice'), RIGHT)).toBe('proved');
    expect(used()).toBe(0);
    expect(told).toEqual([]);
  });

  it('R43: ten wrong codes an hour, over every purpose; then nothing is compared, not even the right one', async () => {
    const purposes = ['sign_in', 'proof', 'phone_setup', 'totp_setup'] as const;
    for (let n = 0; n < 10; n++) expect(await guess(WRONG, 'alice', purposes[n % 4])).toBe('mfa.code_wrong');
    const compare = jest.fn(RIGHT);
    for (const purpose of purposes) expect(await guess(compare, 'alice', purpose)).toBe('mfa.locked');
    expect(compare).not.toHaveBeenCalled();
    expect(await guess(RIGHT, 'bob')).toBe('right');
  });

  it('the guess is counted before the code is compared', async () => {
    await limits.guess(of('alice'), async () => {
      expect(used()).toBe(1);
      return 'proved';
    });
  });

  it('a right code makes no room: those that were wrong stay counted', async () => {
    await spend(9);
    for (let n = 0; n < 20; n++) expect(await guess(RIGHT)).toBe('right');
    await spend(1);
    expect(await guess(RIGHT)).toBe('mfa.locked');
  });

  it('only time makes room, and the refusal tells how much of it, to the second', async () => {
    await spend(3);
    clock.advance(100.5);
    await spend(7);
    const refusal = () =>
      limits.guess(of('alice'), RIGHT).catch((error: AccountError) => error.retryAfterSeconds);
    expect(await refusal()).toBe(3500);
    clock.advance(3499.4);
    expect(await refusal()).toBe(1);
    clock.advance(0.1);
    expect(await refusal()).toBe('proved');
  });

  it('W08: of parallel guesses ten are looked at', async () => {
    const compare = jest.fn(WRONG);
    const answers = await Promise.all(Array.from({ length: 60 }, () => guess(compare)));
    expect(compare).toHaveBeenCalledTimes(10);
    expect(answers.filter((one) => one === 'mfa.locked')).toHaveLength(50);
    expect(used()).toBe(10);
  });

  it.each([
    ['an outage', unavailable(new Error('no database')), 'service.unavailable'],
    ['a fault', new TypeError('broken'), 'broken'],
    ['a sign-in that is over', new AccountError('mfa.challenge_expired'), 'mfa.challenge_expired'],
    ['a method that is not there', new AccountError('mfa.method_unavailable'), 'mfa.method_unavailable'],
  ])('%s eats no guess, and is told as it is', async (_, thrown, told_) => {
    const compare = async () => {
      throw thrown;
    };
    for (let n = 0; n < 12; n++) expect(await guess(compare)).toBe(told_);
    await new Promise((next) => setImmediate(next));
    expect(used()).toBe(0);
    expect(told).toEqual([]);
  });

  it('an outage is answered without waiting for the refund, which hangs with it', async () => {
    jest.spyOn(store.budgets, 'refund').mockReturnValue(new Promise(() => {}));
    const compare = async () => {
      throw unavailable(new Error('no database'));
    };
    expect(await guess(compare)).toBe('service.unavailable');
  });

  it('a store that cannot count lets nobody pass', async () => {
    jest.spyOn(store.budgets, 'reserve').mockRejectedValue(unavailable(new Error('no database')));
    const compare = jest.fn(RIGHT);
    expect(await guess(compare)).toBe('service.unavailable');
    expect(compare).not.toHaveBeenCalled();
  });

  it('rate_limit_disabled does not lift it', async () => {
    limits = limitsOf({ rateLimitDisabled: true });
    await spend(10);
    expect(await guess(RIGHT)).toBe('mfa.locked');
  });

  it('the log tells of wrong codes and of those that were not looked at, with what they were for', async () => {
    for (let n = 0; n < 11; n++) await guess(WRONG, 'alice', 'proof');
    expect(told.slice(9)).toEqual([
      ['mfa.refused', 'alice', 'refused', 'proof'],
      ['mfa.limited', 'alice', 'refused', 'proof'],
    ]);
  });

  it('the table tells no account', async () => {
    await spend(1);
    expect([...store.tables.budgets.keys()]).toEqual([expect.stringMatching(/^mfa:[\w-]{43}$/)]);
  });

  it('checkLeft refuses as a guess would, and counts nothing', async () => {
    await spend(9);
    expect(await codeOf(limits.checkLeft(of('alice')))).toBe('right');
    expect([used(), await limits.isSpent('alice')]).toEqual([9, false]);
    await spend(1);
    expect([used(), await limits.isSpent('alice')]).toEqual([10, true]);
    clock.advance(600);
    await expect(limits.checkLeft(of('alice'))).rejects.toMatchObject({
      code: 'mfa.locked',
      retryAfterSeconds: 3000,
    });
    expect(used()).toBe(10);
    clock.advance(3000);
    expect(await codeOf(limits.checkLeft(of('alice')))).toBe('right');
    expect(await limits.isSpent('alice')).toBe(false);
  });

  it('checkLeft at the moment when the window ends takes nothing away from the next one', async () => {
    await spend(10);
    const isSpent = store.budgets.isSpent.bind(store.budgets);
    jest.spyOn(store.budgets, 'isSpent').mockImplementationOnce(async (...args) => {
      const spent = await isSpent(...args);
      clock.advance(3600);
      return spent;
    });
    expect(await codeOf(limits.checkLeft(of('alice')))).toBe('right');
    expect(used()).toBe(0);
  });
});
