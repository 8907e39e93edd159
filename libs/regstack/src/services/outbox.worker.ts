import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { addSeconds, Clock } from '../kernel/clock';
import { within } from '../kernel/within';
import { Mailer, type MailContent, MailRejectedError } from '../ports/mailer';
import { type LeasedMessage, OutboxRepository } from '../ports/outbox.repository';
import { MessageCipher } from './message.cipher';

/** Messages in flight at a time. */
const SLOTS = 8;
/** A worker that dies holds its messages back no longer than this; one that lives renews its lease while it delivers. */
const LEASE_SECONDS = 5;
const RENEW_MS = 1500;
/** How often the outbox is looked at without being asked: for retries, and for what another process left. */
const POLL_MS = 1000;
/** A sender that has not answered by then has failed. */
const DELIVERY_MS = 60_000;
/** How long closing waits for deliveries under way; the lease covers the rest. */
const CLOSE_MS = 3000;
const BACK_OFF_MAX_SECONDS = 60;
/** After this a message is a dead letter. */
const GIVE_UP_SECONDS = 86_400;

/** Sends what waits in the outbox: leases, delivers, reports; backs off and tries again. One per process; several processes share the work. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RegStack');
  private readonly inFlight = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly mailer: Mailer,
    private readonly cipher: MessageCipher,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.wake();
  }

  /** Begins no delivery any more, and waits a while for those under way. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await within(CLOSE_MS, Promise.all(this.inFlight), { ref: true });
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
    if (this.wanted && this.inFlight.size < SLOTS) return this.wake();
    this.timer = setTimeout(() => this.wake(), POLL_MS * (0.75 + Math.random() / 2)).unref();
  }

  /** Fills the free slots. A slow delivery keeps its own slot and nobody else's. */
  private async look(): Promise<void> {
    try {
      while (this.wanted && !this.stopped && this.inFlight.size < SLOTS) {
        this.wanted = false;
        const messages = await this.outbox.lease(SLOTS - this.inFlight.size, LEASE_SECONDS, this.clock.now());
        void this.sendAll(messages);
        if (messages.length > 0) this.wanted = true;
      }
    } catch (error) {
      this.logger.warn(`outbox: cannot be read now (${reasonOf(error)})`);
    }
  }

  private async sendAll(messages: readonly LeasedMessage[]): Promise<void> {
    const [first] = messages;
    if (!first) return;
    const renewal = setInterval(() => void this.renew(first.leaseId), RENEW_MS).unref();
    await Promise.all(messages.map((message) => this.occupySlot(message)));
    clearInterval(renewal);
  }

  private async occupySlot(message: LeasedMessage): Promise<void> {
    const sending = this.send(message);
    this.inFlight.add(sending);
    await sending;
    this.inFlight.delete(sending);
    if (this.wanted) this.wake();
  }

  private async renew(leaseId: string): Promise<void> {
    try {
      await this.outbox.renew(leaseId, LEASE_SECONDS, this.clock.now());
    } catch (error) {
      this.logger.warn(`outbox: a lease cannot be renewed now (${reasonOf(error)})`);
    }
  }

  /** Delivers one message and reports; whatever goes wrong here, the lease ends and the message is due again. */
  private async send(message: LeasedMessage): Promise<void> {
    const { id, leaseId } = message;
    try {
      const failure = await this.deliver(message);
      if (failure === null) await this.outbox.settle(id, leaseId, this.clock.now());
      else await this.outbox.fail(id, leaseId, reasonOf(failure), this.retryAt(message, failure));
    } catch (error) {
      this.logger.warn(`outbox: ${message.kind} ${id} cannot be reported now (${reasonOf(error)})`);
    }
  }

  private async deliver({ id, recipient, sealedBody }: LeasedMessage): Promise<Error | null> {
    try {
      const content = JSON.parse(this.cipher.open(sealedBody, id)) as MailContent;
      const delivery = this.mailer.deliver({ id, to: recipient, ...content });
      const isDone = await within(DELIVERY_MS, delivery, { ref: false });
      return isDone ? null : new Error('the sender does not answer');
    } catch (error) {
      return error instanceof Error ? error : new Error('unknown');
    }
  }

  /** When to try again, or null for a dead letter. Exponential with jitter, so that a returning server is not stormed. */
  private retryAt({ id, kind, attempts, createdAt }: LeasedMessage, error: Error): Date | null {
    const now = this.clock.now();
    const givenUp = error instanceof MailRejectedError || addSeconds(createdAt, GIVE_UP_SECONDS) <= now;
    const next = givenUp ? 'given up' : 'will be tried again';
    this.logger.warn(
      `outbox: ${kind} ${id} was not sent at attempt ${attempts} (${reasonOf(error)}), ${next}`,
    );
    const seconds = Math.min(BACK_OFF_MAX_SECONDS, 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
    return givenUp ? null : addSeconds(now, seconds);
  }
}

/** Name and code of an error: its message may quote an address or a body. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return [error.name, code, responseCode]
    .filter((part) => ['string', 'number'].includes(typeof part))
    .join(' ');
}
