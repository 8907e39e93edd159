import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { MemoryStore } from '../persistence/memory/memory.store';
import { type Mail, Mailer } from '../ports/mailer';
import { aMessage } from '../testing/contracts/samples';
import { FakeClock } from '../testing/fake-clock';
import { MessageDelivery } from './message-delivery';
import { type HeldMessage, OutboxLane } from './outbox.lane';
import type { SecretCipher } from './secret.cipher';
import type { SecurityLog } from './security-log';
import type { SmsSender } from '../ports/sms.sender';

class HeldMailer extends Mailer {
  readonly begun: string[] = [];
  readonly ends: (() => void)[] = [];

  override deliver({ id }: Mail): Promise<void> {
    this.begun.push(id);
    return new Promise((done) => this.ends.push(done));
  }
}

describe('OutboxLane', () => {
  let store: MemoryStore;
  let clock: FakeClock;
  let mailer: HeldMailer;
  let lane: OutboxLane;

  const laneOf = (deliver: (message: HeldMessage) => Promise<void>) =>
    new OutboxLane('mail', store.outbox, clock, deliver);
  const until = async (holds: () => boolean): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!holds()) {
      if (Date.now() > deadline) throw new Error('did not come to hold');
      await delay(5);
    }
  };
  const enqueue = async (): Promise<string> => {
    const message = aMessage({ createdAt: clock.now() });
    await store.outbox.enqueue(message);
    return message.id;
  };
  const row = (id: string) => store.tables.outbox.get(id)!;

  beforeEach(() => {
    [store, clock, mailer] = [new MemoryStore(), new FakeClock(), new HeldMailer()];
    const cipher = { open: () => '{}' } as unknown as SecretCipher;
    const log = { record: () => {} } as unknown as SecurityLog;
    const delivery = new MessageDelivery(store.outbox, mailer, {} as SmsSender, cipher, clock, log);
    lane = laneOf((message) => delivery.deliver(message));
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  });
  afterEach(async () => {
    for (const end of mailer.ends) end();
    await lane.stop();
    jest.restoreAllMocks();
  });

  it('G08: a delivery begins when the one before it has ended, however many are leased', async () => {
    let under = 0;
    let most = 0;
    lane = laneOf(async () => {
      most = Math.max(most, ++under);
      await new Promise(setImmediate);
      under -= 1;
    });
    for (let n = 0; n < 8; n++) await enqueue();
    lane.wake();
    await until(() => most > 0 && under === 0);
    // A busy machine may take longer over one than its turn lasts.
    expect(most).toBeLessThanOrEqual(3);
  });

  it('or when that one has taken a while: a slow server holds up nobody', async () => {
    const ids = [await enqueue(), await enqueue(), await enqueue()];
    lane.wake();
    await until(() => mailer.begun.length === 3);
    expect(mailer.begun).toEqual(ids);
  });

  it('what went out and cannot be noted is noted later, and does not go out again', async () => {
    const settle = jest.spyOn(store.outbox, 'settle').mockRejectedValueOnce(new Error('away'));
    const id = await enqueue();
    lane.wake();
    await until(() => mailer.begun.length === 1);
    mailer.ends[0]!();
    await until(() => row(id).state === 'sent');
    expect([mailer.begun, settle.mock.calls.length]).toEqual([[id], 2]);
  });

  it('a message whose lease is lost while it is in flight goes on under the next lease, and out once', async () => {
    const id = await enqueue();
    lane.wake();
    await until(() => mailer.begun.length === 1);
    const { leaseId } = row(id);
    clock.advance(11);
    lane.wake();
    await until(() => row(id).leaseId !== leaseId);
    mailer.ends[0]!();
    await until(() => row(id).state === 'sent');
    expect([mailer.begun, row(id).attempts]).toEqual([[id], 2]);
  });

  it('a delivery that fails in a way nobody thought of takes no later one along', async () => {
    const seen: string[] = [];
    lane = laneOf(({ id }) => {
      seen.push(id);
      throw new Error('unforeseen');
    });
    const ids = [await enqueue(), await enqueue()];
    lane.wake();
    await until(() => seen.length === 2);
    expect(seen).toEqual(ids);
  });

  it('renews nothing any more once it is stopped', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'Date', 'setTimeout', 'clearTimeout'] });
    const renew = jest.spyOn(store.outbox, 'renew');
    await enqueue();
    lane.wake();
    await until(() => mailer.begun.length === 1);
    await jest.advanceTimersByTimeAsync(2000);
    expect(renew).toHaveBeenCalledTimes(1);
    await lane.stop();
    renew.mockClear();
    await jest.advanceTimersByTimeAsync(10_000);
    jest.useRealTimers();
    expect(renew).not.toHaveBeenCalled();
  });
});
