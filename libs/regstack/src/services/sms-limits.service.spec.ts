import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { addSeconds } from '../kernel/clock';
import { canonicalPhoneNumber } from '../kernel/phone-number';
import { MemoryStore } from '../persistence/memory/memory.store';
import { FakeClock } from '../testing/fake-clock';
import { BudgetKeys } from './budget-keys';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import { SmsLimits } from './sms-limits.service';

const NUMBERS = ['+4915112345678', '+4915112345679', '+4915112345680'].map(canonicalPhoneNumber);
const [ONE, OTHER] = NUMBERS as [(typeof NUMBERS)[0], (typeof NUMBERS)[0]];

describe('SmsLimits', () => {
  let [store, clock] = [new MemoryStore(), new FakeClock()];
  beforeEach(() => {
    [store, clock] = [new MemoryStore(), new FakeClock()];
  });

  const limitsOf = (options: RegStackOptions = {}): SmsLimits => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    return new SmsLimits(
      store.budgets,
      config,
      new BudgetKeys(new KeyRing(config, new InstanceName('default'))),
      clock,
    );
  };
  const few = { smsMaxPerHour: 2, smsMaxPerDay: 3, smsMaxPerCountryPerDay: 4 };
  const rows = () => [...store.tables.budgets.keys()];

  it('W17: a number gets so many an hour, whoever asks, and is told the true time until then', async () => {
    const limits = limitsOf(few);
    expect(await limits.reserve(ONE, 'alice', true)).toBeNull();
    clock.advance(60);
    expect(await limits.reserve(ONE, 'bob', true)).toBeNull();
    expect(await limits.reserve(ONE, 'carol', true)).toEqual(addSeconds(clock.now(), 3540));
    expect(await limits.reserve(OTHER, 'carol', true)).toBeNull();
  });

  it('W17: an account causes so many an hour, whatever the number', async () => {
    const limits = limitsOf(few);
    expect(await limits.reserve(ONE, 'alice', true)).toBeNull();
    expect(await limits.reserve(OTHER, 'alice', true)).toBeNull();
    expect(await limits.reserve(NUMBERS[2]!, 'alice', true)).toEqual(addSeconds(clock.now(), 3600));
    expect(await limits.reserve(NUMBERS[2]!, 'bob', true)).toBeNull();
  });

  it('and so many a day; what was refused is not counted', async () => {
    const limits = limitsOf(few);
    const start = clock.now();
    for (const expected of [null, null, addSeconds(start, 3600), addSeconds(start, 3600)])
      expect(await limits.reserve(ONE, 'alice', true)).toEqual(expected);
    clock.advance(3600);
    expect(await limits.reserve(ONE, 'alice', true)).toBeNull();
    clock.advance(3600);
    expect(await limits.reserve(ONE, 'alice', true)).toEqual(addSeconds(start, 86_400));
    clock.advance(86_400 - 7200);
    expect(await limits.reserve(ONE, 'alice', true)).toBeNull();
  });

  it('W17: numbers of a country that nobody has proved get so many a day, all together', async () => {
    const limits = limitsOf({ smsMaxPerCountryPerDay: 2 });
    expect(await limits.reserve(ONE, 'alice', false)).toBeNull();
    expect(await limits.reserve(OTHER, 'bob', false)).toBeNull();
    expect(await limits.reserve(NUMBERS[2]!, 'carol', false)).toEqual(addSeconds(clock.now(), 86_400));
    expect(await limits.reserve(NUMBERS[2]!, 'carol', true)).toBeNull();
    expect(await limits.reserve(canonicalPhoneNumber('+12025550143'), 'dave', false)).toBeNull();
  });

  it.each([
    ['the USA and Jamaica', '+12025550143', '+18765551234'],
    ['Russia and Kazakhstan', '+79161234567', '+77012345678'],
  ])('countries that share a code share what it gets: %s', async (_, one, other) => {
    const limits = limitsOf({ smsMaxPerCountryPerDay: 1 });
    expect(await limits.reserve(canonicalPhoneNumber(one), 'alice', false)).toBeNull();
    expect(await limits.reserve(canonicalPhoneNumber(other), 'bob', false)).not.toBeNull();
  });

  it('W08: of parallel messages as many are let through as there is room for', async () => {
    const limits = limitsOf(few);
    const until = await Promise.all(Array.from({ length: 30 }, () => limits.reserve(ONE, 'alice', false)));
    expect(until.filter((one) => one === null)).toHaveLength(2);
  });

  it('the table tells no number, no account and no country', async () => {
    await limitsOf().reserve(ONE, 'alice', false);
    expect(rows()).toHaveLength(5);
    for (const key of rows()) expect(key).toMatch(/^sms-(number|account|country)-(hour|day):[\w-]{43}$/);
  });

  it('rate_limit_disabled lifts them, and counts nothing', async () => {
    const limits = limitsOf({ smsMaxPerHour: 1, rateLimitDisabled: true });
    for (let n = 0; n < 3; n++) expect(await limits.reserve(ONE, 'alice', false)).toBeNull();
    expect(rows()).toEqual([]);
  });
});
