import { Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { reasonOf } from '../kernel/error-codes';
import { within } from '../kernel/within';
import { type Channel, type LeasedMessage, OutboxRepository } from '../ports/outbox.repository';

/** Messages of a channel in flight at a time. */
const SLOTS = 8;
/**
 * A delivery begins when the one before it has ended, or has taken this long. What a server has taken and we have not noted yet comes twice
 * after a crash: of a server that is quick that is one mail at most, of a slow one hardly more, since their ends are as far apart as their beginnings.
 */
const STAGGER_MS = 25;
/**
 * A worker that dies holds its messages back no longer than this; one that lives renews its lease while it delivers, and may stand still
 * for as long without losing it.
 */
const LEASE_SECONDS = 10;
const RENEW_MS = 2000;
/** How often the outbox is looked at without being asked: for retries, and for what another process left. */
const POLL_MS = 1000;
/** How long stopping waits for deliveries under way; the lease covers the rest. */
const STOP_MS = 3000;

/** A message in flight. Its lease is another one when the first was lost and this worker got it again. */
export interface HeldMessage extends LeasedMessage {
  leaseId: string;
  attempts: number;
}

interface Held {
  readonly message: HeldMessage;
  readonly delivery: Promise<void>;
}

/** Looks for what is due on one channel and keeps its slots filled. What happens on another channel is none of its business. */
export class OutboxLane {
  private readonly logger = new Logger('RegStack');
  /** What is in flight, by its id. */
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private renewal: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  /** When the next delivery may begin. */
  private turn: Promise<unknown> = Promise.resolve();
  private wanted = false;
  /** Leases nothing any more. */
  private stopped = false;
  /** Begins nothing any more. */
  private closed = false;

  /** @param deliver sends one message and reports under the lease that it has then */
  constructor(
    private readonly channel: Channel,
    private readonly outbox: OutboxRepository,
    private readonly clock: Clock,
    private readonly deliver: (message: HeldMessage) => Promise<void>,
  ) {}

  /** Leases no message any more, and gives those that are leased a while to go out. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await within(STOP_MS, Promise.all(Array.from(this.held.values(), ({ delivery }) => delivery)), {
      ref: true,
    });
    this.closed = true;
    clearInterval(this.renewal);
  }

  /** Looks at the outbox now; if a look is under way, once more after it. */
  wake(): void {
    this.wanted = true;
    if (this.looking || this.stopped) return;
    clearTimeout(this.timer);
    this.looking = this.look().finally(() => {
      this.looking = undefined;
      this.sleep();
    });
  }

  private sleep(): void {
    if (this.stopped) return;
    if (this.wanted && this.held.size < SLOTS) return this.wake();
    this.timer = setTimeout(() => this.wake(), POLL_MS * (0.75 + Math.random() / 2)).unref();
  }

  /** Fills the free slots. A slow delivery keeps its own slot and nobody else's. */
  private async look(): Promise<void> {
    try {
      while (this.wanted && !this.stopped && this.held.size < SLOTS) {
        this.wanted = false;
        const free = SLOTS - this.held.size;
        const messages = await this.outbox.lease(this.channel, free, LEASE_SECONDS, this.clock.now());
        for (const message of messages) this.take(message);
        if (messages.length > 0) this.wanted = true;
      }
    } catch (error) {
      this.logger.warn(`outbox: cannot be read now (${reasonOf(error)})`);
    }
  }

  /** What is in flight already, and only its lease was lost, goes on under the new one: begun once more, it would come twice. */
  private take({ ...message }: LeasedMessage): void {
    this.renewal ??= setInterval(() => void this.renewAll(), RENEW_MS).unref();
    const held = this.held.get(message.id);
    if (held) Object.assign(held.message, message);
    else void this.occupySlot(message);
  }

  private async occupySlot(message: HeldMessage): Promise<void> {
    const delivery = this.deliverInTurn(message);
    this.held.set(message.id, { message, delivery });
    await delivery;
    this.held.delete(message.id);
    if (this.wanted) this.wake();
  }

  /** Never rejects: it would take all later turns along. */
  private deliverInTurn(message: HeldMessage): Promise<void> {
    const delivery = this.turn.then(() => this.deliverUnlessClosed(message)).catch(() => {});
    this.turn = this.turn.then(() => within(STAGGER_MS, delivery, { ref: false }));
    return delivery;
  }

  /** Whose turn comes after the end stays leased, and is due again soon. */
  private async deliverUnlessClosed(message: HeldMessage): Promise<void> {
    if (!this.closed) await this.deliver(message);
  }

  private async renewAll(): Promise<void> {
    const leases = new Set(Array.from(this.held.values(), ({ message }) => message.leaseId));
    try {
      for (const lease of leases) await this.outbox.renew(lease, LEASE_SECONDS, this.clock.now());
    } catch (error) {
      this.logger.warn(`outbox: a lease cannot be renewed now (${reasonOf(error)})`);
    }
  }
}
