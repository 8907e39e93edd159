import type { Store } from '@regstack/nestjs/testing';

type Sessions = Store['sessions'];

/**
 * Knows of the notes of when sessions were last used. Nobody waits for them, so a request that lists sessions may show its own or not;
 * here it always does, or the answer would depend on the speed of a store.
 */
export class TouchWatch {
  private readonly notes = new Set<Promise<void>>();

  constructor(sessions: Sessions) {
    const [touch, listFor] = [sessions.touch.bind(sessions), sessions.listFor.bind(sessions)];
    const watched: Partial<Sessions> = {
      touch: (...args) => this.noting(touch(...args)),
      listFor: async (...args) => {
        await this.quiet();
        return listFor(...args);
      },
    };
    Object.assign(sessions, watched);
  }

  /** Waits until every note is written, or has failed. */
  async quiet(): Promise<void> {
    await Promise.allSettled(this.notes);
  }

  private noting(note: Promise<void>): Promise<void> {
    this.notes.add(note);
    void Promise.allSettled([note]).then(() => this.notes.delete(note));
    return note;
  }
}
