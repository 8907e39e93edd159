import { AccountError } from '../kernel/errors';
import type { BudgetRepository } from '../ports/budget.repository';

/** A limit within a window, and what it counts. */
export interface Bucket {
  /** Of `BudgetKeys`. */
  readonly key: string;
  readonly limit: number;
  readonly seconds: number;
}

/** What became of something that was counted in several buckets. */
export type Count =
  /** There was room in each; `refund` takes it back from all of them. */
  | { readonly granted: true; refund(): Promise<void> }
  /** One of them is full until `until`; none has counted it. */
  | { readonly granted: false; readonly until: Date };

/**
 * Counts one in each bucket, in their order. Where one is full it is taken back from those before: what does not happen is none, or what
 * is asked for at the end of a day would be missing in the next one.
 */
export async function countInEach(
  budgets: BudgetRepository,
  buckets: readonly Bucket[],
  now: Date,
): Promise<Count> {
  const taken: { readonly key: string; readonly openedAt: Date }[] = [];
  const refund = async (): Promise<void> => {
    await Promise.all(taken.map(({ key, openedAt }) => budgets.refund(key, openedAt)));
  };
  for (const { key, limit, seconds } of buckets) {
    const reservation = await budgets.reserve(key, limit, seconds, now).catch((error: unknown) => {
      // An outage counts nothing (P4). The answer does not wait: the store that failed would be waited for twice.
      void refund().catch(() => {});
      throw error;
    });
    if (reservation.granted) {
      taken.push({ key, openedAt: reservation.openedAt });
      continue;
    }
    await refund();
    return { granted: false, until: reservation.until };
  }
  return { granted: true, refund };
}

/**
 * Takes back what was counted when the work that it guards could not be done (an outage), or was refused although the password was right. In an
 * outage the answer does not wait for it: the store that failed would be waited for twice.
 */
export async function refundIfThrown<T>(
  counted: { refund(): Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const refunded = counted.refund().catch(() => {});
    if (error instanceof AccountError && error.code !== 'service.unavailable') await refunded;
    throw error;
  }
}
