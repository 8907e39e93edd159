/** Answer to {@link BudgetRepository.reserve}. */
export type Reservation =
  /** One slot was taken; `openedAt` names the window that it came from, `remaining` counts the slots that are left in it. */
  | { readonly granted: true; readonly openedAt: Date; readonly remaining: number }
  /** Nothing is left until `until`. */
  | { readonly granted: false; readonly until: Date };

/**
 * Counts what is limited. A window opens at the first count and lasts a fixed time, so the end of a refusal is known exactly.
 */
export abstract class BudgetRepository {
  /**
   * Takes one of `limit` slots for `windowSeconds` (P4). Counting and deciding are one write: of any number of parallel calls, in
   * any number of processes, exactly `limit` are granted.
   */
  abstract reserve(key: string, limit: number, windowSeconds: number, now: Date): Promise<Reservation>;

  /** True while `limit` slots of the key are taken. Takes none, and so decides about nothing that is limited. */
  abstract isSpent(key: string, limit: number, now: Date): Promise<boolean>;

  /** Gives one slot back, to the window that opened at `openedAt` only, never below zero. */
  abstract refund(key: string, openedAt: Date): Promise<void>;

  /**
   * Forgets all counts of the key: at once, or {@link BURST_SECONDS} from now when somebody was refused in this window. So a
   * success does not make room for guesses that were under way at the same moment.
   */
  abstract release(key: string, now: Date): Promise<void>;

  /** Forgets all counts of the key at once, whatever is under way: for proofs that no guess can give. */
  abstract forget(key: string): Promise<void>;
}

/** Calls that arrive within this time count as one burst, of which no more than the limit are granted. */
export const BURST_SECONDS = 1;
