import * as fc from 'fast-check';
import { duration, moment } from './formats';

const UNITS = { second: 1, minute: 60, hour: 3600 } as const;

describe('formats', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [119, '119 seconds'],
    [120, '2 minutes'],
    [121, '3 minutes'],
    [900, '15 minutes'],
    [7199, '120 minutes'],
    [7200, '2 hours'],
    [7201, '3 hours'],
    [86_400, '24 hours'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('a time to wait is never said shorter than it is, nor by a whole unit too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const [, number, unit] = /^([\d,]+) (second|minute|hour)s?$/.exec(duration(seconds))!;
        const said = Number(number!.replaceAll(',', '')) * UNITS[unit as keyof typeof UNITS];
        expect(said).toBeGreaterThanOrEqual(seconds);
        expect(said - seconds).toBeLessThan(UNITS[unit as keyof typeof UNITS]);
      }),
    );
  });

  it('an instant is written in UTC, and says so; a script finds it by its time', () => {
    expect(moment(new Date('2026-03-01T23:59:30.500Z'))).toMatch(
      /^<time datetime="2026-03-01T23:59:30.500Z">Mar 1, 2026, 11:59\sPM UTC<\/time>$/,
    );
  });
});
