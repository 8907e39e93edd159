import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '@regstack/nestjs/testing';

type Outbox = Store['outbox'];

const PATIENCE_MS = 20_000;

/**
 * Knows whether the outbox worker is at work. A mail is sent after the answer; the next step, and its move of the clock, must find it
 * sent and reported, or the order of things would depend on the speed of a store.
 */
export class OutboxWatch {
  /** Looks and reports under way. */
  private busy = 0;
  /** Messages that are leased and not reported, by their ids: one whose lease is lost is leased twice and reported once. */
  private readonly inHand = new Set<string>();
  /** Channels whose last look failed: what waits is still there, and is looked for again. */
  private readonly unread = new Set<unknown>();

  constructor(outbox: Outbox) {
    const lease = outbox.lease.bind(outbox);
    const counted: Partial<Outbox> = {
      lease: (...args) =>
        this.during(async () => {
          this.unread.add(args[0]);
          const messages = await lease(...args);
          this.unread.delete(args[0]);
          for (const { id } of messages) this.inHand.add(id);
          return messages;
        }),
      settle: this.ending(outbox.settle.bind(outbox)),
      fail: this.ending(outbox.fail.bind(outbox)),
    };
    Object.assign(outbox, counted);
  }

  /** Waits until every message that an answered request has stored is sent and reported. */
  async quiet(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    // Two turns: the worker asks again one turn after it got something.
    for (let calm = 0; calm < 2; calm = this.isCalm ? calm + 1 : 0) {
      if (Date.now() > deadline) throw new Error(`the outbox is still busy with ${this.inHand.size}`);
      await turn();
    }
  }

  private get isCalm(): boolean {
    return this.busy + this.inHand.size + this.unread.size === 0;
  }

  private ending<A extends readonly unknown[]>(report: (id: string, ...rest: A) => Promise<boolean>) {
    return (id: string, ...rest: A): Promise<boolean> =>
      this.during(async () => {
        try {
          return await report(id, ...rest);
        } finally {
          this.inHand.delete(id);
        }
      });
  }

  private async during<T>(work: () => Promise<T>): Promise<T> {
    this.busy += 1;
    try {
      return await work();
    } finally {
      this.busy -= 1;
    }
  }
}
