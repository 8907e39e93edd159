import { setImmediate as turn } from 'node:timers/promises';
import type { Store } from '@regstack/nestjs/testing';

type Outbox = Store['outbox'];

const PATIENCE_MS = 20_000;

/**
 * Knows whether the outbox worker is at work. A mail is sent after the answer; the next step, and its move of the clock, must find it
 * sent and reported, or the order of things would depend on the speed of a store.
 */
export class OutboxWatch {
  private busy = 0;

  constructor(outbox: Outbox) {
    const lease = outbox.lease.bind(outbox);
    const counted: Partial<Outbox> = {
      lease: (...args) =>
        this.during(async () => {
          const messages = await lease(...args);
          this.busy += messages.length;
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
    for (let calm = 0; calm < 2; calm = this.busy === 0 ? calm + 1 : 0) {
      if (Date.now() > deadline) throw new Error(`the outbox is still busy with ${this.busy}`);
      await turn();
    }
  }

  private ending<A extends unknown[]>(report: (...args: A) => Promise<boolean>) {
    return async (...args: A): Promise<boolean> => {
      try {
        return await report(...args);
      } finally {
        this.busy -= 1;
      }
    };
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
