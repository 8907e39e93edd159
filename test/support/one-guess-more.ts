import type { Store } from '@regstack/nestjs/testing';
import { replace } from './replace';

/** A defect: of a challenge one guess more counts than there are, and is not seen by whoever looks at it. */
export function oneGuessMore({ challenges }: Pick<Store, 'challenges'>): void {
  replace(challenges, 'countGuess', (count) => (id, limit, now) => count(id, limit + 1, now));
  replace(challenges, 'findLive', (find) => async (...query) => {
    const found = await find(...query);
    return found && { ...found, guesses: found.guesses - 1 };
  });
}
