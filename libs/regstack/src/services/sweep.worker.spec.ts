import { Logger } from '@nestjs/common';
import { loadRegStackConfig } from '../config/load-config';
import { FakeClock } from '../testing/fake-clock';
import { unavailable } from '../kernel/errors';
import { Sweeper } from '../ports/sweeper';
import { CommandMode } from './command-mode';
import { SweepWorker } from './sweep.worker';

const NOW = new Date();
const CONFIG = loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes' }, { env: {} });

class CountingSweeper extends Sweeper {
  readonly calls: number[] = [];
  auditedSince: Date | undefined;
  left = 0;
  fails = false;

  override async purgeExpired(limit: number, _now: Date, auditedSince: Date): Promise<number> {
    this.auditedSince = auditedSince;
    if (this.fails) throw unavailable(new Error('gone'));
    const purged = Math.min(limit, this.left);
    this.left -= purged;
    this.calls.push(purged);
    return purged;
  }
}

describe('the sweep worker', () => {
  const sweeper = new CountingSweeper();
  let worker: SweepWorker;
  beforeEach(() => {
    jest.useFakeTimers();
    Object.assign(sweeper, { left: 0, fails: false, auditedSince: undefined });
    sweeper.calls.length = 0;
    worker = new SweepWorker(sweeper, new FakeClock(NOW), CONFIG);
  });
  afterEach(() => jest.useRealTimers());

  it('sweeps in bounded steps until nothing is left', async () => {
    sweeper.left = 450;
    await worker.sweep();
    expect(sweeper.calls).toEqual([200, 200, 50]);
  });

  it('gives everybody else a turn between two steps', async () => {
    jest.useRealTimers();
    sweeper.left = 1000;
    let turns = 0;
    const count = (): void => {
      turns += 1;
      ticking = setImmediate(count);
    };
    let ticking = setImmediate(count);
    await worker.sweep();
    clearImmediate(ticking);
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('keeps audit records for audit_retention_days', async () => {
    await worker.sweep();
    expect(NOW.getTime() - sweeper.auditedSince!.getTime()).toBe(365 * 86_400_000);
  });

  it('leaves the rest of a great heap to the next sweep', async () => {
    sweeper.left = 1_000_000;
    await worker.sweep();
    expect(sweeper.calls).toHaveLength(50);
  });

  it('sweeps once in half a minute to one and a half, again and again', async () => {
    worker.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(29_999);
    expect(sweeper.calls).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(60_001);
    expect(sweeper.calls.length).toBeGreaterThanOrEqual(1);
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    expect(sweeper.calls.length).toBeGreaterThanOrEqual(7);
    await worker.onModuleDestroy();
  });

  it('goes on after an outage, and says so', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    sweeper.fails = true;
    worker.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(90_000);
    expect(warn).toHaveBeenCalledWith('dead rows cannot be removed now (AccountError)');
    sweeper.fails = false;
    await jest.advanceTimersByTimeAsync(90_000);
    expect(sweeper.calls.length).toBeGreaterThanOrEqual(1);
    await worker.onModuleDestroy();
    warn.mockRestore();
  });

  it('sweeps nothing in a command', async () => {
    worker = new SweepWorker(sweeper, new FakeClock(NOW), CONFIG, new CommandMode());
    worker.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    expect(sweeper.calls).toHaveLength(0);
    await worker.onModuleDestroy();
  });

  it('ends with the app', async () => {
    worker.onApplicationBootstrap();
    await worker.onModuleDestroy();
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    expect(sweeper.calls).toHaveLength(0);
  });
});
