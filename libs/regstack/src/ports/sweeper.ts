/** Dead rows are kept this long: clocks of several processes differ, and what one holds for over must not be gone for another. */
export const SWEEP_AFTER_SECONDS = 3600;
/** Sent messages are kept this long, without recipient and body, so that nothing is queued a second time under their id. */
export const SENT_KEPT_SECONDS = 86_400;

/** Removes what nobody will ever see again. Several processes may sweep at once. */
export abstract class Sweeper {
  /**
   * Removes at most `limit` rows: sessions, attempts, challenges and windows of budgets that ended {@link SWEEP_AFTER_SECONDS}
   * ago, messages that were sent {@link SENT_KEPT_SECONDS} ago, audit records of before `auditedSince`; and finishes deletions of users
   * that a crash left half done, each of which counts as one. Dead letters stay. Answers how many it removed; fewer than `limit` when
   * nothing is left, or the rest is in the hands of another sweeper. What the database removes by itself is not counted.
   */
  abstract purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number>;
}
