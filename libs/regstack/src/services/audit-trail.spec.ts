import { Logger } from '@nestjs/common';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type AuditRecord, AuditRepository } from '../ports/audit.repository';
import { addSeconds } from '../kernel/clock';
import { aRecord, T0 } from '../testing/contracts/samples';
import { AuditTrail } from './audit-trail';
import { StoreLifecycle } from './store-lifecycle';
import { loadRegStackConfig } from '../config/load-config';
import { AuditNames } from './audit-names';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';

const NAMES = new AuditNames(
  new KeyRing(
    loadRegStackConfig({ jwtSecret: 'a secret of at least thirty-two bytes' }, { env: {} }),
    new InstanceName('default'),
  ),
);

/** Stores nothing while it is down, and answers nobody while it hangs. */
class MoodyAudit extends AuditRepository {
  readonly batches: (readonly AuditRecord[])[] = [];
  calls = 0;
  isDown = false;
  hanging: Promise<void> | undefined;

  override async append(records: readonly AuditRecord[]): Promise<void> {
    this.calls += 1;
    await this.hanging;
    if (this.isDown) throw new TypeError('no database at postgres://user:password@host');
    this.batches.push(records);
  }

  override async list(): Promise<readonly AuditRecord[]> {
    return this.batches.flat();
  }

  get reasons(): (string | null)[] {
    return this.batches.flat().map(({ reason }) => reason);
  }
}

