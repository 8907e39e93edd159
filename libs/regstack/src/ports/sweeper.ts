/** Dead rows are kept this long: clocks of several processes differ, and what one holds for over must not be gone for another. */
export const SWEEP_AFTER_SECONDS = 3600;
/** Sent messages are kept this long, without recipient and body, so that nothing is queued a second time under their id. */
export const SENT_KEPT_SECONDS = 86_400;
/** Dead letters are kept this long after their last attempt, with recipient and body, so that an admin can have them sent again. */
export const DEAD_LETTERS_KEPT_SECONDS = 7 * 86_400;

/** Removes what nobody will ever see again. Several processes may sweep at once. */
export abstract class Sweeper {
  /**
   * Removes at most `limit` rows: sessions, trusted devices, attempts, challenges and windows of budgets that ended {@link SWEEP_AFTER_SECONDS}
   * ago, messages that were sent {@link SENT_KEPT_SECONDS} ago, dead letters of {@link DEAD_LETTERS_KEPT_SECONDS} ago and those whose
   * challenge is used, replaced or expired, audit records of before `auditedSince`; and finishes deletions of users that a crash left half
   * done, each of which counts as one. Answers how many it removed; fewer than `limit` when nothing is left, or the rest is in the hands of
   * another sweeper. What the database removes by itself is not counted.
   */
  abstract purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number>;
}
