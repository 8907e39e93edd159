import type { RegStackEvent } from '../kernel/regstack-event';

/** Tells the host what happened. */
export abstract class EventPublisher {
  /** Hands the event over and returns at once: the request never waits for a listener, and no listener can harm it. */
  abstract publish(event: RegStackEvent): void;
}
