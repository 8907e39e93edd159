import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, Optional } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { OutboxRepository } from '../ports/outbox.repository';
import { CommandMode } from './command-mode';
import { MessageDelivery } from './message-delivery';
import { OutboxLane } from './outbox.lane';

/** Sends what waits in the outbox, mails and text messages each in a lane of their own. One per process; several processes share the work. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly lanes: readonly OutboxLane[];

  constructor(
    outbox: OutboxRepository,
    delivery: MessageDelivery,
    clock: Clock,
    @Optional() private readonly command?: CommandMode,
  ) {
    this.lanes = (['mail', 'sms'] as const).map(
      (channel) => new OutboxLane(channel, outbox, clock, (message) => delivery.deliver(message)),
    );
  }

  onApplicationBootstrap(): void {
    this.wake();
  }

  /** Leases no message any more, and gives those that are leased a while to go out. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.lanes.map((lane) => lane.stop()));
  }

  /** Looks at the outbox now; if a look is under way, once more after it. What a command stores waits for the app. */
  wake(): void {
    if (this.command) return;
    for (const lane of this.lanes) lane.wake();
  }
}
