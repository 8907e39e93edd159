import { Logger } from '@nestjs/common';
import type { RegStackEvent } from '../kernel/regstack-event';
import { EventPublisher } from '../ports/event.publisher';

type Listener = (this: unknown, ...values: readonly unknown[]) => unknown;

/** The part of `EventEmitter2` that is used. */
export interface Emitter {
  /** Those of the event, by its name or a pattern. */
  listeners(name: string): readonly Listener[];
  /** Those of every event: they are told its name first. */
  listenersAny(): readonly Listener[];
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
    if (emitter) setImmediate(() => this.emit(emitter, event));
  }

  /** One by one: `emitAsync` would leave out whoever comes after a listener that throws. */
  private emit(emitter: Emitter, event: RegStackEvent): void {
    const { name } = event;
    // As the emitter itself says it to them.
    const as = Object.create(emitter, { event: { value: name, writable: true } }) as Emitter;
    for (const listener of emitter.listenersAny()) void this.tell(name, () => listener.call(as, name, event));
    for (const listener of emitter.listeners(name)) void this.tell(name, () => listener.call(as, event));
  }

  private async tell(name: string, listen: () => unknown): Promise<void> {
    try {
      await listen();
    } catch (error) {
      this.logger.error(`a listener of ${name} failed`, error instanceof Error ? error.stack : undefined);
    }
  }
}
