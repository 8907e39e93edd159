import { Logger } from '@nestjs/common';
import type { RegStackEvent } from '../kernel/regstack-event';
import { EventPublisher } from '../ports/event.publisher';

/** The part of `EventEmitter2` that is used. */
export interface Emitter {
  emitAsync(name: string, payload: unknown): Promise<unknown[]>;
}

/** Publishes through the host's `EventEmitter2`, so that `@OnEvent('user.registered')` and wildcard listeners of the host fire. */
export class EmitterPublisher extends EventPublisher {
  private readonly logger = new Logger('RegStack');

  constructor(private readonly emitter: Emitter | null) {
    super();
    if (!emitter) {
      this.logger.log(
        'No events: to listen to them, install @nestjs/event-emitter and import EventEmitterModule.forRoot()',
      );
    }
  }

  /** After the current turn, so that not even a synchronous listener is part of the request. */
  override publish(event: RegStackEvent): void {
    const { emitter } = this;
    if (emitter) setImmediate(() => void this.emit(emitter, event));
  }

  private async emit(emitter: Emitter, event: RegStackEvent): Promise<void> {
    try {
      await emitter.emitAsync(event.name, event);
    } catch (error) {
      this.logger.error(
        `a listener of ${event.name} failed`,
        error instanceof Error ? error.stack : undefined,
      );
    }
  }
}
