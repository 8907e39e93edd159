import { Logger } from '@nestjs/common';
import { loadRegStackConfig } from '../config/load-config';
import { addSeconds } from '../kernel/clock';
import type { SessionRecord, SessionRepository } from '../ports/session.repository';
import { SessionActivity } from './session-activity';

const NOW = new Date('2026-01-01T00:00:00Z');

describe('SessionActivity', () => {
  let touch: jest.Mock<Promise<void>, [string, Date, Date]>;
  beforeEach(() => {
    touch = jest.fn<Promise<void>, [string, Date, Date]>(async () => {});
  });

  const activity = (sessionIdleSeconds: number): SessionActivity => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), sessionIdleSeconds }, { env: {} });
    return new SessionActivity(config, { touch } as unknown as SessionRepository);
  };
  const seenBefore = (seconds: number) =>
    ({ id: 'session', lastSeenAt: addSeconds(NOW, -seconds) }) as SessionRecord;

  it.each([
    // As much more than the limit as two notes may be apart.
    ['an hour', 3600, 3660],
    ['ten minutes', 600, 660],
    ['ten seconds', 10, 11],
    ['a second', 1, 1.1],
  ])('a session that is idle for %s ends, a step later at most and never too early', (_, idle, ends) => {
    const own = activity(idle);
    expect(own.isAlive(seenBefore(0), NOW)).toBe(true);
    expect(own.isAlive(seenBefore(idle), NOW)).toBe(true);
    expect(own.isAlive(seenBefore(ends - 0.001), NOW)).toBe(true);
    expect(own.isAlive(seenBefore(ends), NOW)).toBe(false);
    expect(own.isAlive(seenBefore(ends + 1_000_000), NOW)).toBe(false);
  });

  it('0: no session ends for being idle', () => {
    expect(activity(0).isAlive(seenBefore(1_000_000_000), NOW)).toBe(true);
  });

  it.each([
    ['never', 0, 60],
    ['after an hour', 3600, 60],
    ['after a minute', 60, 6],
    ['after a second', 1, 0.1],
  ])('where sessions end %s, requests are noted once in a while', (_, idle, step) => {
    const own = activity(idle);
    own.note(seenBefore(step - 0.001), NOW);
    expect(touch).not.toHaveBeenCalled();
    own.note(seenBefore(step), NOW);
    // The store compares again: of many processes one note is kept.
    expect(touch.mock.calls).toEqual([['session', addSeconds(NOW, -step), NOW]]);
  });

  it('a clock that went back notes nothing', () => {
    activity(0).note(seenBefore(-3600), NOW);
    expect(touch).not.toHaveBeenCalled();
  });

  it('a note that fails is told to the log, and harms nobody', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    touch.mockRejectedValue(new TypeError('no database at postgres://user:password@host'));
    activity(0).note(seenBefore(3600), NOW);
    await new Promise(setImmediate);
    expect(warn.mock.calls).toEqual([["a session's last use is not noted (TypeError)"]]);
    warn.mockRestore();
  });
});
