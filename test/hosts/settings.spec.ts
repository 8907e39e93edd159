import { Logger } from '@nestjs/common';
import { RegStackConfig, RegStackModule, type RegStackOptions } from '@regstack/nestjs';
import { Host, replacements, SETTINGS } from '../support/host';
import { storesOfRun } from '../support/stores';
import { closeFlips, FLIPS } from './settings.flips';
import { seenWith, withSetting } from './settings.trial';

/** Every setting of the schema, sections by dots. */
const ALL = Object.entries(new RegStackConfig()).flatMap(([name, value]) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.keys(value as object).map((inner) => `${name}.${inner}`)
    : [name],
);
const WITHOUT_FEATURE = ALL.filter((path) => !(path in FLIPS));

/** A value of the right type that is not the default. */
function another(path: string): unknown {
  const [first, second] = path.split('.') as [keyof RegStackConfig, string?];
  const value = Reflect.get(new RegStackConfig(), first) as unknown;
  const usual = second === undefined ? value : (Reflect.get(value as object, second) as unknown);
  if (typeof usual === 'boolean') return !usual;
  if (typeof usual === 'number') return usual + 1;
  return Array.isArray(usual) ? ['other'] : 'other';
}

const expectation = (shown: unknown): unknown =>
  shown instanceof RegExp ? expect.stringMatching(shown) : shown;

describe('R60: no setting is without effect', () => {
  afterAll(closeFlips);

  const known = Object.entries(FLIPS).map(([path, flip]) => ({ path, ...flip }));
  const cases = known.filter(({ needs }) => needs === undefined || storesOfRun().includes(needs));

  it.each(cases)('$path: flipped, something else is seen', async ({ path, ...flip }) => {
    const values = typeof flip.values === 'function' ? await flip.values() : flip.values;
    const seen = [await seenWith(path, values[0], flip), await seenWith(path, values[1], flip)];
    expect(seen).toEqual(flip.shows.map(expectation));
    expect(seen[0]).not.toEqual(seen[1]);
  });

  it('the table names settings of the schema only', () => {
    expect(Object.keys(FLIPS).filter((path) => !ALL.includes(path))).toEqual([]);
    expect(ALL.length).toBeGreaterThan(80);
  });

  it.each(WITHOUT_FEATURE)('%s belongs to a feature that is not here, and says so', async (path) => {
    const told = await toldOf(withSetting(SETTINGS, path, another(path)));
    expect(told).toMatch(/cannot be changed yet: .* is not part of this version/);
  });
});

/** Why the app refuses to start with these settings, or what it warns of when it starts. */
async function toldOf(settings: RegStackOptions): Promise<string> {
  const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  try {
    const { providers } = replacements();
    const host = await Host.start({ imports: [RegStackModule.forRoot({ ...settings, providers })] });
    await host.stop();
    return `starts; ${warn.mock.calls.join()}`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    warn.mockRestore();
  }
}