describe('the audit trail', () => {
  let audit: MoodyAudit;
  let trail: AuditTrail;
  let warn: jest.SpyInstance;
  let told = 0;

  beforeEach(() => {
    jest.useFakeTimers();
    [audit, told] = [new MoodyAudit(), 0];
    trail = new AuditTrail(audit, NAMES);
    trail.onApplicationBootstrap();
    warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.useRealTimers();
    warn.mockRestore();
  });

  /** Numbered, so that their order is seen. */
  const keep = (times: number, actor: string | null = 'somebody'): void => {
    for (let n = 0; n < times; n++) trail.keep(aRecord({ actor, reason: String((told += 1)) }));
  };
  const numbers = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
  const lines = (): unknown[] => warn.mock.calls.map(([line]: unknown[]) => line);
  const wait = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);

  it('stores what comes within a quarter of a second together, and nothing before', async () => {
    keep(1);
    await wait(200);
    keep(2);
    await wait(49);
    expect(audit.calls).toBe(0);
    await wait(1);
    expect(audit.batches.map((batch) => batch.length)).toEqual([3]);
    expect(audit.reasons).toEqual(numbers(1, 3));
    await wait(10_000);
    expect(audit.calls).toBe(1);
  });

  it('what is told while the app starts is stored once it has', async () => {
    const early = new AuditTrail(audit, NAMES);
    early.keep(aRecord());
    await wait(1000);
    expect(audit.calls).toBe(0);
    early.onApplicationBootstrap();
    await wait(250);
    expect(audit.batches).toHaveLength(1);
  });

  it('loses nothing while the database is down, keeps the order, and says so once', async () => {
    audit.isDown = true;
    keep(2);
    await wait(1000);
    keep(2);
    await wait(1000);
    expect([audit.calls, audit.batches]).toEqual([8, []]);
    audit.isDown = false;
    keep(1);
    await wait(250);
    expect(audit.reasons).toEqual(numbers(1, 5));
    expect(lines()).toEqual(['audit records wait for the database (TypeError)']);
    audit.isDown = true;
    keep(1);
    await wait(250);
    expect(lines()).toHaveLength(2);
  });

  it('what comes while others are being stored is stored after them, once', async () => {
    let answer = (): void => {};
    audit.hanging = new Promise((resolve) => (answer = resolve));
    keep(2);
    await wait(250);
    keep(1);
    const flushed = trail.flush();
    expect(audit.calls).toBe(1);
    answer();
    await flushed;
    await wait(1000);
    expect(audit.batches.map((batch) => batch.length)).toEqual([2, 1]);
    expect(audit.reasons).toEqual(numbers(1, 3));
  });

  it('holds ten thousand at most, the first ones, also while a database hangs again and again', async () => {
    audit.isDown = true;
    for (let round = 0; round < 4; round++) {
      let answer = (): void => {};
      audit.hanging = new Promise((resolve) => (answer = resolve));
      await wait(250);
      keep(6000);
      answer();
      await wait(1);
    }
    expect(trail['waiting']).toHaveLength(10_000);
    Object.assign(audit, { isDown: false, hanging: undefined });
    await wait(250);
    expect(audit.reasons).toEqual(numbers(1, 10_000));
    expect(lines().slice(1)).toEqual(['14000 security events are in this log only: too many at once']);
  });

  describe('under a flood', () => {
    const record = (kind: string, actor: string | null, seconds = 0) =>
      trail.keep(aRecord({ kind, actor, requestId: 'of a request', at: addSeconds(T0, seconds) }));
    const flood = (times: number, kind: string, actor: string | null, seconds = 0): void => {
      for (let n = 0; n < times; n++) record(kind, actor, seconds);
    };
    const stored = async (): Promise<number> => {
      await wait(250);
      return audit.batches.flat().length;
    };

    it('strangers cause a thousand records a minute of each kind, and one line about the rest', async () => {
      flood(1500, 'login.limited', null);
      flood(5, 'user.login_failed', null);
      expect(await stored()).toBe(1005);
      expect(lines()).toEqual(['500 security events are in this log only: too many at once']);
      record('login.limited', null, 59);
      expect(await stored()).toBe(1005);
      flood(1000, 'login.limited', null, 60);
      expect(await stored()).toBe(2005);
    });

    it('one who is signed in causes three hundred, and is in nobody else’s way', async () => {
      flood(400, 'access.refused', 'mallory');
      flood(5, 'access.refused', 'alice');
      expect(await stored()).toBe(305);
    });

    it('what the app does by itself is kept, however much it is', async () => {
      keep(1500, null);
      expect(await stored()).toBe(1500);
    });
  });

  it('R40: the database gets no id, and the id is behind the name', async () => {
    trail.keep(aRecord({ actor: 'alice', target: 'bob' }));
    trail.keep(aRecord({ actor: null, target: 17 as never }));
    await wait(250);
    const stored = audit.batches.flat().map(({ actor, target }) => [actor, target]);
    expect(JSON.stringify(stored)).not.toMatch(/alice|bob/);
    expect(stored[0]!.map((name) => NAMES.idBehind(name!))).toEqual(['alice', 'bob']);
    expect(stored[1]).toEqual([null, null]);
  });

  it('flush stores at once, and never rejects', async () => {
    keep(1);
    await trail.flush();
    expect(audit.reasons).toEqual(['1']);
    audit.isDown = true;
    keep(1);
    await expect(trail.flush()).resolves.toBeUndefined();
    audit.isDown = false;
    await trail.flush();
    expect(audit.reasons).toEqual(['1', '2']);
  });

  it('at shutdown what waits is stored, and what requests under way still tell is before the store is closed', async () => {
    keep(2);
    await trail.onModuleDestroy();
    expect(audit.reasons).toEqual(['1', '2']);
    keep(1);
    await wait(1000);
    expect(audit.calls).toBe(1);
    const store = new MemoryStore();
    let stored: unknown;
    jest.spyOn(store, 'close').mockImplementation(async () => void (stored = audit.reasons));
    await new StoreLifecycle(store, trail).onApplicationShutdown();
    expect(stored).toEqual(['1', '2', '3']);
  });

  it('a database that is down does not keep the app from ending', async () => {
    audit.isDown = true;
    keep(1);
    await trail.onModuleDestroy();
    await new StoreLifecycle(new MemoryStore(), trail).onApplicationShutdown();
    await wait(10_000);
    expect(audit.calls).toBe(2);
  });
});
