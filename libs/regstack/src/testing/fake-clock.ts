import { addSeconds, Clock } from '../kernel/clock';

/** A clock that stands still until it is moved: `{ provide: Clock, useValue: new FakeClock() }`. */
export class FakeClock extends Clock {
  constructor(private instant = new Date('2026-01-01T00:00:00Z')) {
    super();
  }

  override now(): Date {
    return this.instant;
  }

  /** Moves the time by a number of seconds. */
  advance(seconds: number): void {
    this.instant = addSeconds(this.instant, seconds);
  }
}
